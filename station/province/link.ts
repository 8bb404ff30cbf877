// The link's worker as the main thread sees it: requests with answers, rings of the doorbell, and its death, after which the next
// request starts another. Nothing here waits on the station's behalf.
import { Worker } from 'node:worker_threads'
import { assertNever } from '../../shared/domain/assert-never.ts'
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { MediaRef, ProvinceItem, WitnessedHead } from '../../shared/domain/province.ts'
import { type DeliveryAnswer, type DoorbellState, LinkError } from './adapter.ts'
import type { FromLink, LinkRequest, LinkSettings, MediaOutcome, PullOutcome, ToLink } from './link-protocol.ts'

export interface LinkEvents {
  onNudge(): void
  onDoorbell(state: DoorbellState): void
  onProgress(sha256: string, haveBytes: number): void
  /** The worker died, or met something it did not expect: a person must look. */
  onTrouble(message: string): void
}

/** What the province service needs of its link; tests give their own. */
export interface Link {
  pull(
    request: Omit<Extract<LinkRequest, { kind: 'pull' }>, 'kind'>,
    onItems: (items: readonly ProvinceItem[]) => void,
  ): Promise<PullOutcome>
  media(ref: MediaRef): Promise<MediaOutcome>
  /** A recording that is being brought gives way: its `media` rejects, and what is here of it stays for the next time. */
  stopMedia(sha256: string): void
  /** Removes what lies on the way here, whole or in part, but for these; what is being brought stays. */
  sweepMedia(keep: readonly string[]): Promise<void>
  deliver(records: readonly LogRow[]): Promise<DeliveryAnswer>
  heads(): Promise<readonly WitnessedHead[]>
  close(): Promise<void>
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
  readonly onItems: (items: readonly ProvinceItem[]) => void
}

const closeWithinMs = 1000

export function createLink(settings: LinkSettings, events: LinkEvents): Link {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let nextId = 1
  let closed = false

  const die = (from: Worker, why: string) => {
    if (from !== worker) return
    worker = null
    const left = [...waiting.values()]
    waiting.clear()
    for (const one of left) one.reject(new LinkError('unreachable', why))
    if (closed) return
    events.onTrouble(why)
    events.onDoorbell({ state: 'lost', reason: why })
  }

  const receive = (message: FromLink) => {
    switch (message.kind) {
      case 'answer':
        waiting.get(message.id)?.resolve(message.value)
        waiting.delete(message.id)
        return
      case 'failure': {
        const { code, message: why } = message.failure
        if (code === 'bug') events.onTrouble(why)
        waiting.get(message.id)?.reject(new LinkError(code === 'bug' ? 'unreachable' : code, why))
        waiting.delete(message.id)
        return
      }
      case 'items':
        waiting.get(message.id)?.onItems(message.items)
        return
      case 'progress':
        events.onProgress(message.sha256, message.haveBytes)
        return
      case 'nudge':
        events.onNudge()
        return
      case 'doorbell':
        events.onDoorbell(message.doorbell)
        return
      default:
        assertNever(message)
    }
  }

  const start = (): Worker => {
    const started = new Worker(new URL('./link-worker.ts', import.meta.url), {
      workerData: settings,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 512 },
    })
    started.on('message', receive)
    started.on('error', (error) => die(started, error instanceof Error ? error.message : String(error)))
    started.on('exit', (code) => die(started, `the link's worker ended with code ${code}`))
    return started
  }

  const ask = <T>(request: LinkRequest, onItems: Waiting['onItems'] = () => undefined): Promise<T> => {
    if (closed) return Promise.reject(new LinkError('unreachable', 'the station is closing'))
    worker ??= start()
    const to = worker
    return new Promise<T>((resolve, reject) => {
      const id = nextId++
      waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, onItems })
      to.postMessage({ id, request } satisfies ToLink)
    })
  }

  return {
    pull: (request, onItems) => ask({ kind: 'pull', ...request }, onItems),
    media: (ref) => ask({ kind: 'media', ref }),
    stopMedia: (sha256) => worker?.postMessage({ id: nextId++, request: { kind: 'stopMedia', sha256 } } satisfies ToLink),
    sweepMedia: (keep) => ask({ kind: 'sweepMedia', keep }),
    deliver: (records) => ask({ kind: 'deliver', records }),
    heads: () => ask({ kind: 'heads' }),
    async close() {
      const open = worker
      if (open === null || closed) {
        closed = true
        return
      }
      const done = ask<unknown>({ kind: 'close' }).catch(() => undefined)
      closed = true
      let timer: NodeJS.Timeout | undefined
      await Promise.race([done, new Promise((resolve) => (timer = setTimeout(resolve, closeWithinMs)))])
      clearTimeout(timer)
      await open.terminate()
    },
  }
}

// Keeps one WebSocket to the station alive: subscribes, follows, and when the line breaks, a number is missing or the
// station stops answering, starts again by itself. Orders given meanwhile fail at once; they are never queued, because an
// order that arrives late is a different order.
import type { ScreenMessage } from '../../shared/domain/station.ts'
import type { StationStore } from '../state/station-store.ts'
import { clientOver, type StationClient } from './client.ts'
import type { MeterBus } from './meter-bus.ts'
import { sessionState } from './session.ts'

/** The station is asked this often whether it is there; without an answer within the same time the line counts as lost. */
export const heartbeatMs = 2_000
const retryMs = [250, 500, 1_000, 2_000] as const

export interface Connection {
  /** The client of the open line, null while there is none. */
  client(): StationClient | null
  /** Tries now (after signing in). */
  retry(): void
  close(): void
}

interface Parts {
  readonly url: string
  readonly store: StationStore
  readonly meters: MeterBus
  readonly onMessage: (message: ScreenMessage) => void
  readonly now: () => number
}

export function openConnection({ url, store, meters, onMessage, now }: Parts): Connection {
  let closed = false
  let attempt = 0
  let client: StationClient | null = null
  let socket: WebSocket | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let abort = new AbortController()

  const connect = () => {
    if (closed) return
    clearTimeout(timer)
    abort = new AbortController()
    const mine = abort
    const opened = new WebSocket(url)
    socket = opened
    const lost = () => {
      if (mine.signal.aborted) return
      mine.abort()
      opened.close()
      client = null
      void scheduleRetry()
    }
    opened.addEventListener('close', lost)
    opened.addEventListener('error', lost)
    opened.addEventListener('open', () => {
      client = clientOver(opened)
      void follow(client, mine.signal).then(lost, lost)
      void followMeters(client, mine.signal)
      void heartbeat(client, mine.signal).then(lost, lost)
    })
  }

  const scheduleRetry = async () => {
    if (closed) return
    const link = store.get().link
    store.setLink({ kind: 'lost', sinceMs: link.kind === 'lost' ? link.sinceMs : now(), attempt })
    meters.clear()
    const wait = retryMs[Math.min(attempt, retryMs.length - 1)] ?? 2_000
    attempt += 1
    if (attempt > 1 && (await sessionState()) === 'unknown') {
      store.setLink({ kind: 'denied' })
      return
    }
    if (!closed) timer = setTimeout(connect, wait)
  }

  /** Ends when the subscription ends or a number is missing. */
  const follow = async (from: StationClient, signal: AbortSignal) => {
    for await (const message of await from.station.subscribe(undefined, { signal })) {
      if (store.apply(message) === 'gap') return
      onMessage(message)
      if (store.get().link.kind !== 'live') {
        attempt = 0
        store.setLink({ kind: 'live', sinceMs: now() })
      }
    }
  }

  const followMeters = async (from: StationClient, signal: AbortSignal) => {
    try {
      for await (const frame of await from.station.meters(undefined, { signal })) meters.push(frame, now())
    } catch (error) {
      if (!signal.aborted) console.info('meters ended', error)
    }
    meters.clear()
  }

  /** Ends when the station leaves a question unanswered. */
  const heartbeat = async (from: StationClient, signal: AbortSignal) => {
    while (!signal.aborted) {
      const answered = from.station.info(undefined, { signal })
      const late = await Promise.race([answered.then(() => false), pause(heartbeatMs).then(() => true)])
      if (late) return
      await pause(heartbeatMs)
    }
  }

  connect()
  return {
    client: () => client,
    retry() {
      attempt = 0
      connect()
    },
    close() {
      closed = true
      clearTimeout(timer)
      abort.abort()
      socket?.close()
    },
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

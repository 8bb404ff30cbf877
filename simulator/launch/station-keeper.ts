// Keeps the training station running: what a service manager does for a real one. A crash is followed by a restart with a
// growing pause; an ordered end (exit code 0) is not. What plays meanwhile is the audio process's and the station's matter.
import { z } from 'zod'
import { type Child, type ChildEnd, type ChildOptions, startChild } from './child.ts'

export const ReadyLine = z.object({ event: z.literal('ready'), url: z.url(), token: z.string(), pid: z.number().int() })
export type ReadyLine = z.infer<typeof ReadyLine>

const readyWithinMs = 30_000
const firstPauseMs = 500
const longestPauseMs = 30_000
/** A station that lived this long had started well: the next crash is a new one. */
const provenMs = 60_000

/** Pause before the next start after `crashes` in a row. */
export function pauseMs(crashes: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, crashes - 1))
}

export interface KeeperEvents {
  onReady(ready: ReadyLine, first: boolean): void
  onCrash(why: string, nextInMs: number): void
}

export class StationKeeper {
  readonly #options: (port: number | null) => ChildOptions
  readonly #events: KeeperEvents
  #child: Child | null = null
  #port: number | null
  #ending = new AbortController()

  constructor(port: number | null, options: (port: number | null) => ChildOptions, events: KeeperEvents) {
    this.#port = port
    this.#options = options
    this.#events = events
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** Resolves when the station ended in order; rejects when it never once came up in `tries` starts. */
  async run(tries: number): Promise<void> {
    let crashes = 0
    let everReady = false
    while (!this.#ending.signal.aborted) {
      const startedAtMs = performance.now()
      const why = await this.#live((ready) => {
        this.#events.onReady(ready, !everReady)
        everReady = true
      })
      if (why === null || this.#ending.signal.aborted) return
      crashes = performance.now() - startedAtMs > provenMs ? 1 : crashes + 1
      if (!everReady && crashes >= tries) throw new Error(why)
      const next = pauseMs(crashes)
      this.#events.onCrash(why, next)
      await pause(next, this.#ending.signal)
    }
  }

  async end(graceMs: number): Promise<void> {
    this.#ending.abort()
    await this.#child?.end(graceMs)
  }

  /** One life. Answers why it ended, or null for an ordered end. */
  async #live(onReady: (ready: ReadyLine) => void): Promise<string | null> {
    const child = await startChild(this.#options(this.#port))
    this.#child = child
    try {
      const ready = ReadyLine.parse(await child.ready(readyWithinMs))
      this.#port = Number(new URL(ready.url).port)
      onReady(ready)
    } catch (cause) {
      await child.end(0)
      return cause instanceof Error ? cause.message : String(cause)
    }
    const end = await child.ended
    return end.code === 0 ? null : describe(end)
  }
}

function describe(end: ChildEnd): string {
  return end.signal === null ? `exit code ${end.code}` : `killed by ${end.signal}`
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}

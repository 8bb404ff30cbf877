// What the station tells, numbered and in order, laid into the store one message per frame: two changes that arrive together
// are drawn in two frames, so that no frame pays for both. When more waits, a quarter of it goes per frame; where no frames
// are drawn (window hidden, browser throttled) all goes at once after `latestMs`, so that nothing shown is older than that.
import type { ScreenMessage } from '../../shared/domain/station.ts'

/** A message waits for its frame at most this long. */
export const latestMs = 250

export interface Intake {
  /** Takes a message in; a snapshot, and what came before it, is laid down at once. `gap`: a number is missing, subscribe again. */
  take(message: ScreenMessage): 'taken' | 'gap'
  /** Lays down the next of what waits; true when there was something. Called once per frame. */
  step(): boolean
  /** Lays down all that waits, now. */
  flush(): void
}

export function createIntake(apply: (message: ScreenMessage) => void): Intake {
  let seq: number | null = null
  let waiting: ScreenMessage[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const lay = (count: number) => {
    const due = waiting.slice(0, count)
    waiting = waiting.slice(count)
    if (waiting.length === 0) {
      clearTimeout(timer)
      timer = undefined
    }
    for (const message of due) apply(message)
    return due.length > 0
  }
  const flush = () => void lay(waiting.length)
  return {
    take(message) {
      if (message.kind !== 'snapshot' && (seq === null || message.seq !== seq + 1)) return 'gap'
      seq = message.seq
      waiting.push(message)
      if (message.kind === 'snapshot') flush()
      else timer ??= setTimeout(flush, latestMs)
      return 'taken'
    },
    step: () => lay(Math.ceil(waiting.length / 4)),
    flush,
  }
}

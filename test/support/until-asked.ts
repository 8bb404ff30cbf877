// Waits for something another process has to be asked about. Between two questions it lets that process work: asking without
// a pause would measure the asking.
import { setTimeout as pause } from 'node:timers/promises'

const askEveryMs = 50

/** The first answer that is not null; rejects with `what` when there is none in time. */
export async function untilAsked<T>(what: string, ask: () => Promise<T | null>, deadlineMs: number): Promise<T> {
  const deadline = performance.now() + deadlineMs
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    if (performance.now() > deadline) throw new Error(`not in ${deadlineMs} ms: ${what}`)
    await pause(askEveryMs)
  }
}

// Ctrl+C is easily pressed in the wrong window. While an alert is read or a microphone is open the first one ends nothing, it says
// so; the second ends all. Every other signal is an order and asks nobody (docs/decisions/0011). Time is monotonic, in ms.

/** One press may come twice: from the terminal and passed on by npm. */
const onePressMs = 1_000
/** So long a second press is an answer to the question. */
const askedForMs = 15_000

export type LeaveAnswer = 'leave' | 'ask' | 'same'

export class LeaveGuard {
  #askedMs: number | null = null

  /** @param holdsAir an alert or a microphone has the air; not known counts as no */
  pressed(atMs: number, holdsAir: boolean): LeaveAnswer {
    if (!holdsAir) return 'leave'
    const sinceMs = this.#askedMs === null ? Infinity : atMs - this.#askedMs
    if (sinceMs < onePressMs) return 'same'
    if (sinceMs < askedForMs) return 'leave'
    this.#askedMs = atMs
    return 'ask'
  }
}

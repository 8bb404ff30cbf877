// Orders given while no audio process can take them: they go out in order once one can, or are rejected when that takes too long.
import type { Clock } from '../../shared/domain/clock.ts'
import type { CutInId, OutputId } from '../../shared/domain/ids.ts'
import { AudioLost } from './audio-connection.ts'
import type { AudioOrder } from './ports.ts'

interface Waiting {
  readonly order: AudioOrder
  readonly given: number
  readonly resolve: () => void
  readonly reject: (error: Error) => void
  readonly sinceMs: number
}

export class OrderQueue {
  readonly #clock: Clock
  readonly #longestMs: number
  #waiting: Waiting[] = []

  /** @param longestMs an order nobody could take for so long is rejected. */
  constructor(clock: Clock, longestMs: number) {
    this.#clock = clock
    this.#longestMs = longestMs
  }

  /**
   * Of what was given before a STOP nothing waits any longer that would sound on its outputs, or open them again; nor an alert or
   * a microphone that another order has taken the place of.
   * @param given its place among all orders: one that was sent, and lost with its process, comes back behind later ones
   */
  add(order: AudioOrder, given: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order, given, resolve, reject, sinceMs: this.#clock.monotonic() })
      this.#waiting.sort((a, b) => a.given - b.given)
      this.#dropOver(this.#waiting)
    })
  }

  /** This STOP is told to a successor at once: nothing waits any longer that it ends. */
  ended(order: AudioOrder, given: number): void {
    this.#dropOver([{ order, given }])
  }

  /** Outputs that something waits for. */
  outputIds(): OutputId[] {
    return this.#waiting.flatMap(({ order }) => ('outputIds' in order ? order.outputIds : []))
  }

  /** Outputs where this airing waits to begin. */
  firing(cutInId: CutInId): OutputId[] {
    return this.#waiting.flatMap(({ order }) => (order.kind === 'fireAlert' && order.cutInId === cutInId ? order.outputIds : []))
  }

  /** Whether an item waits to be put on air there. */
  joins(outputId: OutputId): boolean {
    return this.#waiting.some(({ order }) => order.kind === 'playNow' && order.outputId === outputId)
  }

  #dropOver(by: readonly Pick<Waiting, 'order' | 'given'>[]): void {
    const leftOf = ({ order, given }: Waiting) => {
      const later = by.filter((each) => each.given > given && endsBefore(each.order, order))
      return without(
        order,
        later.flatMap((each) => outputsOf(each.order)),
      )
    }
    this.#waiting = this.#waiting.flatMap((each) => {
      const order = leftOf(each)
      // Nothing is left to be done of it; whoever gave the later order knows what is true now.
      if (order === null) each.resolve()
      return order === null ? [] : [{ ...each, order }]
    })
  }

  flush(send: (order: AudioOrder, given: number) => Promise<void>): void {
    for (const { order, given, resolve, reject } of this.#waiting.splice(0)) send(order, given).then(resolve, reject)
  }

  rejectLate(): void {
    const oldestMs = this.#clock.monotonic() - this.#longestMs
    const late = this.#waiting.filter((each) => each.sinceMs < oldestMs)
    if (late.length === 0) return
    this.#waiting = this.#waiting.filter((each) => each.sinceMs >= oldestMs)
    for (const { reject } of late) reject(new AudioLost())
  }

  rejectAll(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new AudioLost())
  }
}

/** What is still to be done of orders that were set aside, now that this one was given. */
export function leftAfter(order: AudioOrder, before: readonly AudioOrder[]): AudioOrder[] {
  return before.flatMap((each) => (endsBefore(order, each) ? (without(each, outputsOf(order)) ?? []) : each))
}

/** What an order asks of the other outputs; null = nothing. */
function without(order: AudioOrder, outputIds: readonly OutputId[]): AudioOrder | null {
  const left = outputsOf(order).filter((outputId) => !outputIds.includes(outputId))
  if (left.length === outputsOf(order).length) return order
  return 'outputIds' in order && left.length > 0 ? { ...order, outputIds: left } : null
}

/** Whether what was ordered before is over with this; an alert closes the microphones. */
function endsBefore(order: AudioOrder, before: AudioOrder): boolean {
  const input = before.kind === 'openInput' || before.kind === 'closeInput' ? before.inputId : null
  if (order.kind === 'stop') return before.kind !== 'stop' && before.kind !== 'setQueue'
  if (order.kind === 'fireAlert') return before.kind === 'fireAlert' || input !== null
  // Only the last one is meant; an earlier one would begin its first item before what is given in between.
  if (order.kind === 'setQueue') return before.kind === 'setQueue'
  // An airing that was ended before anybody could begin it: a successor would sound its first moment, and hold the programme for it.
  if (order.kind === 'stopAlert') return before.kind === 'fireAlert' && before.cutInId === order.cutInId
  return (order.kind === 'openInput' || order.kind === 'closeInput') && input === order.inputId
}

function outputsOf(order: AudioOrder): readonly OutputId[] {
  if ('outputIds' in order) return order.outputIds
  return 'outputId' in order ? [order.outputId] : []
}

// The airings of this boot as their cards show them: ordered, confirmed, ended, output by output.
import type { CutInView } from '../../shared/domain/alert.ts'
import type { CutInId, OutputId } from '../../shared/domain/ids.ts'
import type { CarrierView } from '../../shared/domain/onair.ts'
import type { EpochMs, MonotonicMs } from '../../shared/domain/time.ts'
import type { CutIn } from './onair-machine.ts'

type OutputEntry = CutInView['outputs'][number]

/** Airings kept for their cards. */
const longestLedger = 50

export class CutInLedger {
  readonly #views = new Map<CutInId, CutInView>()
  readonly #orderedAt = new Map<CutInId, MonotonicMs>()

  begin(cutIn: CutIn, title: string, mode: CutInView['mode'], orderedMs: MonotonicMs): void {
    if (this.#views.has(cutIn.cutInId)) return
    this.#views.set(cutIn.cutInId, {
      cutInId: cutIn.cutInId,
      alertId: cutIn.alertId,
      title,
      mode,
      via: cutIn.via,
      orderedAtMs: cutIn.orderedAtMs,
      endedAtMs: null,
      outputs: [],
    })
    this.#orderedAt.set(cutIn.cutInId, orderedMs)
    const oldest = this.#views.keys().next()
    if (this.#views.size > longestLedger && !oldest.done) {
      this.#views.delete(oldest.value)
      this.#orderedAt.delete(oldest.value)
    }
  }

  addOutput(cutInId: CutInId, outputId: OutputId, temperature: 'hot' | 'cold', interruptedTitle: string | null): void {
    const view = this.#views.get(cutInId)
    if (!view || view.outputs.some((output) => output.outputId === outputId)) return
    const entry: OutputEntry = {
      outputId,
      phase: 'sent',
      temperature,
      startedAtMs: null,
      latencyMs: null,
      endReason: null,
      interruptedTitle,
      carriers: [],
    }
    this.#views.set(cutInId, { ...view, outputs: [...view.outputs, entry] })
  }

  /** First sample scheduled. Returns the order-to-sound latency known at this end, ms. */
  started(cutInId: CutInId, outputId: OutputId, atMs: EpochMs, nowMs: MonotonicMs): number | null {
    const ordered = this.#orderedAt.get(cutInId)
    const latencyMs = ordered === undefined ? null : nowMs - ordered
    this.#change(cutInId, outputId, (output) => ({
      ...output,
      phase: 'attention',
      startedAtMs: output.startedAtMs ?? atMs,
      latencyMs: output.latencyMs ?? latencyMs,
    }))
    return latencyMs
  }

  body(cutInId: CutInId, outputId: OutputId): void {
    this.#change(cutInId, outputId, (output) => ({ ...output, phase: 'body' }))
  }

  ended(cutInId: CutInId, outputId: OutputId, reason: string, atMs: EpochMs): void {
    this.#change(cutInId, outputId, (output) => ({ ...output, phase: reason === 'failed' ? 'failed' : 'ended', endReason: reason }))
    const view = this.#views.get(cutInId)
    if (view && view.endedAtMs === null && view.outputs.every((output) => output.endReason !== null))
      this.#views.set(cutInId, { ...view, endedAtMs: atMs })
  }

  carriers(cutInId: CutInId, outputId: OutputId, carriers: readonly CarrierView[]): void {
    this.#change(cutInId, outputId, (output) => ({
      ...output,
      carriers: carriers.map(({ deviceId, label, state }) => ({ deviceId, label, state })),
    }))
  }

  get(cutInId: CutInId): CutInView | null {
    return this.#views.get(cutInId) ?? null
  }

  /** Airings that have not ended on this output, as far as was told. */
  underWay(outputId: OutputId): CutInId[] {
    const isUnderWay = ({ outputs }: CutInView) => outputs.some((output) => output.outputId === outputId && output.endReason === null)
    return [...this.#views.values()].filter(isUnderWay).map(({ cutInId }) => cutInId)
  }

  /** The airing this output is in, or its last one while its result card is of interest. */
  forOutput(outputId: OutputId, nowMs: EpochMs): CutInView | null {
    const resultCardMs = 10 * 60_000
    const mine = [...this.#views.values()].filter((view) => view.outputs.some((output) => output.outputId === outputId))
    const last = mine.at(-1)
    return last && (last.endedAtMs === null || nowMs - last.endedAtMs < resultCardMs) ? last : null
  }

  #change(cutInId: CutInId, outputId: OutputId, change: (output: OutputEntry) => OutputEntry): void {
    const view = this.#views.get(cutInId)
    if (view)
      this.#views.set(cutInId, { ...view, outputs: view.outputs.map((output) => (output.outputId === outputId ? change(output) : output)) })
  }
}

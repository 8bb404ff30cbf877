// When an output's carriers are wanted: while programme, microphone or alert is on air, a little ahead of a start, and
// for a short tail after, so that a segue does not drop the carrier. Everything else is the plant's.
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import type { PlantService } from '../plant/index.ts'
import type { OutputRuntime } from './output-runtime.ts'

/** Silence after the last item before the carrier is let go, ms. */
const tailMs = 3000
/** While the operator decides how to go on after an alert the carrier stays up this long, ms. */
const awaitingTailMs = 60_000
/** A start that was announced and did not come lets the carrier go again, ms. */
const expectationMs = 15_000

export class PlantDemand {
  readonly #clock: Clock
  readonly #plant: PlantService
  readonly #allCall = new Map<OutputId, string>()
  readonly #tails = new Map<OutputId, Timer>()
  /** Outputs whose carriers are asked for now. */
  readonly #wanted = new Set<OutputId>()

  constructor(ports: { readonly clock: Clock; readonly plant: PlantService }) {
    this.#clock = ports.clock
    this.#plant = ports.plant
  }

  /** Brings the demand into line with the machine's state. */
  follow(runtime: OutputRuntime): void {
    const { outputId, state } = runtime
    switch (state.kind) {
      case 'stopped':
        return
      case 'silent':
      case 'awaitingResume':
        if (!this.#tails.has(outputId)) this.#letGoAfter(outputId, state.kind === 'silent' ? tailMs : awaitingTailMs)
        return
      case 'programme':
      case 'held':
        return this.#want(outputId, false, state.itemId)
      case 'liveInput':
        return this.#want(outputId, this.#allCall.has(outputId), state.inputIds[0] ?? 'input')
      case 'cutIn':
        return this.#want(outputId, true, state.cutIn.cutInId)
    }
  }

  take(runtime: OutputRuntime, causeId: string, allCall: boolean): void {
    if (allCall) this.#allCall.set(runtime.outputId, causeId)
    this.#want(runtime.outputId, allCall, causeId)
  }

  /** The carriers stay as they are; the all-call does not outlast what called. */
  giveBack({ outputId }: OutputRuntime): void {
    const called = this.#allCall.delete(outputId)
    if (called && this.#wanted.has(outputId)) this.#plant.demand(outputId, true, false, 'all-call over')
  }

  drop(runtime: OutputRuntime): void {
    this.#cancelTail(runtime.outputId)
    this.#allCall.delete(runtime.outputId)
    this.#wanted.delete(runtime.outputId)
    this.#plant.drop([runtime.outputId], 'STOP')
  }

  expect(runtime: OutputRuntime, causeId: string): void {
    if (runtime.state.kind !== 'silent') return
    this.#wanted.add(runtime.outputId)
    this.#plant.demand(runtime.outputId, true, false, causeId)
    this.#cancelTail(runtime.outputId)
    this.#letGoAfter(runtime.outputId, expectationMs)
  }

  close(): void {
    for (const timer of this.#tails.values()) timer.cancel()
  }

  #want(outputId: OutputId, allCall: boolean, causeId: string): void {
    this.#cancelTail(outputId)
    this.#wanted.add(outputId)
    this.#plant.demand(outputId, true, allCall, causeId)
  }

  #letGoAfter(outputId: OutputId, ms: number): void {
    const timer = this.#clock.after(ms, () => {
      this.#tails.delete(outputId)
      this.#wanted.delete(outputId)
      this.#plant.demand(outputId, false, false, 'idle')
    })
    this.#tails.set(outputId, timer)
  }

  #cancelTail(outputId: OutputId): void {
    this.#tails.get(outputId)?.cancel()
    this.#tails.delete(outputId)
  }
}

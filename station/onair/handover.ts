// What passes from one life of the station to the next: what an adopted audio process goes on with, a STOP that nobody lifted, and,
// at an ordered end, the closing rows of what it cut off (docs/decisions/0011).
import type { OutputAudioState } from '../../shared/audio-protocol.ts'
import type { AlertMode } from '../../shared/domain/alert.ts'
import type { ItemId, OutputId } from '../../shared/domain/ids.ts'
import type { EpochMs } from '../../shared/domain/time.ts'
import type { ActionRows } from './action-rows.ts'
import type { AudioRows } from './audio-rows.ts'
import type { CutInLedger } from './cut-in-ledger.ts'
import type { OnAirEffects } from './onair-effects.ts'
import type { CutIn } from './onair-machine.ts'
import { type OutputRuntime, stateFromAudio } from './output-runtime.ts'
import type { PlantDemand } from './plant-demand.ts'
import type { OnAirPorts } from './ports.ts'

/** An airing as it was persisted. */
export type KnownAiring = CutIn & { readonly title: string; readonly mode: AlertMode }

/** What rows and settings say of the life before. */
export interface LeftBehind {
  readonly cutIns: ReadonlyMap<string, KnownAiring>
  /** Since when each latched output has been silenced. */
  readonly stops: ReadonlyMap<OutputId, EpochMs>
  /** Outputs whose open microphone was opened as an emergency. */
  readonly emergencies: ReadonlySet<OutputId>
  /** Of this boot: since when a STOP counts whose row was never written. */
  readonly startedAtMs: EpochMs
}

interface HandoverParts {
  readonly ports: OnAirPorts
  readonly outputs: ReadonlyMap<OutputId, OutputRuntime>
  readonly ledger: CutInLedger
  readonly demand: PlantDemand
  readonly effects: OnAirEffects
  readonly actionRows: ActionRows
  readonly audioRows: AudioRows
}

export class Handover {
  readonly #parts: HandoverParts

  constructor(parts: HandoverParts) {
    this.#parts = parts
  }

  /** Takes over what an adopted audio process is doing. */
  adopt(outputs: readonly OutputAudioState[], { cutIns, stops, emergencies, startedAtMs }: LeftBehind): void {
    const { ports, ledger, demand, effects, audioRows } = this.#parts
    for (const audio of outputs) {
      const runtime = this.#parts.outputs.get(audio.outputId)
      if (!runtime) continue
      const persisted = audio.alert ? (cutIns.get(audio.alert.cutInId) ?? null) : null
      runtime.takeState(audio)
      runtime.health = 'running'
      const stoppedSinceMs = stops.get(audio.outputId) ?? startedAtMs
      runtime.state = stateFromAudio(audio, persisted, emergencies.has(audio.outputId), stoppedSinceMs)
      // One that waits opens a row of its own when it goes on, where its own is over: with the process that played it.
      if (audio.item?.state === 'playing') audioRows.toldStart(audio.outputId, audio.item.item.itemId, audio.item.startedAtMs)
      if (persisted) {
        ledger.begin(persisted, persisted.title, persisted.mode, ports.clock.monotonic())
        ledger.addOutput(persisted.cutInId, audio.outputId, persisted.temperature, audio.item?.item.title ?? null)
        if (audio.alert?.phase === 'body') ledger.body(persisted.cutInId, audio.outputId)
      }
      demand.follow(runtime)
      effects.adopted(runtime)
    }
  }

  /** No audio process is left: what was silenced by hand stays so, under the row it has, until a hand opens it. */
  stillStopped(outputId: OutputId, sinceMs: EpochMs): void {
    const { outputs, demand, effects } = this.#parts
    const runtime = outputs.get(outputId)
    if (!runtime) return
    runtime.state = { kind: 'stopped', sinceMs }
    demand.drop(runtime)
    effects.adopted(runtime)
    effects.send({ kind: 'stop', outputIds: [outputId] }, 'STOP')
  }

  /** What a grave alert had interrupted when everything died returns by a hand only, as it would have after the alert. */
  awaitsHand(outputId: OutputId, itemId: ItemId | null): void {
    const runtime = this.#parts.outputs.get(outputId)
    if (runtime && itemId !== null) runtime.state = { kind: 'awaitingResume', itemId }
  }

  /** An ordered end begins: what it cuts off gives the desk back now; after a STOP that is left to the hand that opens it. */
  leaveDesk(): void {
    const { ports, outputs } = this.#parts
    for (const { outputId, state } of outputs.values())
      if (state.kind === 'cutIn' || state.kind === 'liveInput') ports.plant.restoreDesk(outputId, 'stationStopped')
  }

  /** An ordered end, the audio process is gone: every row of what it cut off is closed. An alert's airing stays known (airings.ts). */
  leave(): void {
    const { outputs, actionRows, audioRows } = this.#parts
    for (const runtime of outputs.values()) {
      const { state } = runtime
      if (state.kind === 'cutIn') actionRows.left(runtime, 'cutIn', state.cutIn.cutInId, runtime.alertMs)
      if (state.kind === 'liveInput') for (const inputId of state.inputIds) actionRows.left(runtime, 'input', inputId, null)
    }
    audioRows.allEnded(outputs, 'stationStopped')
  }
}

// Runs what the on-air machine decided: audio orders first, in the same turn of the event loop; plant, rows and rundown follow
// and are waited for by nobody.
import type { OutputAudioState } from '../../shared/audio-protocol.ts'
import { assertNever } from '../../shared/domain/assert-never.ts'
import type { Timer } from '../../shared/domain/clock.ts'
import type { CutInId, OutputId } from '../../shared/domain/ids.ts'
import type { ActionRows } from './action-rows.ts'
import { AlertCoverage } from './alert-coverage.ts'
import { coldTimeoutMs, type CutIn, type OnAirEffect, type OnAirEvent } from './onair-machine.ts'
import type { OutputRuntime } from './output-runtime.ts'
import type { PlantDemand } from './plant-demand.ts'
import type { AudioOrder, OnAirPorts } from './ports.ts'

const hotKeyDuckDb = -14
const takeFadeMs = 40

/** What becomes known while an effect is carried out: facts, for the machine. */
type EffectFact = Extract<OnAirEvent, { kind: 'coldTimeout' | 'alertEnded' | 'inputClosed' }>

export class OnAirEffects {
  readonly #ports: OnAirPorts
  readonly #rows: ActionRows
  readonly #demand: PlantDemand
  readonly #coverage: AlertCoverage
  readonly #fact: (runtime: OutputRuntime, event: EffectFact) => void
  readonly #coldTimers = new Map<OutputId, Timer>()

  /** @param fact the carriers of a cold cut-in did not all come in time, or the audio process refused what was shown as begun */
  constructor(ports: OnAirPorts, rows: ActionRows, demand: PlantDemand, fact: (runtime: OutputRuntime, event: EffectFact) => void) {
    this.#ports = ports
    this.#rows = rows
    this.#demand = demand
    this.#coverage = new AlertCoverage(ports)
    this.#fact = fact
  }

  close(): void {
    for (const timer of this.#coldTimers.values()) timer.cancel()
  }

  run(runtime: OutputRuntime, effect: OnAirEffect, actor: string): void {
    const { outputId } = runtime
    const outputIds = [outputId]
    switch (effect.kind) {
      case 'fireAlert': {
        const { cutIn, readings, temperature } = effect
        return this.send(fireOrder({ ...cutIn, readings, temperature }, outputIds), 'alert', () =>
          this.#notAired(runtime, cutIn.cutInId, 'failed'),
        )
      }
      case 'proceedAlert':
        return this.send({ kind: 'proceedAlert', cutInId: effect.cutInId, outputId }, 'alert')
      case 'stopAlert':
        return this.send({ kind: 'stopAlert', cutInId: effect.cutInId, outputIds }, 'alert', () =>
          this.#notAired(runtime, effect.cutInId, 'stopped'),
        )
      case 'openInput':
        return this.send(inputOrder(effect, outputIds, this.#ports.config.alerts.micDuckDb), 'input', () =>
          this.#fact(runtime, { kind: 'inputClosed', inputId: effect.inputId }),
        )
      case 'closeInput':
        return this.send({ kind: 'closeInput', outputIds, inputId: effect.inputId }, 'input', () =>
          this.#fact(runtime, { kind: 'inputClosed', inputId: effect.inputId }),
        )
      case 'next':
        return this.send({ kind: 'next', outputId, fadeMs: takeFadeMs }, 'next')
      case 'hold':
        return this.send({ kind: 'hold', outputId }, 'hold')
      case 'release':
        return this.send({ kind: 'release', outputId }, 'release')
      case 'resumeItem':
        return this.send({ kind: 'resume', outputId, policy: effect.policy }, 'resume')
      case 'playOver':
        return this.#playOver(outputId, effect.slot)
      case 'stopAll':
        return this.send({ kind: 'stop', outputIds }, 'STOP')
      case 'reopen':
        // What STOP ended in the middle left the desk as it had taken it.
        this.#ports.plant.restoreDesk(outputId, 'reopen')
        return this.send({ kind: 'reopen', outputIds }, 'reopen')
      case 'takePlant':
        this.#ports.plant.takeDesk(outputId, effect.causeId, runtime.state.kind === 'liveInput' ? 'live' : 'off')
        return this.#demand.take(runtime, effect.causeId, effect.allCall)
      case 'restorePlant':
        this.#demand.giveBack(runtime)
        return this.#ports.plant.restoreDesk(outputId, effect.causeId)
      case 'dropPlant':
        return this.#demand.drop(runtime)
      case 'startColdTimer':
        return this.#startColdTimer(runtime, effect.cutInId, coldTimeoutMs)
      case 'cancelColdTimer':
        return this.#coldTimers.get(outputId)?.cancel()
      case 'alarmMissing':
        return this.#coverage.missing(runtime, effect.deviceIds)
      case 'openRow':
        return this.#rows.open(runtime, effect, actor)
      case 'closeRow':
        return this.#rows.close(runtime, effect.row, effect.id, effect.reason, actor)
      case 'refit':
        return this.#ports.rundown.refit(outputId)
      default:
        return assertNever(effect)
    }
  }

  /** @param refused what is true when the audio process does not take it, or nobody was there to take it in time */
  send(order: AudioOrder, what: string, refused: () => void = () => undefined): void {
    this.#ports.audio.send(order).catch((error: unknown) => {
      this.#ports.log.note({
        kind: 'operator.command',
        actor: 'audio',
        outputId: null,
        subject: `${what} refused`,
        measured: { order: order.kind, error: String(error) },
      })
      refused()
      this.#ports.onChanged()
    })
  }

  /** The audio process is another one, and this is what it does. An airing of which nothing was confirmed is ordered anew. */
  restored(runtime: OutputRuntime, { alert, openInputs }: Pick<OutputAudioState, 'alert' | 'openInputs'>): void {
    const { state } = runtime
    if (state.kind === 'cutIn' && state.phase !== 'sent' && alert?.cutInId !== state.cutIn.cutInId)
      this.#notAired(runtime, state.cutIn.cutInId, state.phase === 'ending' ? 'stopped' : 'failed')
    if (state.kind !== 'liveInput') return
    for (const inputId of state.inputIds) if (!openInputs.includes(inputId)) this.#fact(runtime, { kind: 'inputClosed', inputId })
  }

  /** An airing that the audio process does not have ends here: nothing else would ever end it. */
  #notAired(runtime: OutputRuntime, cutInId: CutInId, reason: 'failed' | 'stopped'): void {
    const { state } = runtime
    // Not any more ours to end: it ended meanwhile by itself, or something else holds the air.
    if (state.kind !== 'cutIn' || state.cutIn.cutInId !== cutInId) return
    if (reason === 'failed') this.#coverage.silent(runtime)
    this.#fact(runtime, { kind: 'alertEnded', cutInId, reason })
  }

  #playOver(outputId: OutputId, slot: number): void {
    const key = this.#ports.hotKey(slot)
    if (!key) return
    this.send(
      {
        kind: 'playOver',
        outputIds: [outputId],
        slot,
        path: key.path,
        frames: key.frames,
        gainDb: key.gainDb,
        duckDb: hotKeyDuckDb,
        loop: key.loop,
      },
      `hot key ${slot}`,
    )
  }

  /**
   * An emergency goes on calling every zone; carriers are waited for no longer than the earlier station would have. What holds the air
   * holds the desk, so that it is given back when it ends.
   */
  adopted(runtime: OutputRuntime): void {
    const { state, outputId } = runtime
    const { plant } = this.#ports
    if (state.kind === 'cutIn') plant.takeDesk(outputId, state.cutIn.cutInId, 'off')
    if (state.kind === 'liveInput') plant.takeDesk(outputId, state.inputIds[0] ?? 'input', 'live')
    if (state.kind === 'stopped') plant.holdDesk(outputId)
    if (state.kind === 'liveInput' && state.emergency) return this.#demand.take(runtime, state.inputIds[0] ?? 'input', true)
    if (state.kind !== 'cutIn' || !state.awaitingCarriers) return
    const waitedMs = this.#ports.clock.now() - state.cutIn.orderedAtMs
    this.#startColdTimer(runtime, state.cutIn.cutInId, Math.min(coldTimeoutMs, Math.max(0, coldTimeoutMs - waitedMs)))
  }

  #startColdTimer(runtime: OutputRuntime, cutInId: CutInId, ms: number): void {
    this.#coldTimers.get(runtime.outputId)?.cancel()
    const timer = this.#ports.clock.after(ms, () => {
      const missing = this.#ports.plant.carriers(runtime.outputId).filter((carrier) => carrier.state !== 'up')
      this.#fact(runtime, { kind: 'coldTimeout', cutInId, missing: missing.map((carrier) => carrier.deviceId) })
    })
    this.#coldTimers.set(runtime.outputId, timer)
  }
}

/** An airing as the audio process is told it. The rendered body holds the pauses between its readings. */
export function fireOrder(
  {
    cutInId,
    alertId,
    temperature,
    readings,
    resume,
    offsetMs,
  }: Pick<CutIn, 'cutInId' | 'alertId' | 'temperature' | 'readings' | 'resume' | 'offsetMs'>,
  outputIds: readonly OutputId[],
): AudioOrder {
  const whole = {
    kind: 'fireAlert' as const,
    cutInId,
    alertId,
    outputIds: [...outputIds],
    mode: temperature,
    bodyRepeats: readings,
    gapMs: 0,
    resume,
  }
  return offsetMs === undefined ? whole : { ...whole, offsetMs }
}

/** A microphone or line as the audio process is told to open it. @param duckDb how far the programme is lowered under it */
export function inputOrder(
  { inputId, mode }: Pick<Extract<OnAirEffect, { kind: 'openInput' }>, 'inputId' | 'mode'>,
  outputIds: readonly OutputId[],
  duckDb: number,
): AudioOrder {
  return { kind: 'openInput', outputIds: [...outputIds], inputId, gainDb: 0, mode, duckDb, resume: null }
}

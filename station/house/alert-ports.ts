// What alerts are made of and where they go: voice and recordings in, orders to the audio process and the on-air machine out.
import type { StationConfig } from '../../shared/config.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { CartId, OutputId } from '../../shared/domain/ids.ts'
import { durationText } from '../../shared/domain/time.ts'
import { type AlertsPorts, builtInCorrection, builtInTemplates, createAlertRenderer, type SpeechEngine } from '../alerts/index.ts'
import type { AlarmsService } from '../health/index.ts'
import type { CartCatalog, Library } from '../library/index.ts'
import type { AudioPort, LogPort, OnAirService } from '../onair/index.ts'
import type { ScreenHub } from '../screen/index.ts'
import type { Store } from '../store/index.ts'

interface AlertParts {
  readonly clock: Clock
  readonly config: StationConfig
  readonly dataDir: string
  readonly training: boolean
  readonly liveFiring: boolean
  readonly outputIds: readonly OutputId[]
  readonly store: Store['alerts']
  readonly speech: SpeechEngine
  readonly catalog: CartCatalog
  readonly library: Library
  readonly alarms: AlarmsService
  readonly rows: LogPort
  readonly send: AudioPort['send']
  onair(): OnAirService
  showLamps(): void
  /** A card was armed, aired, dropped: the province's orders are looked at again. */
  lookAgain(): void
  changed(...slices: Parameters<ScreenHub['changed']>): void
}

export function alertPorts(parts: AlertParts): AlertsPorts {
  const { clock, config, dataDir, training, liveFiring, outputIds, store, speech, catalog, library, alarms, rows, send, changed } = parts
  return {
    clock,
    config,
    store,
    log: rows,
    templates: builtInTemplates,
    correction: builtInCorrection,
    liveFiring,
    outputIds,
    render: createAlertRenderer({
      speech,
      clock,
      dataDir,
      voice: config.alerts.voice,
      gapMs: 0,
      joinReadings: true,
      recording: (cartId) => recordingOf(cartId, catalog, library),
    }),
    send,
    fire: (order) => parts.onair().fire(order),
    interrupted: ({ alertId, title, interrupted }) =>
      alarms.set(interrupted !== undefined, 'ALERT_INTERRUPTED', alertId, { title, time: durationText(interrupted?.positionMs ?? 0) }),
    cue: () => cueOf(config, training),
    playable: (cartId) => catalog.playable(cartId),
    onChanged: () => {
      changed('alerts')
      parts.showLamps()
      parts.lookAgain()
    },
    onCueChanged: () => changed('cue'),
  }
}

/** Refuses with NOT_FOUND or CART_UNPLAYABLE. */
async function recordingOf(cartId: CartId, catalog: CartCatalog, library: Library): Promise<{ path: string; frames: number }> {
  const cart = catalog.get(cartId)
  if (!cart) throw new OperatorError('NOT_FOUND', { cartId })
  const proof = await library.prove(cart)
  if (!proof.ok) throw new OperatorError('CART_UNPLAYABLE', { title: cart.title, reason: proof.reason })
  return { path: library.airCopyPath(cart), frames: cart.frames }
}

/** Where a preview is heard. */
export function cueOf(config: StationConfig, training: boolean) {
  const device = config.audio.cueDevice
  if (device !== null) return { via: 'device' as const, device, reason: null }
  // The browser plays on the system's default output, which must not be, or possibly be, a programme device.
  const unsafe = config.outputs.some((output) => output.device === null)
  return unsafe && !training
    ? { via: 'none' as const, device: null, reason: 'programme on the default output' }
    : { via: 'browser' as const, device: null, reason: null }
}

// The screens' slices: readings of the services, nothing more.
import type { StationConfig } from '../../shared/config.ts'
import type { EpochMs } from '../../shared/domain/time.ts'
import type { ProvinceSlice } from '../../shared/domain/province.ts'
import type { AlertsService } from '../alerts/index.ts'
import type { AlarmsService, ClockTrust } from '../health/index.ts'
import type { CartCatalog, Library } from '../library/index.ts'
import type { OpenQuestions } from '../logbook/index.ts'
import type { HotKeys, OnAirService } from '../onair/index.ts'
import type { PlantService } from '../plant/index.ts'
import type { ScheduleService } from '../schedule/index.ts'
import type { SliceReaders } from '../screen/index.ts'
import type { StoreHealth } from '../store/index.ts'
import { cueOf } from './alert-ports.ts'

interface SliceParts {
  readonly config: StationConfig
  readonly training: boolean
  readonly liveFiring: boolean
  readonly version: string
  readonly bootId: string
  readonly startedAtMs: EpochMs
  readonly onair: OnAirService
  readonly schedule: ScheduleService
  readonly catalog: CartCatalog
  readonly library: Library
  readonly alerts: AlertsService
  readonly plant: PlantService
  readonly alarms: AlarmsService
  readonly hotKeys: HotKeys
  readonly questions: OpenQuestions
  province(): ProvinceSlice
  trust(): ClockTrust
  storeHealth(): StoreHealth
  chainOk(): boolean | null
  logHead(): { seq: number; hash: string } | null
  isInputLost(inputId: string): boolean
}

/** Names every reader, so that a missing slice does not compile. */
export function sliceReaders(parts: SliceParts): SliceReaders {
  const { config, training, liveFiring, bootId, startedAtMs, onair, schedule, catalog, library, alerts, plant, alarms, hotKeys } = parts
  const inputState = (inputId: string): 'ready' | 'open' | 'lost' => {
    if (onair.views().some((view) => view.openInputs.some((open) => open === inputId))) return 'open'
    return parts.isInputLost(inputId) ? 'lost' : 'ready'
  }
  return {
    station: () => ({
      stationId: config.station.id,
      name: config.station.name,
      place: [...config.station.place],
      version: parts.version,
      bootId,
      startedAtMs,
      training,
      liveFiring,
      clock: parts.trust(),
      mode: onair.views().every((view) => view.phase === 'stopped') ? 'stopped' : 'auto',
      outputs: config.outputs.map((output) => ({ outputId: output.id, name: output.name })),
      inputs: config.audio.inputs.map((input) => ({
        inputId: input.id,
        label: input.label,
        kind: input.kind,
        state: inputState(input.id),
      })),
      cue: cueOf(config, training),
      store: storeView(parts.storeHealth()),
      chainOk: parts.chainOk(),
      logHead: parts.logHead(),
    }),
    onair: () => onair.views(),
    schedule: () => schedule.today(),
    library: () => ({ carts: catalog.all(), imports: [...library.imports()] }),
    alerts: () => ({ alerts: alerts.list().slice(0, 50), templates: [...alerts.templates], correctionAlertId: alerts.correctionId }),
    cue: () => alerts.cue,
    devices: () => plant.views(),
    alarms: () => alarms.views(),
    hotKeys: () => hotKeys.views(),
    province: () => parts.province(),
    questions: () => parts.questions.views(),
  }
}

function storeView(health: StoreHealth): { state: 'ok' | 'slow' | 'failed'; queued: number; reason: string | null } {
  if (health.state === 'recovering') return { state: 'failed', queued: health.queued, reason: health.reason }
  return { state: health.state === 'slow' ? 'slow' : 'ok', queued: health.state === 'slow' ? health.queued : 0, reason: null }
}

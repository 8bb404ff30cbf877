// What the screens know of the station as a whole, cut into slices: a subscriber gets one numbered snapshot and then
// numbered deltas, each replacing a slice. A gap in the numbers means: subscribe again.
import { z } from 'zod'
import { AlertTemplate, AlertView } from './alert.ts'
import { DeviceView } from './device.ts'
import { InputId, OutputId } from './ids.ts'
import { Cart, ImportView } from './library.ts'
import { LogRow } from './logbook.ts'
import { AlarmView, HotKeyView, OnAirOutputView } from './onair.ts'
import { ProvinceSlice } from './province.ts'
import { OpenQuestion } from './review.ts'
import { DayPlan } from './schedule.ts'
import { EpochMs } from './time.ts'

export const StationSlice = z.object({
  stationId: z.string(),
  name: z.string(),
  place: z.array(z.string()),
  version: z.string(),
  bootId: z.string(),
  startedAtMs: EpochMs,
  training: z.boolean(),
  /** Whether an alert may go out: always in training; outside it only by the configuration switch. */
  liveFiring: z.boolean(),
  clock: z.object({ trusted: z.boolean(), reason: z.string().nullable() }),
  /** auto: the rundown drives the programme; stopped: latched. */
  mode: z.enum(['auto', 'stopped']),
  outputs: z.array(z.object({ outputId: OutputId, name: z.string() })),
  inputs: z.array(
    z.object({
      inputId: InputId,
      label: z.string(),
      kind: z.enum(['microphone', 'line']),
      state: z.enum(['ready', 'open', 'lost', 'unknown']),
    }),
  ),
  /** device: cue on its own sound device; browser: the screen plays it and says so; none: refused. */
  cue: z.object({ via: z.enum(['device', 'browser', 'none']), device: z.string().nullable(), reason: z.string().nullable() }),
  store: z.object({ state: z.enum(['ok', 'slow', 'failed']), queued: z.number().int(), reason: z.string().nullable() }),
  /** null = not checked yet in this boot. */
  chainOk: z.boolean().nullable(),
  logHead: z.object({ seq: z.number().int(), hash: z.string() }).nullable(),
})
export type StationSlice = z.infer<typeof StationSlice>

/** What plays on the cue bus (preview), if anything. */
export const CueView = z.object({
  subject: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('alert'), id: z.string() }),
    z.object({ kind: z.literal('cart'), id: z.string() }),
  ]),
  startedAtMs: EpochMs,
  offsetMs: z.number(),
  durationMs: z.number(),
})
export type CueView = z.infer<typeof CueView>

export const ScreenState = z.object({
  station: StationSlice,
  onair: z.array(OnAirOutputView),
  schedule: DayPlan,
  library: z.object({ carts: z.array(Cart), imports: z.array(ImportView) }),
  alerts: z.object({ alerts: z.array(AlertView), templates: z.array(AlertTemplate), correctionAlertId: z.string().nullable() }),
  cue: CueView.nullable(),
  devices: z.array(DeviceView),
  alarms: z.array(AlarmView),
  hotKeys: z.array(HotKeyView),
  province: ProvinceSlice,
  /** The one that has waited longest first. */
  questions: z.array(OpenQuestion),
})
export type ScreenState = z.infer<typeof ScreenState>
export type ScreenSlice = keyof ScreenState

/** One message of the screens' subscription. `serverNowMs` lets a screen show the station's clock, not its own. */
export const ScreenMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), seq: z.number().int(), serverNowMs: EpochMs, state: ScreenState }),
  z.object({ kind: z.literal('delta'), seq: z.number().int(), serverNowMs: EpochMs, state: ScreenState.partial() }),
  z.object({ kind: z.literal('log'), seq: z.number().int(), serverNowMs: EpochMs, rows: z.array(LogRow) }),
])
export type ScreenMessage = z.infer<typeof ScreenMessage>

// What the screens know of one programme output. "On air" is measured: audio clock, level, carrier.
import { z } from 'zod'
import { DeviceId, InputId, ItemId, OutputId } from './ids.ts'
import { CarrierState } from './device.ts'
import { CutInView } from './alert.ts'
import { EpochMs } from './time.ts'

export const OnAirPhase = z.enum(['silent', 'programme', 'held', 'liveInput', 'cutIn', 'awaitingResume', 'stopped'])
export type OnAirPhase = z.infer<typeof OnAirPhase>

export const CarrierView = z.object({
  deviceId: DeviceId,
  label: z.string(),
  kind: z.enum(['transmitter', 'zones']),
  state: CarrierState,
  /** forward power in W for a transmitter, number of closed zones for a zone controller. */
  measured: z.number().nullable(),
  setPoint: z.number().nullable(),
  reason: z.string().nullable(),
})
export type CarrierView = z.infer<typeof CarrierView>

export const OnAirOutputView = z.object({
  outputId: OutputId,
  name: z.string(),
  phase: OnAirPhase,
  /** The tally: measured only when the audio clock advances, level is above the floor (an open microphone's own, where one has the air) and a carrier is measured up. */
  onAir: z.enum(['measured', 'unconfirmed', 'off']),
  now: z
    .object({
      itemId: ItemId,
      title: z.string(),
      startedAtMs: EpochMs,
      /** Wall time at which it will end; null = open. */
      endsAtMs: EpochMs.nullable(),
      durationMs: z.number().nullable(),
      positionMs: z.number(),
      interruptedBy: z.string().nullable(),
    })
    .nullable(),
  previous: z.object({ itemId: ItemId, title: z.string(), startedAtMs: EpochMs, endReason: z.string() }).nullable(),
  next: z.object({ itemId: ItemId, title: z.string(), startMs: EpochMs, proven: z.boolean() }).nullable(),
  openInputs: z.array(InputId),
  /** Of the open ones those whose own sound is measured; an open one that is not among them is silent. */
  soundingInputs: z.array(InputId),
  hotKeysPlaying: z.array(z.number().int()),
  cutIn: CutInView.nullable(),
  carriers: z.array(CarrierView),
  stoppedSinceMs: EpochMs.nullable(),
  /** What waits for the operator after an interruption. */
  awaiting: z.object({ itemId: ItemId, title: z.string(), positionMs: z.number() }).nullable(),
  audio: z.object({
    /** lost: its device is missing, or the audio process dies again and again; none: no device is configured. */
    state: z.enum(['running', 'stalled', 'restarting', 'lost', 'none']),
    device: z.string().nullable(),
    onBackup: z.boolean(),
  }),
})
export type OnAirOutputView = z.infer<typeof OnAirOutputView>

/** Alarm = somebody must do something; the text says what. 1 ◆ · 2 ▲ · 3 ●. */
export const AlarmView = z.object({
  alarmId: z.string(),
  priority: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  /** Code with a text and a remedy in both languages on the screen. */
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  raisedAtMs: EpochMs,
  acknowledgedAtMs: EpochMs.nullable(),
})
export type AlarmView = z.infer<typeof AlarmView>

export const HotKeyView = z.object({
  slot: z.number().int().min(1).max(8),
  title: z.string().nullable(),
  cartId: z.string().nullable(),
  durationMs: z.number().nullable(),
  loop: z.boolean(),
})
export type HotKeyView = z.infer<typeof HotKeyView>

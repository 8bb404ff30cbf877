// Device words shared by drivers, station and screens. Observed values carry their unit and are null when not known.
import { z } from 'zod'
import { DeviceId, OutputId } from './ids.ts'
import { EpochMs } from './time.ts'

export const DriverKind = z.enum(['transmitter', 'zones', 'desk', 'surface'])
export type DriverKind = z.infer<typeof DriverKind>

/** connecting: first contact not made · online · degraded: answers, but wrongly or late · lost: silent · faulted: needs hands. */
export const DriverStatus = z.discriminatedUnion('state', [
  z.object({ state: z.literal('connecting'), sinceMs: EpochMs, lastHeardAt: EpochMs.nullable() }),
  z.object({ state: z.literal('online'), sinceMs: EpochMs, lastHeardAt: EpochMs }),
  z.object({ state: z.literal('degraded'), sinceMs: EpochMs, lastHeardAt: EpochMs, reason: z.string() }),
  z.object({ state: z.literal('lost'), sinceMs: EpochMs, lastHeardAt: EpochMs.nullable(), nextAttemptAt: EpochMs, reason: z.string() }),
  z.object({
    state: z.literal('faulted'),
    sinceMs: EpochMs,
    lastHeardAt: EpochMs.nullable(),
    needsHands: z.literal(true),
    reason: z.string(),
  }),
])
export type DriverStatus = z.infer<typeof DriverStatus>

/** Telemetry of an FM transmitter, all measured by itself. */
export const TransmitterObserved = z.object({
  carrierOn: z.boolean(),
  forwardPowerW: z.number(),
  reflectedPowerW: z.number(),
  powerSetW: z.number(),
  vswr: z.number(),
  frequencyKhz: z.number(),
  interlockClosed: z.boolean(),
  localMode: z.boolean(),
  rfPresent: z.boolean(),
  fault: z.boolean(),
  alarms: z.array(z.string()),
  tempDegC: z.number().nullable(),
  atMs: EpochMs,
})
export type TransmitterObserved = z.infer<typeof TransmitterObserved>

/** Relay outputs of a zone controller, as read back. */
export const ZonesObserved = z.object({
  coils: z.array(z.boolean()),
  atMs: EpochMs,
})
export type ZonesObserved = z.infer<typeof ZonesObserved>

export const DeskChannel = z.object({
  /** Driver's own channel key, such as `ch/01`, `auxin/03`, `main`. */
  channel: z.string(),
  label: z.string(),
  faderDb: z.number(),
  muted: z.boolean(),
})
export type DeskChannel = z.infer<typeof DeskChannel>

export const DeskObserved = z.object({
  channels: z.array(DeskChannel),
  /** Input levels by channel, dBFS, where the desk sends meters. */
  levelsDb: z.record(z.string(), z.number()),
  atMs: EpochMs,
})
export type DeskObserved = z.infer<typeof DeskObserved>

export const SurfaceObserved = z.object({
  pressed: z.array(z.number().int()),
  keyCount: z.number().int(),
  /** Lamps and words last written to the panel: sent, since no panel reads them back. */
  lampsSent: z.array(
    z.object({ key: z.number().int(), text: z.string(), colour: z.enum(['off', 'red', 'green', 'amber', 'white']), flash: z.boolean() }),
  ),
  atMs: EpochMs,
})
export type SurfaceObserved = z.infer<typeof SurfaceObserved>

/** A device keyed by hand for a test goes down by itself after this: as long as a programme's carriers stay keyed without sound, ms. */
export const handTestMs = 80_000

/** One device as the screens show it. */
export const DeviceView = z.object({
  deviceId: DeviceId,
  driver: z.string(),
  kind: DriverKind,
  label: z.string(),
  transport: z.string(),
  simulated: z.boolean(),
  outputIds: z.array(OutputId),
  status: DriverStatus,
  transmitter: TransmitterObserved.nullable(),
  zones: ZonesObserved.nullable(),
  desk: DeskObserved.nullable(),
  surface: SurfaceObserved.nullable(),
  /** Orders sent and not yet confirmed by read-back, oldest first. */
  unconfirmed: z.array(z.object({ reason: z.string(), sentAtMs: EpochMs })),
})
export type DeviceView = z.infer<typeof DeviceView>

/** What one programme output is proved to be doing at the far end. */
export const CarrierState = z.enum(['up', 'rising', 'down', 'unknown', 'blocked'])
export type CarrierState = z.infer<typeof CarrierState>

/** Telemetry older than this proves nothing, ms: a dead device is found within 3 s. */
export const telemetryFreshMs = 3000

/**
 * What a transmitter is proved to do. `up` comes only from measured forward power at or above `thresholdW` with RF present,
 * interlock closed and not in LOCAL, in fresh telemetry; never from an order that was accepted. A carrier that radiates although
 * it was ordered off is `up`: that is the truth. `blocked` = nobody here can bring it up or vouch for it (LOCAL, interlock open).
 */
export function carrierState(observed: TransmitterObserved | null, status: DriverStatus, thresholdW: number, now: EpochMs): CarrierState {
  if (observed === null || status.state === 'connecting' || status.state === 'lost') return 'unknown'
  if (Math.abs(now - observed.atMs) > telemetryFreshMs) return 'unknown'
  if (observed.localMode || !observed.interlockClosed) return 'blocked'
  if (observed.rfPresent && observed.forwardPowerW >= thresholdW) return 'up'
  return observed.carrierOn && !observed.fault ? 'rising' : 'down'
}

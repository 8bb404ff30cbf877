// What each kind of device can be wished to be. Observed types live in shared/domain/device.ts because screens show them.

/** Lasting state of a transmitter. `causeId` names the decision (cut-in, schedule item, test) in log and plan. */
export interface TransmitterDesired {
  readonly carrier: 'on' | 'off'
  readonly powerSetW: number | null
  readonly causeId: string
  /** Who set the power by hand; absent = it came with the decision. */
  readonly powerCauseId?: string
}

/** Taking a carrier up or down needs this token, made only by the station's plant: no stray call keys a transmitter. */
export interface Armed {
  readonly armedBy: string
}

/** Lasting state of a zone controller. An output that is `on` lapses in the device itself after `leaseMs` unless wished again. */
export interface ZonesDesired {
  readonly coils: readonly boolean[]
  /** Length of the device's own timed output, ms; refreshed by the station every 5 s. */
  readonly leaseMs: number
  /** Grows with each refresh, so that a plan renews a coil that is already on. */
  readonly refresh: number
  readonly causeId: string
}

/** What the desk should be while programme or alert is on air. null fields are left to the hand on the desk. */
export interface DeskDesired {
  readonly channels: readonly { readonly channel: string; readonly faderDb: number | null; readonly muted: boolean | null }[]
  readonly causeId: string
}

/** Something a hand did on the desk. */
export type DeskEvent = {
  readonly kind: 'handMoved'
  readonly channel: string
  readonly faderDb: number | null
  readonly muted: boolean | null
}

/** Lamps of a key panel; words as well as colour, so that colour never speaks alone. */
export interface SurfaceDesired {
  readonly keys: readonly {
    readonly key: number
    readonly text: string
    readonly colour: 'off' | 'red' | 'green' | 'amber' | 'white'
    readonly flash: boolean
  }[]
  readonly causeId: string
}

export type SurfaceEvent = { readonly kind: 'pressed' | 'released'; readonly key: number; readonly atMonotonicMs: number }

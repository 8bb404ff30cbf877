// What the province area needs of the rest of the station. Narrow, so that it can be driven whole in a test.
import type { AlertDraft, AlertView } from '../../shared/domain/alert.ts'
import type { StationConfig } from '../../shared/config.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import type { AlertId } from '../../shared/domain/ids.ts'
import type { Cart, ContentType } from '../../shared/domain/library.ts'
import type { DayPlan } from '../../shared/domain/schedule.ts'
import type { BroadcastDay } from '../../shared/domain/time.ts'
import type { AlarmsService, DiskLevel } from '../health/index.ts'
import type { LogPort } from '../onair/index.ts'
import type { Rewrite } from '../schedule/index.ts'
import type { Store } from '../store/index.ts'
import type { Link, LinkEvents } from './link.ts'

export interface RundownDoor {
  day(day: BroadcastDay): Promise<DayPlan>
  rewrite(day: BroadcastDay, how: Rewrite): Promise<boolean>
}

export interface AlertDoor {
  /** null = there is no such card. */
  find(alertId: AlertId): AlertView | null
  /** The newest card of this order; null = none. */
  ofOrder(provinceItemId: string): AlertView | null
  compose(draft: AlertDraft, alertId: AlertId | null, origin: NonNullable<AlertView['origin']>, actor: string): Promise<AlertView>
  cancel(alertId: AlertId): Promise<void>
}

export interface LibraryDoor {
  /** A playable recording of these very bytes that is here already. */
  bySha256(sha256: string): Cart | null
  importFile(path: string, name: string, request: { readonly title: string; readonly contentType: ContentType }): Promise<Cart>
}

export interface ProvincePorts {
  readonly clock: Clock
  readonly config: StationConfig
  readonly store: Pick<Store, 'province' | 'outbox' | 'settings'>
  readonly log: LogPort
  readonly trouble: { warn(detail: object, message: string): void; error(detail: object, message: string): void }
  readonly alarms: Pick<AlarmsService, 'set' | 'raise' | 'clear'>
  readonly rundown: RundownDoor
  readonly alerts: AlertDoor
  readonly library: LibraryDoor
  /** Of the key by which the station signs what it lays down in a folder; null = it signs nothing. */
  readonly signingKid: string | null
  /** 0…1. */
  random(): number
  clockTrusted(): boolean
  /** Below `ok` no file is fetched but an emergency's, and none when it is full: what room there is belongs to the logbook and the alerts. */
  diskLevel(): DiskLevel
  openLink(events: LinkEvents): Link
  /** Deletes a file that was brought and is in the library, or was refused by it. */
  discard(path: string): Promise<void>
  onChanged(): void
  /** The province holds this row: from now on its hash is a witness outside this computer. */
  onWitnessed(head: { readonly seq: number; readonly hash: string }): void
  /** Heads that the province told us are kept from now on: the chain is to be held against them. */
  onHeadsTold(): void
}

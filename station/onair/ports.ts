// What the on-air service needs of the rest of the station. Narrow, so that it can be driven whole in a test.
import type { AlertMode, OrderVia } from '../../shared/domain/alert.ts'
import type { AudioCommand, ResumePolicy } from '../../shared/audio-protocol.ts'
import type { StationConfig } from '../../shared/config.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import type { LogKind } from '../../shared/domain/logbook.ts'
import type { AlertId, CartId, CutInId, ItemId, OutputId } from '../../shared/domain/ids.ts'
import type { EpochMs } from '../../shared/domain/time.ts'
import type { AlarmsService } from '../health/index.ts'
import type { PlantService } from '../plant/index.ts'

type WithoutRef<T> = T extends unknown ? Omit<T, 'ref'> : never
/** A command before the client gives it its reference. */
export type AudioOrder = WithoutRef<AudioCommand>

export interface AudioPort {
  /** Written to the socket before it returns; resolves when the audio process has taken it, rejects with its refusal. */
  send(order: AudioOrder): Promise<void>
}

export interface LogFields {
  readonly kind: LogKind
  readonly actionId: string
  readonly actor: string
  readonly outputId: string | null
  readonly subject: string
  readonly atMs?: EpochMs
  readonly planned?: Record<string, unknown>
  readonly sent?: Record<string, unknown>
  readonly measured?: Record<string, unknown>
}

/** Rows come in pairs; none of these calls waits for the disk on the caller's path. */
export interface LogPort {
  open(row: LogFields): void
  close(row: LogFields): void
  note(row: Omit<LogFields, 'actionId'>): void
}

/** What the rundown knows of a row, for views and log. */
export interface RundownPort {
  itemStarted(outputId: OutputId, itemId: ItemId, atMs: EpochMs, startFrame: number): void
  itemEnded(outputId: OutputId, itemId: ItemId, atMs: EpochMs, reason: string): void
  /** The queue must be computed and sent again. */
  refit(outputId: OutputId): void
  /** Nothing is on air and the latch was lifted: join what should be on now. */
  rejoin(outputId: OutputId): void
  plannedStart(itemId: ItemId): EpochMs | null
  titleOf(itemId: ItemId): string | null
  nextFor(outputId: OutputId): { itemId: ItemId; title: string; startMs: EpochMs; proven: boolean } | null
}

export interface HotKey {
  readonly slot: number
  readonly title: string
  readonly cartId: CartId
  readonly path: string
  readonly frames: number
  readonly gainDb: number
  readonly loop: boolean
}

export interface OnAirPorts {
  readonly clock: Clock
  readonly config: StationConfig
  readonly audio: AudioPort
  readonly plant: PlantService
  readonly alarms: AlarmsService
  readonly log: LogPort
  readonly rundown: RundownPort
  hotKey(slot: number): HotKey | null
  /** Boot id of the audio process whose events arrive. */
  audioBoot(): string
  onChanged(): void
  /** An airing was ordered: for what survives a restart. */
  onFired(order: FireOrder, temperature: 'hot' | 'cold', orderedAtMs: EpochMs): void
  /** It ended on every output: for the alert's own state. `cutOff`: on each it failed, so nobody heard its end. */
  onEnded(alertId: AlertId, cutInId: string, cutOff: boolean): void
}

/** What is aired, beyond what the machine needs. */
export interface FireOrder {
  readonly cutInId: CutInId
  readonly alertId: AlertId
  readonly title: string
  readonly mode: AlertMode
  readonly outputIds: readonly OutputId[]
  readonly severity: number
  readonly automatic: boolean
  readonly readings: number
  readonly resume: ResumePolicy | null
  /** Where to begin in the airing, ms; absent = whole. */
  readonly offsetMs?: number | undefined
  readonly via: OrderVia
  readonly actor: string
  readonly heldMs: number | null
  readonly previewedMs: number
}

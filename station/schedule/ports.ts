// What the rundown needs of the rest of the station.
import type { PlayItem } from '../../shared/audio-protocol.ts'
import type { StationConfig } from '../../shared/config.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import type { CartId, ItemId, OutputId } from '../../shared/domain/ids.ts'
import type { PlannedItem } from '../../shared/domain/schedule.ts'
import type { BroadcastDay } from '../../shared/domain/time.ts'
import type { Store } from '../store/index.ts'
import type { Playable } from './build-queue.ts'
import type { ItemFact } from './plan-day.ts'

/** What is on an output now, as far as the rundown needs it. */
export interface OutputNow {
  readonly itemId: ItemId | null
  /** null = nothing on; Infinity = open end. */
  readonly busyUntilMs: number | null
  readonly live: ItemFact['live']
  readonly held: boolean
  /** Nothing has the air, nothing keeps it, and there is a device: an item would sound at once. */
  readonly free: boolean
}

export interface SchedulePorts {
  readonly clock: Clock
  readonly config: StationConfig
  readonly rundown: Store['rundown']
  playable(cartId: CartId): Playable | null
  /** What plays in short gaps: the configured recording, else the first one of class fill. */
  fillCartId(): CartId | null
  /** Opens and checks a recording as if it were to be played. */
  prove(cartId: CartId): Promise<{ playable: boolean; reason: string | null }>
  outputNow(outputId: OutputId): OutputNow
  clockTrusted(): boolean
  setQueue(outputId: OutputId, revision: number, items: PlayItem[]): void
  /** @param held it waits for a hand to begin */
  playNow(outputId: OutputId, item: PlayItem, held: boolean): void
  expectStart(outputId: OutputId, causeId: string): void
  onUnplayable(row: PlannedItem, reason: string): void
  /** Playable again, or no longer to come. */
  onSettled(itemId: ItemId): void
  onEdited(day: BroadcastDay, what: string, subject: string, actor: string): void
  onMissed(row: PlannedItem): void
  onChanged(): void
}

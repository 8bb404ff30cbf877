// What the alert area needs of the rest of the station, and what one alert is while the station runs.
import type { AlertDraft, AlertTemplate, AlertView } from '../../shared/domain/alert.ts'
import type { StationConfig } from '../../shared/config.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import type { AlertId, CartId, OutputId } from '../../shared/domain/ids.ts'
import type { AudioOrder, FireOrder, LogPort } from '../onair/index.ts'
import type { Playable } from '../schedule/index.ts'
import type { Store } from '../store/index.ts'

/** What was rendered: files of mono s16le 48 kHz, and what is known of them. */
export interface RenderedAlert {
  readonly attentionPath: string | null
  readonly bodyPath: string
  readonly gainDb: number
  readonly audio: NonNullable<AlertView['audio']>
}

export interface AlertsPorts {
  readonly clock: Clock
  readonly config: StationConfig
  readonly store: Store['alerts']
  readonly log: LogPort
  readonly templates: readonly AlertTemplate[]
  /** The correction that ships with every station, so that none is ever missing. */
  readonly correction: AlertDraft
  readonly liveFiring: boolean
  readonly outputIds: readonly OutputId[]
  render(alertId: AlertId, draft: AlertDraft): Promise<RenderedAlert>
  send(order: AudioOrder): Promise<void>
  fire(order: FireOrder): void
  cue(): { via: 'device' | 'browser' | 'none'; reason: string | null }
  playable(cartId: CartId): Playable | null
  /** Whether an airing of it stands cut off, as `view.interrupted` tells. */
  interrupted(view: AlertView): void
  onChanged(): void
  onCueChanged(): void
}

/** The rendered body holds all its readings, with “xin nhắc lại” between them. */
export const bodyRepeats = 1

// Turns fitted rows into what the audio process holds: complete enough to be played with the station dead. Pure.
// Gaps before a timed row are filled with the fill recording where there is one; a row that is not playable is
// replaced by fill; rows outside the broadcast windows are left out.
import type { PlayItem, PlaySource, ResumePolicy } from '../../shared/audio-protocol.ts'
import type { StationConfig } from '../../shared/config.ts'
import type { CartId, InputId, ItemId, OutputId } from '../../shared/domain/ids.ts'
import type { PlannedItem, RundownItem } from '../../shared/domain/schedule.ts'
import { dayOf, type EpochMs, epochMs, startOfDay } from '../../shared/domain/time.ts'
import { crossfadeMsOf } from './plan-day.ts'

/** The part of a cart the queue needs: where its air copy lies and how loud it plays. */
export interface Playable {
  readonly path: string
  readonly frames: number
  readonly gainDb: number
}

export interface QueueContext {
  readonly outputId: OutputId
  readonly config: StationConfig
  /** The station's fill recording; null = silence. */
  readonly fillCartId: CartId | null
  playable(cartId: CartId): Playable | null
}

/** Of every sound here. */
export const framesPerMs = 48
/** A gap shorter than this is left silent rather than filled, ms. */
const shortestFillMs = 1500
/** A longer gap is the end of a session: silence, carrier down, ms. */
const longestFillMs = 10 * 60_000
/** A row computed to start later than the end of the one before by more than this waits for its time, ms. */
const longestDriftMs = 500

/** What happens to an interrupted row, from the row itself or the station's default for its kind. */
export function resumeOf(item: RundownItem, config: StationConfig): ResumePolicy {
  if (item.resume) return item.resume
  const { resume, rewindMs } = config.schedule
  const isRelay = item.source.kind === 'relayLine' || item.source.kind === 'relayStream' || item.source.kind === 'live'
  const kind = isRelay ? resume.relay : resume[item.contentType]
  return kind === 'rewind' ? { kind, ms: rewindMs } : { kind }
}

/** True when an automatic start at this instant is allowed: by the clock, whichever day the row was planned for. */
export function insideWindows(atMs: EpochMs, windows: StationConfig['broadcastWindows']): boolean {
  const minute = (atMs - startOfDay(dayOf(atMs))) / 60_000
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
  return windows.some(({ from, to }) => {
    const [begun, over] = [minute >= minutes(from), minute >= minutes(to)]
    // A window that ends before it begins goes over midnight.
    return minutes(from) < minutes(to) ? begun && !over : begun || !over
  })
}

/**
 * The rows still to come on this output as the audio process plays them.
 * @param rows oldest first, from `rowsToCome`
 * @param busyUntilMs when what is on air now will end; null = silence now, `Infinity` = open end
 */
export function buildQueue(rows: readonly PlannedItem[], context: QueueContext, nowMs: EpochMs, busyUntilMs: number | null): PlayItem[] {
  const queue: PlayItem[] = []
  const coming = rows.filter((row) => insideWindows(row.startMs, context.config.broadcastWindows))
  let cursorMs = busyUntilMs ?? nowMs
  for (const row of coming) {
    const gapMs = row.startMs - cursorMs
    const timed = row.item.start.kind === 'hard' || gapMs > longestDriftMs
    // Fill bridges a gap inside a session; it never begins one.
    const inSession = busyUntilMs !== null || queue.length > 0
    if (inSession && timed && gapMs >= shortestFillMs && gapMs <= longestFillMs) {
      const fill = fillSource(context)
      if (fill) queue.push(fillItem(row, fill))
    }
    queue.push(playItem(row, timed, context))
    cursorMs = row.endMs
  }
  return queue
}

/** Whether the row's sound ends by itself; relays, microphones and fill end at a time. */
export function hasOwnLength(item: RundownItem): boolean {
  return item.source.kind === 'file' || item.source.kind === 'jingle'
}

/** The row as the audio process plays it; `startFrame` is 0 and is moved by whoever joins it in progress. */
export function playItem(row: PlannedItem, timed: boolean, context: QueueContext): PlayItem {
  const { item } = row
  const source = row.state === 'unplayable' ? (fillSource(context) ?? { kind: 'silence' as const }) : sourceOf(item, context)
  const fixedEnd = !hasOwnLength(item)
  return {
    itemId: item.itemId,
    title: item.title,
    cartId: 'cartId' in item.source ? item.source.cartId : null,
    source,
    startFrame: 0,
    start: timed ? { kind: 'at', atMs: row.startMs } : { kind: 'follow' },
    endAtMs: (fixedEnd || row.state === 'unplayable') && item.durationMs > 0 ? epochMs(row.startMs + item.durationMs) : null,
    crossfadeMs: timed ? Math.max(crossfadeMsOf(item), context.config.schedule.hardStartFadeMs) : crossfadeMsOf(item),
    resume: resumeOf(item, context.config),
  }
}

function sourceOf(item: RundownItem, context: QueueContext): PlaySource {
  switch (item.source.kind) {
    case 'file':
    case 'jingle':
      return pcmOf(item.source.cartId, false, context) ?? fillSource(context) ?? { kind: 'silence' }
    case 'fill':
      return (item.source.cartId ? pcmOf(item.source.cartId, true, context) : null) ?? fillSource(context) ?? { kind: 'silence' }
    case 'live':
    case 'relayLine':
      return { kind: 'input', inputId: item.source.inputId as InputId, gainDb: 0 }
    case 'relayStream':
      return { kind: 'stream', url: item.source.url, gainDb: 0 }
  }
}

function pcmOf(cartId: CartId, loop: boolean, context: QueueContext): PlaySource | null {
  const playable = context.playable(cartId)
  return playable ? { kind: 'pcm', path: playable.path, frames: playable.frames, gainDb: playable.gainDb, loop } : null
}

/** The station's fill, round and round. */
export function fillSource(context: QueueContext): PlaySource | null {
  return context.fillCartId ? pcmOf(context.fillCartId, true, context) : null
}

/** Rows that fill leads up to: in this queue, or on air already. */
export function rowsAfterFill(queue: readonly PlayItem[], onAir: ItemId | null): (itemId: ItemId) => boolean {
  const fills = new Set([...queue.map((item) => item.itemId), onAir])
  return (itemId) => fills.has(fillIdBefore(itemId))
}

export function isFill(itemId: ItemId): boolean {
  return itemId.startsWith('fill-')
}

function fillIdBefore(itemId: ItemId): ItemId {
  return `fill-${itemId}`.slice(0, 64) as ItemId
}

function fillItem(before: PlannedItem, source: PlaySource): PlayItem {
  return {
    itemId: fillIdBefore(before.item.itemId),
    title: 'Nhạc nền',
    cartId: null,
    source,
    startFrame: 0,
    start: { kind: 'follow' },
    endAtMs: before.startMs,
    crossfadeMs: 0,
    resume: { kind: 'exact' },
  }
}

/** Moves a play item to where it should be at `nowMs` when it is joined in progress. */
export function joinAt(item: PlayItem, plannedStartMs: EpochMs, nowMs: EpochMs): PlayItem {
  const offset = Math.max(0, nowMs - plannedStartMs) * framesPerMs
  if (item.source.kind !== 'pcm') return { ...item, start: { kind: 'follow' } }
  const startFrame = item.source.loop ? offset % item.source.frames : Math.min(offset, item.source.frames)
  return { ...item, start: { kind: 'follow' }, startFrame: Math.round(startFrame), crossfadeMs: 0 }
}

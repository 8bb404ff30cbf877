// Plan against reality, pure: every way in which a day went otherwise than planned, named and measured. What is planned comes
// from the rundown, what was sent and measured from rows; a schedule that was repeated is never proof that it was aired.
import type { LogRow } from '../../shared/domain/logbook.ts'
import { type Difference, type DifferenceCounts, type DifferenceKind, differenceKinds, type SentBar } from '../../shared/domain/review.ts'
import { epochMs } from '../../shared/domain/station-time.ts'
import type { Carried } from './day-bars.ts'
import type { PlannedSpan } from './plan-bars.ts'

/** Nothing was sent by this station in this span, and it had not been stopped by hand. */
export interface DeadSpan {
  readonly fromMs: number
  readonly toMs: number
  readonly seq: number
}

export interface DayFacts {
  readonly plan: readonly PlannedSpan[]
  /** Of this plan, and what nobody planned that began on this day. */
  readonly sent: readonly SentBar[]
  /** What of the day before was meant to be, or was, on air on this one. */
  readonly carried: Carried
  /** Rows of the day that explain (skipped, missed) or measure (alarm PROGRAMME_SILENT, also from before it). */
  readonly rows: readonly LogRow[]
  readonly dead: readonly DeadSpan[]
  readonly outputIds: readonly string[]
  /** The day's beginning. */
  readonly knownFromMs: number
  /** The day's end, or now: up to here silence is this day's. */
  readonly knownUntilMs: number
  /** What the plan has after this is still to come; a row may end after midnight. */
  readonly nowMs: number
}

/** Later than planned by this much is late; shorter by this much is cut short. */
const lateToleranceMs = 5_000
const shortToleranceMs = 2_000
/** Shorter silences are pauses between items. */
const silenceMs = 2_000
/** A hot key shorter than this is a jingle, not a programme. */
const hotKeyMs = 10_000

export function findDifferences(facts: DayFacts): readonly Difference[] {
  const found = [...facts.outputIds.flatMap((outputId) => differencesOfOutput(facts, outputId)), ...unplanned(facts), ...silences(facts)]
  return mergeOutputs(found, facts.outputIds.length).sort((a, b) => a.fromMs - b.fromMs || a.differenceId.localeCompare(b.differenceId))
}

export function countDifferences(differences: readonly Difference[]): DifferenceCounts {
  const counts = Object.fromEntries(differenceKinds.map((kind) => [kind, 0])) as Record<DifferenceKind, number>
  for (const difference of differences) counts[difference.kind] += 1
  return counts
}

function differencesOfOutput(facts: DayFacts, outputId: string): Difference[] {
  const sent = facts.sent.filter((bar) => bar.outputId === outputId)
  const plan = facts.plan.filter(({ item }) => item.outputIds.length === 0 || item.outputIds.some((id) => id === outputId))
  const found: Difference[] = []
  let formerLateMs = 0
  for (const span of plan) {
    const pieces = sent.filter((bar) => bar.itemId === span.item.itemId)
    const [first] = pieces
    if (first === undefined) {
      const absent = absence(facts, sent, span, outputId)
      if (absent !== null) found.push(absent)
      continue
    }
    const lateMs = span.timed && span.item.source.kind !== 'fill' ? first.fromMs - span.fromMs : 0
    // What only follows a late row is late by that row's fault, which has been named.
    if (lateMs - Math.max(0, formerLateMs) > lateToleranceMs)
      found.push(difference('late', outputId, span.item.itemId, first.title, span.fromMs, first.fromMs, lateMs, null, first.seq))
    if (span.timed) formerLateMs = lateMs
    const short = shortage(span, pieces)
    if (short !== null) found.push(difference('cutShort', outputId, span.item.itemId, ...short))
  }
  return found
}

/** Planned, and nothing of it was sent: not aired, or replaced where something unplanned filled most of its time. */
function absence(facts: DayFacts, sent: readonly SentBar[], span: PlannedSpan, outputId: string): Difference | null {
  const { item, fromMs, toMs } = span
  if (item.source.kind === 'fill' || item.durationMs === 0 || toMs > facts.nowMs) return null
  const planned = new Set(facts.plan.filter((other) => other.item.source.kind !== 'fill').map((other) => String(other.item.itemId)))
  // What ran on from the evening before may have taken the place of the first rows of the day.
  const instead = [...facts.carried.sent.filter((bar) => bar.outputId === outputId), ...sent]
    .filter((bar) => bar.kind !== 'hotkey' && bar.kind !== 'stop' && !planned.has(bar.itemId ?? ''))
    .map((bar) => ({ bar, coveredMs: overlapMs(bar, fromMs, toMs, facts.nowMs) }))
    .sort((a, b) => b.coveredMs - a.coveredMs)[0]
  const told = facts.rows.find((row) => {
    if (row.kind !== 'item.missed' && row.kind !== 'item.skipped') return false
    // Two rows of a day may bear one title.
    const itemId = row.planned?.['itemId']
    return itemId === undefined ? row.subject === item.title && row.planned?.['startMs'] !== undefined : itemId === item.itemId
  })
  const why = told?.measured?.['reason']
  const lengthMs = toMs - fromMs
  if (instead !== undefined && instead.coveredMs * 2 >= lengthMs)
    return difference('replaced', outputId, item.itemId, item.title, fromMs, toMs, lengthMs, instead.bar.title, instead.bar.seq)
  const reason = typeof why === 'string' ? why : null
  return difference('notAired', outputId, item.itemId, item.title, fromMs, toMs, lengthMs, reason, told?.seq ?? null)
}

type Shortage = [subject: string, fromMs: number, toMs: number, byMs: number, reason: string | null, seq: number]

/** How much of an item was not heard, all its pieces together; null while it goes on. */
function shortage(span: PlannedSpan, pieces: readonly SentBar[]): Shortage | null {
  const last = pieces.at(-1)
  if (last === undefined || last.toMs === null || last.reason === 'finished' || last.reason === 'fixedEnd') return null
  const heardMs = pieces.reduce((sum, piece) => sum + (piece.toMs ?? piece.fromMs) - piece.fromMs, 0)
  const missingMs = span.toMs - span.fromMs - heardMs
  if (span.item.source.kind === 'fill' || missingMs <= shortToleranceMs) return null
  return [last.title, last.toMs, last.toMs + missingMs, missingMs, last.reason, last.seq]
}

function unplanned(facts: DayFacts): Difference[] {
  const planned = new Set<string>(facts.plan.map(({ item }) => item.itemId))
  return facts.sent.flatMap((bar) => {
    if (bar.kind === 'stop' || (bar.kind === 'item' && planned.has(bar.itemId ?? ''))) return []
    const lengthMs = (bar.toMs ?? facts.knownUntilMs) - bar.fromMs
    if (bar.kind === 'hotkey' && lengthMs < hotKeyMs) return []
    return [
      difference('unplanned', bar.outputId, String(bar.seq), bar.title, bar.fromMs, bar.fromMs + lengthMs, lengthMs, bar.kind, bar.seq),
    ]
  })
}

/** Measured silence, a station that was not there, and a hand on STOP. */
function silences(facts: DayFacts): Difference[] {
  const found: Difference[] = []
  const add = (outputId: string | null, seq: number, beganMs: number, toMs: number, reason: string) => {
    const fromMs = Math.max(beganMs, facts.knownFromMs)
    if (toMs - fromMs > silenceMs) found.push(difference('silence', outputId, String(seq), '', fromMs, toMs, toMs - fromMs, reason, seq))
  }
  const raised = new Map<string, LogRow>()
  const over = (output: string, atMs: number) => {
    const since = raised.get(output)
    if (since === undefined) return
    raised.delete(output)
    const outputId = since.measured?.['outputId']
    add(typeof outputId === 'string' ? outputId : null, since.seq, since.atMs, atMs, 'measured')
  }
  for (const row of facts.rows) {
    // A station that died clears no alarm: up to its last row it was measured; the next raises it again where it is still silent.
    if (row.kind === 'station.started') {
      const diedMs = facts.dead.find((span) => span.seq === row.seq)?.fromMs ?? row.atMs
      for (const output of [...raised.keys()]) over(output, diedMs)
    }
    if (row.subject !== 'PROGRAMME_SILENT') continue
    const output = String(row.measured?.['output'] ?? '')
    if (row.kind === 'alarm.raised') raised.set(output, row)
    if (row.kind === 'alarm.cleared') over(output, row.atMs)
  }
  for (const output of [...raised.keys()]) over(output, facts.knownUntilMs)
  for (const span of facts.dead) if (wasPlanned(facts, span)) add(null, span.seq, span.fromMs, span.toMs, 'stationDown')
  for (const bar of facts.sent) if (bar.kind === 'stop') add(bar.outputId, bar.seq, bar.fromMs, bar.toMs ?? facts.knownUntilMs, 'stop')
  return found
}

function wasPlanned(facts: DayFacts, span: DeadSpan): boolean {
  return [...facts.carried.plan, ...facts.plan].some(({ fromMs, toMs }) => fromMs < span.toMs && toMs > span.fromMs)
}

function overlapMs(bar: SentBar, fromMs: number, toMs: number, nowMs: number): number {
  return Math.max(0, Math.min(bar.toMs ?? nowMs, toMs) - Math.max(bar.fromMs, fromMs))
}

function difference(
  kind: DifferenceKind,
  outputId: string | null,
  what: string,
  subject: string,
  fromMs: number,
  toMs: number,
  byMs: number,
  reason: string | null,
  seq: number | null,
): Difference {
  const differenceId = `${kind}/${outputId ?? '*'}/${what}`
  return { differenceId, kind, outputId, subject, fromMs: epochMs(fromMs), toMs: epochMs(toMs), byMs: Math.round(byMs), reason, seq }
}

/** What happened in the same way on every output of the station happened once. */
function mergeOutputs(found: readonly Difference[], outputs: number): Difference[] {
  const alike = Map.groupBy(found, (each) => `${each.kind} ${each.differenceId.split('/').slice(2).join('/')}`)
  return [...alike.values()].flatMap((group) => {
    const [first] = group
    const mergeable = first !== undefined && outputs > 1 && group.length === outputs && ['notAired', 'replaced'].includes(first.kind)
    return mergeable ? [{ ...first, outputId: null, differenceId: first.differenceId.replace(`/${first.outputId}/`, '/*/') }] : group
  })
}

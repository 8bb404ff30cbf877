// The supervisor's day: puts plan, rows and what was written about them together, and writes what the supervisor and the
// operator say about it: always as new rows.
import { OperatorError } from '../../shared/domain/errors.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import type { LogKind, LogRow } from '../../shared/domain/logbook.ts'
import {
  type DayReview,
  type DaySignature,
  type Month,
  type MonthDay,
  type PlannedBar,
  type ReviewNote,
  type SentBar,
  unansweredOf,
} from '../../shared/domain/review.ts'
import type { RundownItem } from '../../shared/domain/schedule.ts'
import { addDays, type BroadcastDay, dayOf, epochMs, startOfDay } from '../../shared/domain/time.ts'
import { dayBars } from './day-bars.ts'
import { countDifferences, type DeadSpan, findDifferences } from './differences.ts'
import type { LogbookService } from './logbook-service.ts'
import { type PlannedSpan, planSpans } from './plan-bars.ts'
import { sentBars } from './sent-bars.ts'

/** What the service needs of the store. */
export interface ReviewStore {
  /** Rows that tell what was sent, measured or left out between two instants, and the spans in which no station ran. */
  dayFacts(fromMs: number, toMs: number): Promise<{ readonly rows: LogRow[]; readonly dead: readonly DeadSpan[] }>
  /** Notes, questions, answers and signatures of the days from `fromDay` to `toDay`, inclusive. */
  reviewRows(fromDay: string, toDay: string): Promise<LogRow[]>
  /** How many rows each day has, from the day that begins at the first instant. */
  rowsPerDay(starts: readonly number[]): Promise<readonly number[]>
  head(): Promise<{ readonly seq: number; readonly hash: string }>
  rows(query: { readonly afterSeq: number; readonly limit: number }): Promise<readonly LogRow[]>
  items(day: BroadcastDay): Promise<readonly RundownItem[]>
}

export interface ReviewPorts {
  readonly store: ReviewStore
  readonly logbook: LogbookService
  readonly clock: Clock
  readonly outputIds: readonly string[]
}

/** An item that began before midnight is followed this far into the next day. */
const tailMs = 6 * 3_600_000
/** So far before the day's beginning an item may have begun, or a silence, that goes on in it. */
const headMs = 12 * 3_600_000
const longestText = 2_000

export class ReviewService {
  readonly #ports: ReviewPorts

  constructor(ports: ReviewPorts) {
    this.#ports = ports
  }

  async day(day: BroadcastDay): Promise<DayReview> {
    const { store, clock, outputIds } = this.#ports
    const fromMs = startOfDay(day)
    const endMs = startOfDay(addDays(day, 1))
    const planOf = async (of: BroadcastDay) => planSpans(await store.items(of), startOfDay(of))
    const [facts, written, before, plan, after] = await Promise.all([
      store.dayFacts(fromMs - headMs, endMs + tailMs),
      store.reviewRows(day, day),
      planOf(addDays(day, -1)),
      planOf(day),
      planOf(addDays(day, 1)),
    ])
    const now = clock.now()
    const { own: sent, carried } = dayBars(sentBars(facts.rows), { before, own: plan, after }, fromMs, endMs)
    const tells = (row: LogRow) =>
      row.atMs < fromMs
        ? row.kind === 'station.started' || row.subject === 'PROGRAMME_SILENT'
        : row.atMs < endMs || row.kind === 'item.missed' || row.kind === 'item.skipped'
    const rows = facts.rows.filter(tells)
    const dead = facts.dead.flatMap((span) =>
      span.fromMs < endMs && span.toMs > fromMs ? [{ ...span, toMs: Math.min(span.toMs, endMs) }] : [],
    )
    const differences = findDifferences({
      plan,
      sent,
      carried,
      rows,
      dead,
      outputIds,
      knownFromMs: fromMs,
      knownUntilMs: Math.min(now, endMs),
      nowMs: now,
    })
    return {
      day,
      over: now >= endMs && !(now < endMs + tailMs && goesOn(plan, sent, now)),
      planned: plan.map(plannedBar),
      sent: [...sent],
      carried: { planned: carried.plan.map(plannedBar), sent: [...carried.sent] },
      differences: [...differences],
      counts: countDifferences(differences),
      notes: written.flatMap(noteOf),
      signatures: written.flatMap(signatureOf),
    }
  }

  async month(month: Month): Promise<MonthDay[]> {
    const first = `${month}-01` as BroadcastDay
    const days = Array.from({ length: 31 }, (_, index) => addDays(first, index)).filter((day) => day.startsWith(month))
    const last = days.at(-1) ?? first
    const { store } = this.#ports
    const [counts, written, [oldest]] = await Promise.all([
      store.rowsPerDay([...days, addDays(last, 1)].map((day) => startOfDay(day))),
      store.reviewRows(first, last),
      store.rows({ afterSeq: 0, limit: 1 }),
    ])
    const began = oldest === undefined ? null : dayOf(oldest.atMs)
    const today = dayOf(this.#ports.clock.now())
    const byDay = Map.groupBy(written, (row) => row.subject)
    return days.flatMap((day, index) => {
      const rows = counts[index] ?? 0
      const of = byDay.get(day) ?? []
      const signature = of.flatMap(signatureOf).at(-1)
      // A day on which no station ran has no rows, and is the one to ask about.
      const dark = began !== null && day > began && day < today
      if (rows === 0 && signature === undefined && !dark) return []
      return [
        {
          day,
          rows,
          signedBy: signature?.by ?? null,
          signedAtMs: signature?.atMs ?? null,
          differences: signature?.differences ?? null,
          unanswered: unansweredOf(of.flatMap(noteOf)).length,
        },
      ]
    })
  }

  annotate(day: BroadcastDay, text: string, aboutSeq: number | null, actor: string): Promise<DayReview> {
    return this.#write(day, 'review.note', actor, { text: worded(text), aboutSeq })
  }

  async ask(day: BroadcastDay, differenceId: string, text: string, actor: string): Promise<DayReview> {
    await this.#known(day, differenceId)
    return this.#write(day, 'review.asked', actor, { text: worded(text), differenceId })
  }

  async answer(day: BroadcastDay, differenceId: string, text: string, actor: string): Promise<DayReview> {
    const { notes } = await this.#known(day, differenceId)
    if (!unansweredOf(notes).includes(differenceId)) throw new OperatorError('NOTHING_ASKED', { differenceId })
    return this.#write(day, 'review.answered', actor, { text: worded(text), differenceId })
  }

  /** `by` has proved the PIN. The signature names the head it was given on, so rows that come later are seen to be later. */
  async sign(day: BroadcastDay, by: string): Promise<DayReview> {
    const review = await this.day(day)
    if (!review.over) throw new OperatorError('DAY_NOT_OVER', { day })
    const head = await this.#ports.store.head()
    return this.#write(day, 'review.signed', by, {
      headSeq: head.seq,
      headHash: head.hash,
      differences: review.differences.length,
      unanswered: unansweredOf(review.notes).length,
      counts: review.counts,
    })
  }

  async #known(day: BroadcastDay, differenceId: string): Promise<DayReview> {
    const review = await this.day(day)
    const known = review.differences.some((each) => each.differenceId === differenceId)
    if (!known && !review.notes.some((note) => note.differenceId === differenceId)) throw new OperatorError('NOT_FOUND', { differenceId })
    return review
  }

  async #write(day: BroadcastDay, kind: LogKind, actor: string, sent: Record<string, unknown>): Promise<DayReview> {
    if (day > dayOf(this.#ports.clock.now())) throw new OperatorError('DAY_NOT_OVER', { day })
    const row = await this.#ports.logbook.note({ kind, actor, outputId: null, subject: day, sent })
    if (row === null) throw new OperatorError('STORE_UNAVAILABLE', { reason: 'the row was not written' })
    return this.day(day)
  }
}

/** An evening that runs over its midnight is over when its last row is. */
function goesOn(plan: readonly PlannedSpan[], sent: readonly SentBar[], nowMs: number): boolean {
  return plan.some(({ toMs }) => toMs > nowMs) || sent.some(({ kind, toMs }) => kind === 'item' && toMs === null)
}

function plannedBar({ item, fromMs, toMs }: PlannedSpan): PlannedBar {
  return { itemId: item.itemId, title: item.title, outputIds: [...item.outputIds], fromMs: epochMs(fromMs), toMs: epochMs(toMs) }
}

function worded(text: string): string {
  const trimmed = text.trim()
  if (trimmed === '') throw new OperatorError('TEXT_EMPTY')
  if (trimmed.length > longestText) throw new OperatorError('TEXT_TOO_LONG', { max: longestText })
  return trimmed
}

const noteKinds: Readonly<Partial<Record<LogKind, ReviewNote['kind']>>> = {
  'review.note': 'note',
  'review.asked': 'asked',
  'review.answered': 'answered',
}

function noteOf(row: LogRow): ReviewNote[] {
  const kind = noteKinds[row.kind]
  if (kind === undefined) return []
  const { differenceId, aboutSeq, text } = row.sent ?? {}
  return [
    {
      seq: row.seq,
      atMs: row.atMs,
      actor: row.actor,
      kind,
      differenceId: typeof differenceId === 'string' ? differenceId : null,
      aboutSeq: typeof aboutSeq === 'number' ? aboutSeq : null,
      text: typeof text === 'string' ? text : '',
    },
  ]
}

function signatureOf(row: LogRow): DaySignature[] {
  if (row.kind !== 'review.signed') return []
  const { headSeq, headHash, differences, unanswered } = row.sent ?? {}
  return [
    {
      seq: row.seq,
      atMs: row.atMs,
      by: row.actor,
      headSeq: Number(headSeq),
      headHash: String(headHash),
      differences: Number(differences),
      unanswered: Number(unanswered),
    },
  ]
}

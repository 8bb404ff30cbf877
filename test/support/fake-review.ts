// The supervisor's day of the fake station: yesterday with one difference of each kind, and what is said about them.
import { type DayReview, type Difference, type Month, type MonthDay, type ReviewNote, unansweredOf } from '../../shared/domain/review.ts'
import type { AirCheckDay } from '../../shared/domain/air-check.ts'
import { addDays, type BroadcastDay, epochMs, startOfDay } from '../../shared/domain/time.ts'

const minute = 60_000
/** Today at the fake station; earlier days are over. */
const today = '2026-11-21'

const programmes: readonly (readonly [title: string, from: string, minutes: number])[] = [
  ['Nhạc hiệu', '04:59', 1],
  ['Bản tin sáng', '05:00', 15],
  ['Dân ca Thái', '05:15', 15],
  ['Thời sự huyện', '05:30', 20],
  ['Khuyến nông: chăm chè vụ đông', '05:50', 10],
  ['Thông báo của UBND xã Nậm Có', '11:00', 10],
  ['Bản tin trưa', '11:10', 20],
  ['Tiếp âm Đài Tiếng nói Việt Nam', '18:00', 45],
]

/** Of the day before, over midnight. */
const night = 'Ca nhạc khuya'

export class FakeReview {
  readonly #notes = new Map<string, ReviewNote[]>()
  readonly #signed = new Map<string, { by: string; atMs: number }>()
  #seq = 9000

  day(day: BroadcastDay): DayReview {
    const at = (clock: string, shiftMs = 0) =>
      epochMs(startOfDay(day) + (Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))) * minute + shiftMs)
    const planned = programmes.map(([title, from, minutes], index) => ({
      itemId: `item-${index}`,
      title,
      outputIds: [],
      fromMs: at(from),
      toMs: at(from, minutes * minute),
    }))
    const difference = (
      kind: Difference['kind'],
      subject: string,
      fromMs: number,
      byMs: number,
      reason: string | null,
      outputId: string | null = null,
    ): Difference => ({
      differenceId: `${kind}/${outputId ?? '*'}/${subject}`,
      kind,
      outputId,
      subject,
      fromMs: epochMs(fromMs),
      toMs: epochMs(fromMs + byMs),
      byMs,
      reason,
      seq: 40,
    })
    const differences = [
      difference('late', 'Bản tin sáng', at('05:00'), 95_000, null, 'fm'),
      difference('cutShort', 'Thời sự huyện', at('05:41'), 9 * minute, 'nextTaken', 'fm'),
      difference('notAired', 'Khuyến nông: chăm chè vụ đông', at('05:50'), 10 * minute, 'missing'),
      difference('replaced', 'Thông báo của UBND xã Nậm Có', at('11:00'), 10 * minute, 'Lũ khẩn cấp'),
      difference('unplanned', 'Lũ khẩn cấp', at('11:00', 12_000), 8 * minute, 'alert', 'fm'),
      difference('silence', '', at('18:20'), 74_000, 'measured'),
    ]
    const sent = planned
      .filter((bar) => !['item-4', 'item-5'].includes(bar.itemId))
      .map((bar, index) => ({
        seq: 20 + index,
        kind: 'item' as const,
        itemId: bar.itemId,
        outputId: 'fm',
        title: bar.title,
        fromMs: epochMs(bar.fromMs + (index === 1 ? 95_000 : 0)),
        toMs: bar.itemId === 'item-3' ? at('05:41') : bar.toMs,
        reason: 'finished',
      }))
    const alert = { seq: 39, kind: 'alert' as const, itemId: null, outputId: 'fm', title: 'Lũ khẩn cấp', reason: 'finished' }
    const notes = this.#notes.get(day) ?? []
    const signed = this.#signed.get(day)
    const counts = { notAired: 1, late: 1, cutShort: 1, replaced: 1, unplanned: 1, silence: 1 }
    return {
      day,
      over: day < today,
      planned,
      sent: [...sent, { ...alert, fromMs: at('11:00', 12_000), toMs: at('11:08', 12_000) }],
      carried: {
        planned: [{ itemId: 'item-night', title: night, outputIds: [], fromMs: at('00:00', -20 * minute), toMs: at('00:40') }],
        sent: [
          { ...alert, seq: 12, kind: 'item', itemId: 'item-night', title: night, fromMs: at('00:00', -20 * minute), toMs: at('00:40') },
        ],
      },
      differences,
      counts,
      notes,
      signatures: signed
        ? [
            {
              seq: 9999,
              atMs: epochMs(signed.atMs),
              by: signed.by,
              headSeq: 9998,
              headHash: '7d1b0c4e'.repeat(8),
              differences: differences.length,
              unanswered: unansweredOf(notes).length,
            },
          ]
        : [],
    }
  }

  /** Until now; the newest segment is still open. */
  recordings(day: BroadcastDay, outputId: AirCheckDay['outputId'], nowMs: number): AirCheckDay {
    const fromMs = startOfDay(day)
    const length = 5 * minute
    const segments = Array.from({ length: 288 }, (_, index) => ({
      segmentId: `fm_${index}` as AirCheckDay['segments'][number]['segmentId'],
      fromMs: epochMs(fromMs + index * length),
      toMs: epochMs(Math.min(nowMs, fromMs + (index + 1) * length)),
      finished: fromMs + (index + 1) * length <= nowMs,
    })).filter((segment, index) => index !== 40 && segment.fromMs < nowMs)
    return {
      day,
      outputId,
      segments,
      gaps: [{ fromMs: epochMs(fromMs + 40 * length), toMs: epochMs(fromMs + 41 * length), reason: 'stationDown' }],
      budget: {
        usedBytes: 41e9,
        freeBytes: 96e9,
        bytesPerDay: 614e6,
        daysLeft: 153,
        keepDays: 200,
        oldestMs: epochMs(fromMs - 66 * 86_400_000),
      },
    }
  }

  month(month: Month): MonthDay[] {
    const first = `${month}-01` as BroadcastDay
    return Array.from({ length: 31 }, (_, index) => addDays(first, index))
      .filter((day) => day.startsWith(month) && day <= today)
      .map((day, index) => ({
        day,
        rows: 400 + 37 * (index % 9),
        signedBy: index < 17 ? 'Lò Thị Mai' : (this.#signed.get(day)?.by ?? null),
        signedAtMs: null,
        differences: index < 17 ? index % 4 : null,
        unanswered: unansweredOf(this.#notes.get(day) ?? []).length,
      }))
  }

  write(day: BroadcastDay, note: Pick<ReviewNote, 'kind' | 'differenceId' | 'text'>): DayReview {
    this.#seq += 1
    const atMs = epochMs(startOfDay(day) + 30 * 3_600_000)
    this.#notes.set(day, [...(this.#notes.get(day) ?? []), { seq: this.#seq, atMs, actor: 'Lò Thị Mai', aboutSeq: null, ...note }])
    return this.day(day)
  }

  sign(day: BroadcastDay, by: string): DayReview {
    this.#signed.set(day, { by, atMs: startOfDay(day) + 31 * 3_600_000 })
    return this.day(day)
  }
}

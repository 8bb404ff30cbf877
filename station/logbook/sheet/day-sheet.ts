// What is on the sheet of a day, as tables of words: the same for the PDF and the spreadsheet. Pure, in Vietnamese, because it is
// a paper of a Vietnamese station; names and texts from outside stand in it as they are.
import { type Difference, type DayReview, type DifferenceKind, type SentBar, unansweredOf } from '../../../shared/domain/review.ts'
import { clockText, dateText, durationText, startOfDay } from '../../../shared/domain/time.ts'

export interface SheetStation {
  readonly id: string
  readonly name: string
  readonly place: readonly string[]
  readonly training: boolean
  readonly outputs: readonly { readonly outputId: string; readonly name: string }[]
}

export interface DaySheet {
  readonly station: SheetStation
  readonly review: DayReview
  readonly head: { readonly seq: number; readonly hash: string }
  readonly madeAtMs: number
}

export interface SheetTable {
  readonly title: string
  /** In a spreadsheet, on the tab; at most 31 characters. */
  readonly tab: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** What is said where there are no rows. */
  readonly empty: string
}

const kinds: Readonly<Record<DifferenceKind, string>> = {
  notAired: 'Không phát',
  late: 'Phát muộn',
  cutShort: 'Bị cắt ngắn',
  replaced: 'Bị thay',
  unplanned: 'Ngoài lịch',
  silence: 'Im lặng',
}
const sentKinds: Readonly<Record<SentBar['kind'], string>> = {
  item: 'chương trình',
  alert: 'tin khẩn cấp',
  live: 'trực tiếp',
  hotkey: 'phím nóng',
  stop: 'ngắt tiếng',
}
const reasons: Readonly<Record<string, string>> = {
  ...sentKinds,
  finished: 'hết mục',
  fixedEnd: 'hết giờ',
  nextTaken: 'chuyển mục',
  hardStart: 'mục đúng giờ cắt',
  cleared: 'bỏ khỏi lịch',
  stopped: 'dừng',
  skipped: 'bỏ qua',
  failed: 'lỗi',
  interrupted: 'gián đoạn',
  missing: 'thiếu tệp',
  measured: 'đo được im lặng',
  stationDown: 'đài không chạy',
  stop: 'có người ngắt tiếng',
}

/** What the QR code says, and the line under it: enough to find and check the head of the chain. */
export function headText({ station, review, head }: DaySheet): string {
  return `truc-song:1:${station.id}:${review.day}:${head.seq}:${head.hash}`
}

export function summaryLines({ review }: DaySheet): readonly string[] {
  const counts = Object.entries(kinds).map(([kind, word]) => `${word.toLowerCase()} ${review.counts[kind as DifferenceKind]}`)
  const signed = review.signatures.map(
    (signature) => `Đã ký: ${signature.by}, ${dateText(signature.atMs)} ${clockText(signature.atMs)}, trên hàng ${signature.headSeq}`,
  )
  return [
    `Theo kế hoạch ${review.planned.length} mục, đã phát ${review.sent.filter((bar) => bar.kind === 'item').length} lượt.`,
    `Sai khác ${review.differences.length}: ${counts.join(', ')}.`,
    `Yêu cầu giải trình chưa trả lời: ${unansweredOf(review.notes).length}.`,
    ...(signed.length === 0 ? ['Chưa ký.'] : signed),
  ]
}

export function sheetTables(sheet: DaySheet): readonly SheetTable[] {
  const { review, station } = sheet
  const output = (outputId: string | null) =>
    outputId === null ? 'mọi đầu ra' : (station.outputs.find((each) => each.outputId === outputId)?.name ?? outputId)
  return [
    {
      title: 'Sai khác giữa kế hoạch và thực tế',
      tab: 'Sai khác',
      columns: ['Từ', 'Đến', 'Sai khác', 'Nội dung', 'Chênh', 'Vì sao', 'Đầu ra', 'Giải trình'],
      rows: review.differences.map((each) => [
        clockText(each.fromMs),
        clockText(each.toMs),
        kinds[each.kind],
        each.subject,
        durationText(each.byMs),
        reasonWords(each),
        output(each.outputId),
        notesOf(review, each.differenceId),
      ]),
      empty: 'Không có sai khác.',
    },
    {
      title: 'Đã phát',
      tab: 'Đã phát',
      columns: ['Từ', 'Đến', 'Loại', 'Nội dung', 'Kết thúc', 'Đầu ra', 'Hàng'],
      rows: review.sent.map((bar) => [
        clockText(bar.fromMs),
        bar.toMs === null ? '' : clockText(bar.toMs),
        sentKinds[bar.kind],
        bar.title,
        bar.reason === null ? '' : (reasons[bar.reason] ?? bar.reason),
        output(bar.outputId),
        String(bar.seq),
      ]),
      empty: 'Không phát gì.',
    },
    {
      title: 'Kế hoạch',
      tab: 'Kế hoạch',
      columns: ['Từ', 'Đến', 'Nội dung', 'Đầu ra'],
      rows: review.planned.map((bar) => [
        clockText(bar.fromMs),
        clockText(bar.toMs),
        bar.title,
        bar.outputIds.length === 0 ? output(null) : bar.outputIds.map(output).join(', '),
      ]),
      empty: 'Không có kế hoạch.',
    },
    {
      title: 'Ghi chú',
      tab: 'Ghi chú',
      columns: ['Lúc', 'Ai', 'Nội dung'],
      rows: review.notes
        .filter((note) => note.differenceId === null)
        .map((note) => [`${dateText(note.atMs)} ${clockText(note.atMs)}`, note.actor, note.text]),
      empty: 'Không có ghi chú.',
    },
  ]
}

export function sheetTitle({ review }: DaySheet): string {
  return `Phiếu phát sóng ngày ${dateText(startOfDay(review.day))}`
}

function reasonWords({ kind, reason }: Difference): string {
  if (reason === null) return ''
  return kind === 'replaced' ? reason : (reasons[reason] ?? reason)
}

function notesOf(review: DayReview, differenceId: string): string {
  return review.notes
    .filter((note) => note.differenceId === differenceId)
    .map((note) => `${note.kind === 'asked' ? 'Hỏi' : 'Trả lời'} (${note.actor}): ${note.text}`)
    .join('\n')
}

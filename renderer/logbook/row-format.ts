// A logbook row in words: planned, sent and measured as short "name value" pairs with their units. Pure.
import type { LogKind, LogRow } from '../../shared/domain/logbook.ts'
import { clockText, durationText, epochMs } from '../../shared/domain/time.ts'
import { numberText } from '../format/numbers.ts'

export type LogGroup = 'air' | 'alert' | 'device' | 'alarm' | 'edit' | 'system'

export const groupOf: Readonly<Record<LogKind, LogGroup>> = {
  'station.started': 'system',
  'station.stopped': 'system',
  'station.adopted': 'system',
  'audio.started': 'system',
  'audio.died': 'system',
  'audio.gap': 'air',
  'item.aired': 'air',
  'item.skipped': 'air',
  'item.missed': 'air',
  'item.interrupted': 'air',
  'item.resumed': 'air',
  cutin: 'alert',
  'alert.composed': 'alert',
  'alert.changed': 'alert',
  'alert.armed': 'alert',
  'alert.disarmed': 'alert',
  'alert.previewed': 'alert',
  'input.live': 'air',
  hotkey: 'air',
  stop: 'alert',
  reopen: 'alert',
  'operator.command': 'air',
  'schedule.changed': 'edit',
  'library.imported': 'edit',
  'library.changed': 'edit',
  'library.removed': 'edit',
  'library.refused': 'edit',
  'device.order': 'device',
  'device.status': 'device',
  'device.lease': 'device',
  'alarm.raised': 'alarm',
  'alarm.cleared': 'alarm',
  'alarm.acknowledged': 'alarm',
  'clock.jump': 'system',
  'config.liveFiring': 'system',
  'session.signedIn': 'system',
  'session.signedOut': 'system',
  'session.refused': 'system',
  'people.changed': 'system',
  'recording.kept': 'system',
  'recording.failed': 'system',
  'recording.removed': 'system',
  'review.note': 'edit',
  'review.asked': 'edit',
  'review.answered': 'edit',
  'review.signed': 'edit',
  'sheet.made': 'system',
  'province.item': 'edit',
  'province.manifest': 'system',
}

/** Rows that say something went otherwise than planned. */
export function isUnusual(row: LogRow): boolean {
  return (
    row.late ||
    row.measured?.['corrected'] === true ||
    [
      'audio.died',
      'audio.gap',
      'item.skipped',
      'item.missed',
      'item.interrupted',
      'stop',
      'library.refused',
      'alarm.raised',
      'clock.jump',
      'cutin',
    ].includes(row.kind)
  )
}

/** How names and coded values are said. */
export interface RowWords {
  name(key: string): string
  value(value: string): string
  label(id: string): string
}

/** Values that serve machines; shown only in the row’s own card. */
const internal = new Set([
  'audioEvent',
  'sha256',
  'pages',
  'alertId',
  'outputId',
  'deviceId',
  'bootId',
  'successor',
  'frame',
  'startFrame',
  'frames',
  'subject',
  'day',
  'sinceMs',
  'lastHeardAt',
  'nextAttemptAt',
  'entryId',
  'revision',
  'itemId',
  'expectItemId',
  'differenceId',
  'headHash',
  'counts',
  'channels',
])

/** One column as text: `trễ 18 ms · 28,6 W`. */
export function columnText(values: LogRow['planned'], language: 'vi' | 'en', words: RowWords, whole = false): string {
  if (values === null) return ''
  return Object.entries(values)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .filter(([key]) => whole || !internal.has(key))
    .map(([key, value]) => pairText(key, value, language, words))
    .join(' · ')
}

const units: readonly (readonly [RegExp, (value: number, language: 'vi' | 'en') => string])[] = [
  [/(At|atMs|startMs|endMs|sinceMs|^fromMs)$/i, (value) => (value > 1e11 ? clockText(epochMs(value)) : durationText(value))],
  [/latency.*Ms$/i, (value, language) => `${numberText(value, value < 10 ? 1 : 0, language)} ms`],
  [/(Ms|^ms)$/, (value, language) => (value < 1000 ? `${numberText(value, 0, language)} ms` : durationText(value))],
  [/^overrunS$/, (value) => durationText(value * 1000)],
  [/^bytes$/, (value, language) => `${numberText(value / 1e6, 1, language)} MB`],
  [/W$/, (value, language) => `${numberText(value, 1, language)} W`],
  [/Db(fs|tp)?$/i, (value, language) => `${numberText(value, 1, language)} dB`],
  [/Lufs$/i, (value, language) => `${numberText(value, 1, language)} LUFS`],
  [/Khz$/i, (value, language) => `${numberText(value / 1000, 1, language)} MHz`],
]

function pairText(key: string, value: unknown, language: 'vi' | 'en', rowWords: RowWords): string {
  const { name, value: valueWord } = rowWords
  const words = name(key)
  if (typeof value === 'number') {
    const unit = units.find(([suffix]) => suffix.test(key))
    return `${words} ${unit === undefined ? numberText(value, Number.isInteger(value) ? 0 : 2, language) : unit[1](value, language)}`
  }
  if (typeof value === 'boolean') return value ? words : `${words} ✕`
  if (Array.isArray(value)) return `${words} ${value.map((each) => partText(each, language, rowWords)).join(', ')}`
  if (typeof value === 'object') return `${words} ${partText(value, language, rowWords)}`
  return `${words} ${valueWord(String(value))}`
}

/** One member of a list: a carrier as `Máy phát: sóng mang đã lên`, anything else as it is. */
function partText(value: unknown, language: 'vi' | 'en', words: RowWords): string {
  if (typeof value !== 'object' || value === null) return words.value(String(value))
  if ('kind' in value && Object.keys(value).length === 1) return words.value(String(value.kind))
  if ('deviceId' in value && 'state' in value) return `${words.label(String(value.deviceId))}: ${words.value(String(value.state))}`
  return Object.entries(value)
    .map(([key, each]) => pairText(key, each, language, words))
    .join(' ')
}

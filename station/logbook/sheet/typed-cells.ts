// Cells of the tables for people that are more than words: a spreadsheet sorts and adds them only as numbers. What a cell shows is what is
// sealed, so each kind is read back as the words it was made from, and only in a form that shows those.
import { clockText, dateText, durationText, epochMs } from '../../../shared/domain/time.ts'

/** time: of the day · duration: a length, over 24 hours too · moment: date and time · count: a number of things, or of a row. */
export type CellKind = 'time' | 'duration' | 'moment' | 'count'

/** Form of each kind as it is written. */
export const formOf: Readonly<Record<CellKind, string>> = {
  time: 'hh:mm:ss',
  duration: '[h]:mm:ss',
  moment: 'dd/mm/yyyy hh:mm:ss',
  count: '0',
}
/** As other programs spell the same, in small letters. */
const sameForms: Readonly<Record<CellKind, readonly string[]>> = {
  time: ['hh:mm:ss', 'h:mm:ss'],
  duration: ['[h]:mm:ss', '[hh]:mm:ss'],
  moment: ['dd/mm/yyyy hh:mm:ss', 'dd/mm/yyyy h:mm:ss'],
  count: ['0', 'general'],
}
const columns: Readonly<Record<string, CellKind>> = { Từ: 'time', Đến: 'time', Chênh: 'duration', Lúc: 'moment', Hàng: 'count' }
const daySeconds = 86_400
/** Day 0 of spreadsheets, before 1970, days. */
const firstDay = 25_569
/** Viet Nam against UTC, the whole year. */
const aheadMs = 7 * 3_600_000

export function kindOf(column: string | undefined): CellKind | null {
  return columns[column ?? ''] ?? null
}

/** null = it stays words: empty, or a length below nothing, which spreadsheets show as ####. */
export function numberOf(kind: CellKind, text: string): number | null {
  const parts = text.split(/[/ :]/)
  if (parts.some((part) => !/^\d+$/.test(part))) return null
  const numbers = parts.map(Number)
  if (kind === 'count') return numbers.length === 1 ? (numbers[0] ?? null) : null
  const clock = kind === 'moment' ? numbers.slice(3) : numbers
  const seconds = clock.reduce((sum, part) => sum * 60 + part, 0)
  if (kind !== 'moment') return seconds / daySeconds
  const [day = 0, month = 1, year = 0] = numbers
  return Date.UTC(year, month - 1, day) / 1000 / daySeconds + firstDay + seconds / daySeconds
}

/** The words that a number of this kind was made from; whoever saved it last may have rounded it. */
export function wordsOf(kind: CellKind, value: number): string {
  if (kind === 'count' || value < 0 || (kind === 'time' && value >= 1)) return String(value)
  const seconds = Math.round(value * daySeconds)
  if (kind === 'duration') return durationText(seconds * 1000)
  // The numbers hold the clock of Viet Nam.
  const atMs = epochMs((seconds - (kind === 'moment' ? firstDay * daySeconds : 0)) * 1000 - aheadMs)
  return kind === 'moment' ? `${dateText(atMs)} ${clockText(atMs)}` : clockText(atMs)
}

/** Whether a form shows all of a kind, and nothing else. */
export function shows(kind: CellKind, form: string): boolean {
  return sameForms[kind].includes(plainForm(form))
}

/** Whether a form leaves words as they are. */
export function leavesWords(form: string): boolean {
  const plain = plainForm(form)
  return plain === 'general' || plain === '@' || Object.values(sameForms).some((forms) => forms.includes(plain))
}

/** Without what programs add that shows nothing: marks of the language, backslashes before separators, the part for words. */
function plainForm(form: string): string {
  return form
    .toLowerCase()
    .replaceAll(/\[\$-[0-9a-f]+\]/g, '')
    .replaceAll(/\\([ /:.-])/g, '$1')
    .replace(/;@$/, '')
}

// Vietnamese text as it is written → as it is said: numbers, times, dates, units, telephone numbers, abbreviations. The
// voice would read "02h30" or "6-7/9" as it likes; a public alert is read one way. Pure; order of the rules matters, and
// every rule turns the digits it takes into words, so that a later one never sees them. No digit is ever dropped.
import { abbreviations, numberedAbbreviations, units } from './abbreviations-vi.ts'
import { decimalWords, digitWords, integerWords } from './numbers-vi.ts'

type Rule = readonly [pattern: RegExp, say: (...groups: string[]) => string]

const number = String.raw`\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?`
const hour = '(?:[01]?\\d|2[0-4])'
const minute = '[0-5]\\d'
/** 02h30, 2h5, 14h, 14 giờ 05 phút, 14:05. Three groups may hold the minutes. */
const time = `(${hour})(?:h([0-5]?\\d)|\\s?(?:h|giờ)(?:\\s?(${minute}))?|:(${minute}))(?:'|’|\\s?phút|p(?!\\p{L}))?`
const day = '(0?[1-9]|[12]\\d|3[01])'
const month = '(0?[1-9]|1[0-2])'
const notInside = '(?<![\\p{L}\\p{N}.,/:])'
const notOn = '(?![\\p{L}\\p{N}]|[/:]\\d)'

/** `text` as it is to be spoken: no digits, no abbreviations that are known, one space between words. Line breaks stay. */
export function normaliseVi(text: string): string {
  let spoken = text
    .normalize('NFC')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
  for (const [pattern, say] of rules) spoken = spoken.replace(pattern, (_match, ...groups: string[]) => ` ${say(...groups)} `)
  return tidy(spoken)
}

const rules: readonly Rule[] = [
  // Document numbers first: their slashes are not dates. 18/2021/QĐ-TTg.
  rule(
    `${notInside}(\\d+)/(\\d{4})/([\\p{Lu}][\\p{L}-]*)`,
    (number, year, sign) => `${integer(number)} năm ${integer(year)} ${abbreviation(sign)}`,
  ),
  rule(`${notInside}(${alternatives(Object.keys(abbreviations))})(?![\\p{L}\\p{N}])`, abbreviation),
  rule(`${notInside}(${alternatives(Object.keys(numberedAbbreviations))})\\s?(?=\\d)`, (short) => numberedAbbreviations[short] ?? short),
  rule('&', () => 'và'),
  // 150 mm/24h, 20 l/phút.
  rule('(?<=\\d\\s?(?:mm|cm|m|m3|m³|l))/(?=\\d)', () => 'trong'),

  // Dates with a year; written with dashes they look like telephone numbers.
  rule(
    `${notInside}(ngày\\s+)?${day}([/.-])${month}\\3(\\d{4})${notOn}`,
    (_word, d, _separator, m, y) => `${dayMonth(d, m)} năm ${integer(y)}`,
  ),

  // Telephone: +84…, 0… with 9–11 digits, hot lines after a word that announces them.
  rule(`(?<!\\p{N})\\+84[\\s.-]?((?:\\d[\\s.-]?){8,9}\\d)(?!\\d)`, (rest) => `cộng tám tư ${phone(rest)}`),
  rule(`(?<![\\p{N},])(\\(?0\\d{1,4}\\)?(?:[\\s.-]?\\d){6,10})(?!\\d)`, phone),
  rule(`(?<=(?:gọi|số|máy|thoại|nóng|hotline|tổng đài|hoặc|và|,):?\\s{0,3})(11[1-5]|1[89]00(?:[\\s.-]?\\d){4,6})(?!\\d|[.,]\\d)`, phone),

  // Times, then what needs less to be recognised.
  rule(`${notInside}(tháng\\s+)?${month}[/-](\\d{4})${notOn}`, (_word, m, y) => `tháng ${monthWord(m)} năm ${integer(y)}`),
  rule(
    `${notInside}${time}\\s?-\\s?${time}${notOn}`,
    (h1, a1, b1, c1, h2, a2, b2, c2) => `${clock(h1, a1 ?? b1 ?? c1)} đến ${clock(h2, a2 ?? b2 ?? c2)}`,
  ),
  rule(`${notInside}(${hour}):(${minute}):(${minute})${notOn}`, (h, m, s) => `${clock(h, m)} ${integer(s)} giây`),
  rule(`${notInside}${time}${notOn}`, (h, a, b, c) => clock(h, a ?? b ?? c)),
  rule(
    `${notInside}(ngày\\s+)?${day}\\s?-\\s?${day}/${month}${notOn}`,
    (_word, from, to, m) => `ngày ${integer(from)} đến ${dayMonth(to, m)}`,
  ),
  rule(
    `(?<=(?:ngày|sáng|trưa|chiều|tối|đêm|mai|nay|hôm|từ|đến)\\s+)${day}/${month}${notOn}`,
    (d, m) => `${integer(d)} tháng ${monthWord(m)}`,
  ),
  rule(
    `${notInside}([1-9])/([2-9]|10)(?=\\s+(?:số|dân|diện|quân|chiều|công|tổng|khối|đoạn|quãng))`,
    (a, b) => `${integer(a)} phần ${integer(b)}`,
  ),
  rule(`${notInside}${day}/${month}${notOn}`, dayMonth),
  rule(`${notInside}(\\d+)/(\\d+)(?!\\d)`, (a, b) => `${integer(a)} trên ${integer(b)}`),

  // Positions on the chart.
  rule(`(${number})\\s?°?\\s?[NB](?![\\p{L}\\p{N}])`, (value) => `${amount(value)} độ vĩ Bắc`),
  rule(`(${number})\\s?°?\\s?[EĐ](?![\\p{L}\\p{N}])`, (value) => `${amount(value)} độ kinh Đông`),

  rule(`(?<=\\d(?:${alternatives(units.map(([unit]) => unit))})?)\\s?-\\s?(?=\\d)`, () => 'đến'),
  rule(`(?<![\\p{L}\\p{N}])-\\s?(?=\\d)`, () => 'âm'),
  rule('[~≈]\\s?(?=\\d)', () => 'khoảng'),
  rule('(?:>=|≥)\\s?(?=\\d)', () => 'từ'),
  rule('>\\s?(?=\\d)', () => 'trên'),
  rule('(?:<=|≤)\\s?(?=\\d)', () => 'không quá'),
  rule('<\\s?(?=\\d)', () => 'dưới'),
  rule(
    `(${number})\\s?(${alternatives(units.map(([unit]) => unit))})(?![\\p{L}\\p{N}])`,
    (value, unit) => `${amount(value)} ${unitWord(unit)}`,
  ),

  rule('(?<=(?:tháng|Tháng)\\s+)(0?[1-9]|1[0-2])(?!\\d|[.,]\\d)', monthWord),
  rule('(?<=(?:thứ|Thứ)\\s+)([1-9])(?!\\d|[.,]\\d)', (n) => (n === '1' ? 'nhất' : n === '4' ? 'tư' : integer(n))),
  rule('(?<=(?:cấp|Cấp|báo động|Báo động|mức|loại|quý|khóa|kỳ|số)\\s+)([IVX]{1,5})(?![\\p{L}\\p{N}])', (roman) => romanWord(roman)),
  rule(`(${number})`, amount),
]

function rule(pattern: string, say: (...groups: string[]) => string): Rule {
  return [new RegExp(pattern, 'gu'), say]
}

function alternatives(words: readonly string[]): string {
  return [...words]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`))
    .join('|')
}

function abbreviation(short: string): string {
  return abbreviations[short] ?? short
}

function unitWord(unit: string): string {
  return units.find(([short]) => short === unit)?.[1] ?? unit
}

function integer(text: string): string {
  return integerWords(text.replace(/^0+(?=\d)/, ''))
}

/** 1.234.567 · 1.234,5 · 12,5 · 18.9 · 007. */
function amount(text: string): string {
  if (/^\d{1,3}(\.\d{3})+(,\d+)?$/.test(text)) {
    const [whole = '', fraction] = text.split(',')
    const plain = whole.replaceAll('.', '')
    return fraction === undefined ? integerWords(plain) : decimalWords(plain, fraction)
  }
  const [whole = '', fraction] = text.split(/[.,]/)
  return fraction === undefined ? integerWords(whole) : decimalWords(whole, fraction)
}

function phone(text: string): string {
  return text
    .split(/[^\d]+/)
    .filter((part) => part !== '')
    .map(digitWords)
    .join(', ')
}

function clock(hours: string, minutes: string | undefined): string {
  if (minutes === undefined) return `${integer(hours)} giờ`
  return Number(minutes) === 0 ? `${integer(hours)} giờ đúng` : `${integer(hours)} giờ ${integer(minutes)} phút`
}

function dayMonth(d: string, m: string): string {
  return `ngày ${integer(d)} tháng ${monthWord(m)}`
}

function monthWord(m: string): string {
  return Number(m) === 4 ? 'tư' : integer(m)
}

const romans = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII']

function romanWord(roman: string): string {
  const value = romans.indexOf(roman) + 1
  return value === 0 ? roman : integerWords(String(value))
}

function tidy(text: string): string {
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/ ([.,;:!?…)])/g, '$1')
    .replace(/\( /g, '(')
    .replace(/\bngày ngày\b/gu, 'ngày')
    .trim()
}

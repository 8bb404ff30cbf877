// Vietnamese number words (northern standard: linh, nghìn, mốt, lăm, tư). Pure; the inverse lives in the tests.

const digits = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'] as const
const scales = ['', ' nghìn', ' triệu', ' tỷ'] as const
/** Longer runs of digits are codes or accounts, never amounts. */
const longestAmount = 12

/** Each digit by itself, as telephone numbers and codes are read. */
export function digitWords(text: string): string {
  return [...text].map((digit) => digits[Number(digit)] ?? digit).join(' ')
}

/** The amount a run of digits stands for. With leading zeros, or longer than 12 digits, it is read digit by digit. */
export function integerWords(text: string): string {
  if (text.length > longestAmount || (text.length > 1 && text.startsWith('0'))) return digitWords(text)
  const groups = (text.match(/\d{1,3}(?=(\d{3})*$)/g) ?? []).map(Number)
  const words: string[] = []
  for (const [index, group] of groups.entries()) {
    const scale = scales[groups.length - 1 - index] ?? ''
    if (group > 0) words.push(groupWords(group, index > 0) + scale)
  }
  return words.length === 0 ? digits[0] : words.join(' ')
}

/** After the comma: two digits as an amount (hai mươi lăm), anything longer or with a leading zero digit by digit. */
export function decimalWords(whole: string, fraction: string): string {
  const tail = fraction.length <= 2 && !fraction.startsWith('0') ? integerWords(fraction) : digitWords(fraction)
  return `${integerWords(whole)} phẩy ${tail}`
}

/** 0–999; `padded` reads the missing hundreds of a group in the middle: không trăm linh năm. */
function groupWords(value: number, padded: boolean): string {
  const hundreds = Math.floor(value / 100)
  const tens = Math.floor(value / 10) % 10
  const ones = value % 10
  const words: string[] = []
  if (hundreds > 0 || padded) words.push(`${digits[hundreds]} trăm`)
  if (tens === 0 && ones > 0 && words.length > 0) words.push('linh')
  if (tens === 1) words.push('mười')
  if (tens > 1) words.push(`${digits[tens]} mươi`)
  if (ones > 0) words.push(oneWord(ones, tens))
  return words.join(' ')
}

function oneWord(ones: number, tens: number): string {
  if (tens > 1 && ones === 1) return 'mốt'
  if (tens > 1 && ones === 4) return 'tư'
  if (tens > 0 && ones === 5) return 'lăm'
  return digits[ones] ?? ''
}

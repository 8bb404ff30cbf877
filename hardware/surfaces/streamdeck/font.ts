// A bitmap font for words on keys, ours: capitals of 5×7 dots, and the Vietnamese marks drawn above and below them, because a
// key that says NGAT TIENG instead of NGẮT TIẾNG is read wrongly in a hurry. A character is at most 5 wide and 14 high.

/** Seven rows of five dots, one base-32 digit per row, leftmost dot = 16. */
const glyphs: Readonly<Record<string, string>> = {
  A: 'ehhvhhh',
  B: 'uhhuhhu',
  C: 'ehggghe',
  D: 'uhhhhhu',
  E: 'vgguggv',
  F: 'vgguggg',
  G: 'ehgnhhf',
  H: 'hhhvhhh',
  I: 'e44444e',
  J: '72222ic',
  K: 'hikokih',
  L: 'ggggggv',
  M: 'hrllhhh',
  N: 'hpljhhh',
  O: 'ehhhhhe',
  P: 'uhhuggg',
  Q: 'ehhhlid',
  R: 'uhhukih',
  S: 'fgge11u',
  T: 'v444444',
  U: 'hhhhhhe',
  V: 'hhhhha4',
  W: 'hhhllrh',
  X: 'hha4ahh',
  Y: 'hha4444',
  Z: 'v1248gv',
  0: 'ehjlphe',
  1: '4c4444e',
  2: 'eh1248v',
  3: 'v2421he',
  4: '26aiv22',
  5: 'vgu11he',
  6: '68guhhe',
  7: 'v124888',
  8: 'ehhehhe',
  9: 'ehhf12c',
  '-': '000v000',
  '.': '00000cc',
  ':': '0cc0cc0',
  '/': '01248g0',
  '%': 'op248j3',
  '+': '044v440',
  '!': '4444404',
  '?': 'eh12404',
  Đ: 'u99t99u',
}

/** Rows of marks, from the top: the tone mark lies above the vowel mark (Ắ, Ế, Ỗ). */
const vowelMarks: Readonly<Record<string, readonly string[]>> = {
  '\u0302': ['4', 'a'],
  '\u0306': ['h', 'e'],
}
const toneMarks: Readonly<Record<string, readonly string[]>> = {
  '\u0300': ['8', '4'],
  '\u0301': ['2', '4'],
  '\u0309': ['6', '2', '4'],
  '\u0303': ['d', 'm'],
}
const horn = '\u031b'
const dotBelow = '\u0323'

export const glyphWidth = 5
/** 3 rows for a tone mark, 2 for a vowel mark, 7 for the letter, 2 for a dot below. */
export const glyphHeight = 14
const letterTop = 5
const emptyRow = 0

/** Rows of one character as bit masks (bit 4 = left); `glyphHeight` of them. Unknown characters show as `?`. */
export function glyphRows(character: string): readonly number[] {
  const upper = character.normalize('NFC').toLocaleUpperCase('vi')
  const [base = ' ', ...marks] = [...upper.normalize('NFD')]
  const rows = new Array<number>(glyphHeight).fill(emptyRow)
  if (base === ' ') return rows
  place(rows, letterTop, glyphs[base] ?? glyphs['?'] ?? '')
  let top = letterTop
  for (const mark of marks) {
    const shape = vowelMarks[mark]
    if (shape !== undefined) {
      top -= shape.length
      place(rows, top, shape.join(''))
    }
  }
  for (const mark of marks) {
    const tone = toneMarks[mark]
    if (tone !== undefined) place(rows, top - tone.length, tone.join(''))
    else if (mark === dotBelow) rows[letterTop + 8] = 4
    else if (mark === horn) rows[letterTop - 1] = (rows[letterTop - 1] ?? 0) | 3
  }
  return rows
}

function place(rows: number[], top: number, shape: string): void {
  for (const [index, digit] of [...shape].entries()) rows[top + index] = (rows[top + index] ?? 0) | Number.parseInt(digit, 32)
}

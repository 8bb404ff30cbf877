// Draws a key: a field of colour with the word in it, as large as it fits. Pure. Pixels are RGB, row by row.
import type { LampColour } from '../panel-state.ts'
import { glyphHeight, glyphRows, glyphWidth } from './font.ts'

export type Rgb = readonly [red: number, green: number, blue: number]

/** Field and ink of each lamp colour; every pair has a contrast above 4.5:1, and the word says what the colour means. */
export const keyColours: Readonly<Record<LampColour, { readonly field: Rgb; readonly ink: Rgb }>> = {
  off: { field: [0, 0, 0], ink: [190, 190, 190] },
  red: { field: [183, 28, 28], ink: [255, 255, 255] },
  green: { field: [20, 90, 30], ink: [255, 255, 255] },
  amber: { field: [255, 179, 0], ink: [0, 0, 0] },
  white: { field: [235, 235, 235], ink: [0, 0, 0] },
}

const letterGap = 1
const marginPx = 3
const largestScale = 4

/** Breaks at spaces into lines of at most `columns` characters; a longer word is cut there. */
export function breakLines(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.trim().split(/\s+/)) {
    const fitted = [...word].slice(0, columns).join('')
    const last = lines.at(-1)
    if (last !== undefined && [...last].length + 1 + [...fitted].length <= columns) lines[lines.length - 1] = `${last} ${fitted}`
    else lines.push(fitted)
  }
  return lines
}

/** The lines and the dot size with which the whole text fits, the largest first; at the smallest size the rest is cut off. */
export function layOut(text: string, width: number, height: number): { readonly lines: readonly string[]; readonly scale: number } {
  for (let scale = largestScale; scale >= 1; scale--) {
    const columns = Math.floor((width - 2 * marginPx + letterGap * scale) / ((glyphWidth + letterGap) * scale))
    const rows = Math.floor((height - 2) / (glyphHeight * scale))
    if (columns < 1 || rows < 1) continue
    const lines = breakLines(text, columns)
    const longestWord = Math.max(
      ...text
        .trim()
        .split(/\s+/)
        .map((word) => [...word].length),
    )
    if ((lines.length <= rows && longestWord <= columns) || scale === 1) return { lines: lines.slice(0, rows), scale }
  }
  return { lines: [], scale: 1 }
}

/** `lit: false` is the dark phase of a flashing key: the word stays readable, the field goes out. */
export function drawKey(text: string, colour: LampColour, lit: boolean, width: number, height: number): Uint8Array {
  const { field, ink } = lit ? keyColours[colour] : keyColours.off
  const pixels = new Uint8Array(width * height * 3)
  for (let at = 0; at < pixels.length; at += 3) pixels.set(field, at)
  if (text.trim() === '') return pixels
  const { lines, scale } = layOut(text.normalize('NFC'), width, height)
  const top = Math.floor((height - lines.length * glyphHeight * scale) / 2)
  for (const [lineIndex, line] of lines.entries()) {
    const characters = [...line]
    const lineWidth = (characters.length * (glyphWidth + letterGap) - letterGap) * scale
    const left = Math.floor((width - lineWidth) / 2)
    for (const [index, character] of characters.entries()) {
      const x = left + index * (glyphWidth + letterGap) * scale
      stamp(pixels, width, glyphRows(character), x, top + lineIndex * glyphHeight * scale, scale, ink)
    }
  }
  return pixels
}

function stamp(pixels: Uint8Array, width: number, rows: readonly number[], left: number, top: number, scale: number, ink: Rgb): void {
  for (const [row, bits] of rows.entries()) {
    for (let column = 0; column < glyphWidth; column++) {
      if (((bits >> (glyphWidth - 1 - column)) & 1) === 0) continue
      for (let dot = 0; dot < scale * scale; dot++) {
        const x = left + column * scale + (dot % scale)
        const y = top + row * scale + Math.floor(dot / scale)
        const at = (y * width + x) * 3
        if (x >= 0 && x < width && at >= 0 && at + 2 < pixels.length) pixels.set(ink, at)
      }
    }
  }
}

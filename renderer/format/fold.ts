// Vietnamese text matched as people type it: case, marks and both places of the tone mark ("hòa", "hoà") do not count.
import { fold } from '../../shared/domain/fold.ts'

export { fold }

/** Whether every word of the query occurs in the text, marks or not. Words typed with marks must match with their marks. */
export function matches(text: string, query: string): boolean {
  const words = query.trim().split(/\s+/).filter(Boolean)
  const folded = fold(text)
  const exact = unifyTone(text)
  return words.every((word) => (isBare(word) ? folded.includes(fold(word)) : exact.includes(unifyTone(word))))
}

function isBare(word: string): boolean {
  return fold(word) === word.toLowerCase()
}

const tones = /[\u0300\u0301\u0303\u0309\u0323]/g

/** Lower-case NFC with the tone mark moved to the end of each word, so that its place in the word does not matter. */
function unifyTone(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .split(/\s+/)
    .map((word) => `${word.replace(tones, '').normalize('NFC')}${(word.match(tones) ?? []).join('')}`)
    .join(' ')
}

/** Sorting as a Vietnamese reader expects. */
export const collator = new Intl.Collator('vi', { numeric: true })

// A text as the phrases an announcer would read in one breath, with the pause after each. Short enough that a drill's
// reminder always finds a place within its 30 s, and that rendering never holds more than one.

export interface Phrase {
  readonly text: string
  readonly pauseAfterMs: number
}

/** About 14 s of speech. */
const longest = 200
const pauseMs = { comma: 180, sentence: 450, paragraph: 800 } as const

/** `spoken` has no abbreviations left (normalise-vi.ts), so every full stop ends a sentence. */
export function toPhrases(spoken: string): Phrase[] {
  const phrases: Phrase[] = []
  for (const paragraph of spoken.split(/\n+/)) {
    const sentences = paragraph.match(/[^.!?;:…]+[.!?;:…]*/g) ?? []
    const before = phrases.length
    for (const sentence of sentences.map((one) => one.trim())) if (/[\p{L}\p{N}]/u.test(sentence)) phrases.push(...breaths(sentence))
    const last = phrases.at(-1)
    if (last && phrases.length > before) phrases[phrases.length - 1] = { ...last, pauseAfterMs: pauseMs.paragraph }
  }
  return phrases
}

function breaths(sentence: string): Phrase[] {
  const parts: string[] = []
  let rest = sentence
  while (rest.length > longest) {
    const comma = rest.lastIndexOf(', ', longest)
    const space = rest.lastIndexOf(' ', longest)
    const at = comma > longest / 3 ? comma + 1 : space > 0 ? space : longest
    parts.push(rest.slice(0, at).trim())
    rest = rest.slice(at).trim()
  }
  if (rest !== '') parts.push(rest)
  return parts.map((text, index) => ({ text, pauseAfterMs: index < parts.length - 1 ? pauseMs.comma : pauseMs.sentence }))
}

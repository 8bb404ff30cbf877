// What of a row can be searched for: its subject, who acted, and the words in its three columns; folded, each word once.
import { fold } from '../../shared/domain/fold.ts'

/** Hashes, ids and other machine words would fill the index and nobody types them. */
const machineWord = /^(?:[0-9a-f]{16,}|[\w-]*[0-9a-f]{8}-[0-9a-f-]{9,})$/i
const mostWords = 300

/** @param payloads JSON texts of planned, sent and measured */
export function searchText(subject: string, actor: string, payloads: readonly (string | null)[]): string {
  const texts = [subject, actor]
  for (const payload of payloads) if (payload !== null) collect(JSON.parse(payload), texts)
  const words = new Set<string>()
  for (const text of texts) for (const word of fold(text).split(/[^\p{L}\p{N}]+/u)) if (word !== '') words.add(word)
  return [...words].slice(0, mostWords).join(' ')
}

function collect(value: unknown, texts: string[]): void {
  if (typeof value === 'string') {
    if (!machineWord.test(value)) texts.push(value)
  } else if (Array.isArray(value)) for (const member of value) collect(member, texts)
  else if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) collect(member, texts)
}

/** The words of a query as FTS5 wants them, each a prefix and all required; null where nothing can be searched. */
export function searchQuery(text: string): string | null {
  const words = fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  return words.length === 0 ? null : words.map((word) => `"${word}"*`).join(' ')
}

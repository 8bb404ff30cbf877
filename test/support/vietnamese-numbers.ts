// Vietnamese number words understood back, written apart from the product's speller so that the two can disagree.

const ones: Readonly<Record<string, bigint>> = {
  không: 0n,
  một: 1n,
  mốt: 1n,
  hai: 2n,
  ba: 3n,
  bốn: 4n,
  tư: 4n,
  năm: 5n,
  lăm: 5n,
  sáu: 6n,
  bảy: 7n,
  tám: 8n,
  chín: 9n,
}
const scales: Readonly<Record<string, bigint>> = { nghìn: 1_000n, triệu: 1_000_000n, tỷ: 1_000_000_000n }

/** The amount, or null where the words are no amount (a telephone number, say). */
export function numberOf(words: string): bigint | null {
  let total = 0n
  let group = 0n
  let pending: bigint | null = null
  for (const word of words.trim().split(/[\s,]+/)) {
    const one = ones[word]
    const scale = scales[word]
    if (one !== undefined) {
      if (pending !== null) return null
      pending = one
    } else if (word === 'trăm' || word === 'mươi') {
      if (pending === null) return null
      group += pending * (word === 'trăm' ? 100n : 10n)
      pending = null
    } else if (word === 'mười') {
      if (pending !== null) return null
      group += 10n
    } else if (word === 'linh') {
      if (pending !== null) return null
    } else if (scale !== undefined) {
      total += (group + (pending ?? 0n)) * scale
      group = 0n
      pending = null
    } else return null
  }
  return total + group + (pending ?? 0n)
}

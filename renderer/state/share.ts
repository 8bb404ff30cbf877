// Structural sharing: a new slice keeps every unchanged object of the old one, so that narrow selectors see no change
// where there is none and React draws only what moved.

type Plain = Record<string, unknown>

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `next`, with every deeply equal part replaced by the very object of `previous`. */
export function share<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next
  if (Array.isArray(previous) && Array.isArray(next)) return shareArray(previous, next) as T
  if (isPlain(previous) && isPlain(next)) return shareObject(previous, next) as T
  return next
}

function shareArray(previous: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  let same = previous.length === next.length
  const out = next.map((value, index) => {
    const kept = share(previous[index], value)
    if (!Object.is(kept, previous[index])) same = false
    return kept
  })
  return same ? previous : out
}

function shareObject(previous: Plain, next: Plain): Plain {
  const keys = Object.keys(next)
  let same = keys.length === Object.keys(previous).length
  const out: Plain = {}
  for (const key of keys) {
    const kept = share(previous[key], next[key])
    if (!Object.is(kept, previous[key]) || !(key in previous)) same = false
    out[key] = kept
  }
  return same ? previous : out
}

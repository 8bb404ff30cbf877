// One spelling for one value: keys sorted by code unit, no white space, what JSON cannot say made sayable first.
// The hash chain stands on this: a row read back from SQLite must give the same bytes as the row that was written.

/** What JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/**
 * A value as it will come back from storage: `undefined` members dropped, numbers that JSON lacks written as text
 * (a level of −Infinity dB is an answer, not an absence), lone surrogates replaced as UTF-8 storage would.
 */
export function toJsonValue(value: unknown): JsonValue {
  switch (typeof value) {
    case 'string':
      return value.toWellFormed()
    case 'number':
      return Number.isFinite(value) ? (Object.is(value, -0) ? 0 : value) : String(value)
    case 'boolean':
      return value
    case 'bigint':
      return String(value)
    case 'object':
      return value === null ? null : objectToJson(value)
    default:
      return null
  }
}

function objectToJson(value: object): JsonValue {
  if (Array.isArray(value)) return value.map(toJsonValue)
  if ('toJSON' in value && typeof value.toJSON === 'function') return toJsonValue(value.toJSON())
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(members.map(([key, member]) => [key.toWellFormed(), toJsonValue(member)]))
}

/** Canonical JSON text of a value that is already a JSON value. */
export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`)
  return `{${members.join(',')}}`
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

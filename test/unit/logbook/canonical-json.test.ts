import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, type JsonValue, toJsonValue } from '../../../station/logbook/index.ts'

describe('canonical JSON', () => {
  it('sorts keys at every depth and leaves no white space', () => {
    expect(canonicalJson({ b: 1, a: { d: [1, 'x'], c: null } })).toBe('{"a":{"c":null,"d":[1,"x"]},"b":1}')
  })

  it('says what JSON cannot: a level of −∞ dB is text, an absent member is absent, −0 is 0', () => {
    expect(
      toJsonValue({ peakDb: Number.NEGATIVE_INFINITY, lufs: Number.NaN, gone: undefined, zero: -0, at: new Date(0), big: 12n }),
    ).toEqual({
      peakDb: '-Infinity',
      lufs: 'NaN',
      zero: 0,
      at: '1970-01-01T00:00:00.000Z',
      big: '12',
    })
  })

  it('replaces lone surrogates as UTF-8 storage would, in keys and in text', () => {
    expect(toJsonValue({ '\ud800': 'a\udfff' })).toEqual({ '\ufffd': 'a\ufffd' })
  })

  it('keeps a member called __proto__ as data', () => {
    const text = '{"__proto__":{"x":1}}'
    expect(canonicalJson(toJsonValue(JSON.parse(text)))).toBe(text)
  })

  it('gives the same text for whatever comes back through JSON, whatever the order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = canonicalJson(toJsonValue(value))
        expect(canonicalJson(toJsonValue(JSON.parse(once)))).toBe(once)
        expect(canonicalJson(toJsonValue(reversed(value as JsonValue)))).toBe(once)
      }),
    )
  })
})

function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  )
}

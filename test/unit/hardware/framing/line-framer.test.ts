import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LineFramer } from '../../../../hardware/framing/line-framer.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

/** Cuts a buffer at the given places. */
function cut(whole: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = [0, ...at.map((place) => place % (whole.length + 1)), whole.length].sort((a, b) => a - b)
  return places.slice(1).map((end, i) => whole.subarray(places[i], end))
}

describe('line framer', () => {
  test.each([
    ['CR', 'A=1\rB=2\r'],
    ['LF', 'A=1\nB=2\n'],
    ['CR LF', 'A=1\r\nB=2\r\n'],
    ['a mixture with empty lines', '\n\rA=1\r\r\n\nB=2\n'],
  ])('ends lines at %s', (_, text) => {
    expect(new LineFramer(80).push(bytes(text))).toEqual({ lines: ['A=1', 'B=2'], overflows: 0 })
  })

  test('a line over the ceiling is dropped up to its end and counted once; the next one is whole', () => {
    const framer = new LineFramer(10)
    expect(framer.push(bytes('x'.repeat(1000)))).toEqual({ lines: [], overflows: 1 })
    expect(framer.push(bytes(`${'x'.repeat(1000)}\rA=1\r`))).toEqual({ lines: ['A=1'], overflows: 0 })
  })

  test('reset forgets half a line', () => {
    const framer = new LineFramer(10)
    framer.push(bytes('half'))
    framer.reset()
    expect(framer.push(bytes('A=1\r')).lines).toEqual(['A=1'])
  })

  test('however the stream is cut, the lines are the same', () => {
    const line = fc.stringMatching(/^[A-Z.]{1,8}=[0-9A-Z]{0,6}$/)
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 12 }),
        fc.constantFrom('\r', '\n', '\r\n'),
        fc.array(fc.nat(), { maxLength: 20 }),
        (lines, ending, places) => {
          const framer = new LineFramer(80)
          const seen = cut(bytes(lines.map((one) => one + ending).join('')), places).flatMap((chunk) => [...framer.push(chunk).lines])
          expect(seen).toEqual(lines)
        },
      ),
    )
  })

  test('garbage never throws and never yields a line over the ceiling', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 }), (chunks) => {
        const framer = new LineFramer(40)
        for (const chunk of chunks) for (const line of framer.push(chunk).lines) expect(line.length).toBeLessThanOrEqual(40)
      }),
    )
  })
})

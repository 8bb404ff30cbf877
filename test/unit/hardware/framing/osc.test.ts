// Vectors: OSC 1.0 specification, "Examples" (the two messages printed there byte by byte); node-osc as a foreign peer.
import fc from 'fast-check'
import { Message, decode, encode } from 'node-osc'
import { expect, test } from 'vitest'
import { decodeOsc, encodeOsc, maxOscBytes, type OscArgument } from '../../../../hardware/framing/osc.ts'

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'))

// "/oscillator/4/frequency" ,f 440.0
const specFrequency = hex(`
  2f6f7363 696c6c61 746f722f 342f6672 65717565 6e637900
  2c660000 43dc0000`)
// "/foo" ,iisff 1000 -1 "hello" 1.234 5.678
const specFoo = hex(`
  2f666f6f 00000000 2c696973 66660000 000003e8 ffffffff
  68656c6c 6f000000 3f9df3b6 40b5b22d`)

test('encodes the two messages of the specification byte for byte', () => {
  expect(encodeOsc({ address: '/oscillator/4/frequency', args: [{ type: 'f', value: 440 }] })).toEqual(specFrequency)
  const args: OscArgument[] = [
    { type: 'i', value: 1000 },
    { type: 'i', value: -1 },
    { type: 's', value: 'hello' },
    { type: 'f', value: 1.234 },
    { type: 'f', value: 5.678 },
  ]
  expect(encodeOsc({ address: '/foo', args })).toEqual(specFoo)
})

test('decodes the two messages of the specification', () => {
  expect(decodeOsc(specFrequency)).toEqual({ ok: true, message: { address: '/oscillator/4/frequency', args: [{ type: 'f', value: 440 }] } })
  const foo = decodeOsc(specFoo)
  expect(foo.ok && foo.message.args.map((argument) => argument.type).join('')).toBe('iisff')
  expect(foo.ok && foo.message.args[3]?.value).toBeCloseTo(1.234, 6)
})

test('a foreign implementation reads what we write, and we read what it writes', () => {
  const ours = encodeOsc({ address: '/ch/01/mix/fader', args: [{ type: 'f', value: 0.75 }] })
  const theirs = decode(Buffer.from(ours)) as unknown as { address: string; args: { value: number }[] }
  expect(theirs.address).toBe('/ch/01/mix/fader')
  expect(JSON.stringify(theirs.args)).toContain('0.75')
  const message = new Message('/ch/02/mix/on', { type: 'i', value: 1 } as never)
  const read = decodeOsc(Uint8Array.from(encode(message)))
  expect(read).toEqual({ ok: true, message: { address: '/ch/02/mix/on', args: [{ type: 'i', value: 1 }] } })
})

test('an address without arguments and without a type list is a read request', () => {
  expect(encodeOsc({ address: '/info', args: [] })).toEqual(hex('2f696e66 6f000000'))
})

test('the reply to /node comes from an address without a slash', () => {
  const bytes = encodeOsc({ address: 'node', args: [{ type: 's', value: '/ch/01/mix ON   0.0 OFF +0 OFF   -oo\n' }] })
  const read = decodeOsc(bytes)
  expect(read.ok && read.message.address).toBe('node')
})

test('anything from the network is answered, never thrown, and what decodes fits its bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const read = decodeOsc(bytes)
      return read.ok || read.reason.length > 0
    }),
    { numRuns: 2000 },
  )
  expect(decodeOsc(new Uint8Array(maxOscBytes + 1)).ok).toBe(false)
  expect(decodeOsc(hex('2f610000 2c620000 7fffffff 00000000'))).toMatchObject({ ok: false })
  expect(decodeOsc(hex('23627564 6c650000 00000000'))).toMatchObject({ ok: false })
  expect(decodeOsc(hex('2f610000 2c660000 7f800000')), 'infinity is no fader').toMatchObject({ ok: false })
})

test('garbled by any three bytes, a message is refused or reads as another one', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(specFoo.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }), (changes) => {
      const bytes = Uint8Array.from(specFoo)
      for (const [at, value] of changes) bytes[at] = value
      decodeOsc(bytes)
    }),
  )
})

const argument: fc.Arbitrary<OscArgument> = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((value): OscArgument => ({ type: 'i', value })),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map((value): OscArgument => ({ type: 'f', value })),
  fc.stringMatching(/^[ -~]{0,20}$/).map((value): OscArgument => ({ type: 's', value })),
  fc.uint8Array({ maxLength: 30 }).map((value): OscArgument => ({ type: 'b', value })),
)

test('round trip', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\/[a-z0-9/]{1,30}$/), fc.array(argument, { maxLength: 8 }), (address, args) => {
      expect(decodeOsc(encodeOsc({ address, args }))).toEqual({ ok: true, message: { address, args } })
    }),
  )
})

// CRC vectors that are not ours: the CRC catalogue's check value (reveng, CRC-16/MODBUS), the frame captured from modbus-serial
// (PROTOCOLS.md 2.6), and frames printed by relay makers (Waveshare wiki; a second maker's leaflet).
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crc16, matchReply, sealFrame } from '../../../../hardware/framing/rtu-frame.ts'

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

describe('CRC', () => {
  test('check value of the catalogue', () => {
    expect(crc16(Buffer.from('123456789'))).toBe(0x4b37)
  })

  test.each([
    ['read two holding registers, as modbus-serial sends it', '01 03 00 00 00 02 C4 0B'],
    ['relay 0 on', '01 05 00 00 FF 00 8C 3A'],
    ['relay 0 off', '01 05 00 00 00 00 CD CA'],
    ['relay 1 on', '01 05 00 01 FF 00 DD FA'],
    ['relay 1 off', '01 05 00 01 00 00 9C 0A'],
    ['all relays on', '01 05 00 FF FF 00 BC 0A'],
    ['all relays off', '01 05 00 FF 00 00 FD FA'],
    ['relay 0 flash on for 700 ms', '01 05 02 00 00 07 8D B0'],
  ])('%s', (_, frame) => {
    const whole = hex(frame)
    expect(sealFrame(whole.subarray(0, -2))).toEqual(whole)
  })
})

describe('matching a reply', () => {
  const coils = { slave: 1, functionCode: 1, length: 6 }
  const reply = sealFrame(hex('01 01 01 05'))

  test('every part of it is incomplete, the whole is complete', () => {
    for (let length = 0; length < reply.length; length++)
      expect(matchReply(reply.subarray(0, length), coils)).toEqual({ kind: 'incomplete' })
    expect(matchReply(reply, coils)).toEqual({ kind: 'complete', body: hex('01 01 01 05') })
  })

  test.each([
    ['another slave', sealFrame(hex('02 01 01 05'))],
    ['another function', sealFrame(hex('01 03 02 00 05'))],
    ['a wrong CRC', hex('01 01 01 05 00 00')],
    ['two replies glued together', Uint8Array.from([...reply, ...reply])],
    ['the exception of another function', sealFrame(hex('01 83 02'))],
  ])('%s is malformed', (_, bytes) => {
    expect(matchReply(bytes, coils).kind).toBe('malformed')
  })

  test('an exception is one whatever length the reply would have had', () => {
    expect(matchReply(sealFrame(hex('01 81 02')), coils)).toEqual({ kind: 'exception', exceptionCode: 2 })
    expect(matchReply(sealFrame(hex('01 81 02')), { ...coils, length: 8 })).toEqual({ kind: 'exception', exceptionCode: 2 })
  })

  test('a reply with any one bit flipped is never taken for a reply', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 30 }), fc.nat(), (data, place) => {
        const whole = sealFrame(Uint8Array.from([9, 3, data.length, ...data]))
        const bent = whole.slice()
        const bit = place % (whole.length * 8)
        bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const verdict = matchReply(bent, { slave: 9, functionCode: 3, length: whole.length })
        expect(['malformed', 'incomplete']).toContain(verdict.kind)
      }),
    )
  })

  test('garbage never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => void matchReply(bytes, coils)))
  })
})

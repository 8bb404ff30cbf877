import { describe, expect, test } from 'vitest'
import type { ZonesDesired } from '../../../../hardware/contract/kinds.ts'
import { planRelays, type RelayCommand } from '../../../../hardware/zones/waveshare-relay/plan.ts'
import {
  energise,
  energiseFor,
  readAllCoils,
  readVersion,
  release,
  releaseAll,
  waveshareRelay8 as board,
} from '../../../../hardware/zones/waveshare-relay/protocol.ts'
import { encodeRequest } from '../../../../hardware/modbus/codec.ts'
import type { EpochMs } from '../../../../shared/domain/time.ts'

const coils = (...on: number[]) => Array.from({ length: 8 }, (_, coil) => on.includes(coil))
const seen = (...on: number[]) => ({ coils: coils(...on), atMs: 0 as EpochMs })
const wish = (on: number[], refresh = 1): ZonesDesired => ({ coils: coils(...on), leaseMs: 20_000, refresh, causeId: 'cut-1' })
const short = ({ command }: { command: RelayCommand }) => (command.kind === 'releaseAll' ? 'releaseAll' : `${command.kind} ${command.coil}`)

describe('relay plan', () => {
  test.each<[string, ReturnType<typeof seen> | null, ZonesDesired, [number, number][], string[]]>([
    ['all off is all off', seen(), wish([]), [], []],
    ['what is off and wished on is energised', seen(), wish([0, 2]), [], ['energise 0', 'energise 2']],
    ['what is on with the same refresh is left', seen(0), wish([0]), [[0, 1]], []],
    ['a new refresh renews the lease', seen(0), wish([0], 2), [[0, 1]], ['energise 0']],
    ['an adopted relay whose lease nobody knows is renewed', seen(0), wish([0]), [], ['energise 0']],
    ['one that fell off is energised again', seen(), wish([0]), [[0, 1]], ['energise 0']],
    ['one wished off is released', seen(0, 1), wish([0]), [[0, 1]], ['release 1']],
    [
      'several wished off beside one on are released one by one, first',
      seen(1, 2),
      wish([5]),
      [],
      ['release 1', 'release 2', 'energise 5'],
    ],
    ['nothing wished on: one frame opens all', seen(0, 3, 5), wish([]), [], ['releaseAll']],
    ['from ignorance to silence', null, wish([]), [], ['releaseAll']],
    ['from ignorance to an all-call', null, wish([0, 1, 2, 3, 4, 5, 6, 7]), [], [0, 1, 2, 3, 4, 5, 6, 7].map((coil) => `energise ${coil}`)],
    [
      'from ignorance to one zone: the others are released',
      null,
      wish([6]),
      [],
      [...[0, 1, 2, 3, 4, 5, 7].map((coil) => `release ${coil}`), 'energise 6'],
    ],
  ])('%s', (_, observed, desired, leased, plan) => {
    expect(planRelays(observed, desired, new Map(leased), 8).map(short)).toEqual(plan)
  })

  test('every order says why and for which decision', () => {
    for (const { reason, causeId } of planRelays(null, wish([6]), new Map(), 8)) {
      expect(reason).not.toBe('')
      expect(causeId).toBe('cut-1')
    }
  })
})

describe('frames as the maker prints them (Waveshare wiki, "Modbus RTU Relay")', () => {
  test.each([
    ['relay 0 on', energise(board, 0), '01050000ff008c3a'],
    ['relay 1 off', release(board, 1), '0105000100009c0a'],
    ['all off', releaseAll(board), '010500ff0000fdfa'],
    ['flash on 700 ms', energiseFor(board, 0, 700), '0105020000078db0'],
    ['read the relays', readAllCoils(board), '0101000000083dcc'],
    ['read the version', readVersion(board), '010380000001adca'],
  ])('%s', (_, request, frame) => {
    expect(Buffer.from(encodeRequest(1, request)).toString('hex')).toBe(frame)
  })

  test.each([
    [20_000, 200],
    [1, 1],
    [0, 1],
    [150, 2],
    [99_999_999, 32_767],
  ])('a lease of %i ms is %i units: never shorter than wished, never zero, never over the board`s most', (leaseMs, value) => {
    expect(energiseFor(board, 3, leaseMs)).toEqual({ kind: 'writeCoil', address: 0x0203, value })
  })

  test('the toggle value cannot be built', () => {
    const values = [energise(board, 0), release(board, 0), releaseAll(board)].map((request) =>
      request.kind === 'writeCoil' ? request.value : null,
    )
    expect(values).not.toContain(0x5500)
  })
})

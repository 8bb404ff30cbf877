// Golden transcripts, one per model, written by hand from the manuals' tables (PROTOCOLS.md 2.1) and not by our simulator: every
// name that is asked, every value with another digit than its neighbours, so that a swapped name or a factor of 10 or 1000 shows.
import { describe, expect, test } from 'vitest'
import { crownFmeProfile, heliosProfile, type TransmitterProfile } from '../../../../hardware/transmitters/ecreso-crown/profile.ts'
import { encodeRead, parseLine, parseQuantity } from '../../../../hardware/transmitters/ecreso-crown/protocol.ts'
import { Telemetry } from '../../../../hardware/transmitters/ecreso-crown/telemetry.ts'
import type { TransmitterObserved } from '../../../../shared/domain/device.ts'
import { DriverError } from '../../../../shared/domain/errors.ts'
import { epochMs } from '../../../../shared/domain/time.ts'

/** Name, Helios, Crown; `-` = the model has no such name. */
const table = `
TX.OPMODE          ON      ON
TX.SBY             OFF     OFF
TX.PWR             98      1800
TX.PFWD            97      1750
TX.PREF            23      314
TX.VSWR            01.4    02.1
TX.FREQ            102400  98.5
TX.INTERLOCK       CLOSE   CLOSE
TX.LOCALMODE       REMOTE  -
TX.MODE            -       REMOTE
TX.RFPRESENT       PRES    PRES
TX.FAULT           OK      OK
TX.WARNING         OFF     -
TX.ALARM.1DB       -       OFF
TX.ALARM.3DB       OFF     OFF
TX.ALARM.VSWR      OFF     OFF
TX.ALARM.VSWRTRIP  -       OFF`
const column = (at: 1 | 2) =>
  table
    .trim()
    .split('\n')
    .map((line) => line.split(/ +/))
    .flatMap((cells) => (cells[at] === '-' ? [] : `${cells[0]}=${cells[at]}`))
    .join('\n')
const helios = column(1)
const crown = column(2)
/** What both show, in the same words. */
const inOrder = {
  carrierOn: true,
  interlockClosed: true,
  localMode: false,
  rfPresent: true,
  fault: false,
  alarms: [],
  tempDegC: null,
  atMs: epochMs(5000),
}

/** Reads the whole picture from a unit that answers by this transcript; what is not in it is refused. `changed`: lines that read otherwise. */
async function picture(profile: TransmitterProfile, transcript: string, ...changed: string[]) {
  const lines = new Map(
    [...transcript.trim().split('\n'), ...changed].map((line) => [line.slice(0, line.indexOf('=')), line] satisfies [string, string]),
  )
  const asked: string[] = []
  const read = async (name: string) => {
    const request = Buffer.from(encodeRead(name, profile.lineEnding)).toString('latin1')
    expect(request, 'the line ends with CR').toBe(`${name}\r`)
    asked.push(name)
    const line = parseLine(lines.get(name) ?? 'ERROR', profile, profile.answers)
    if (line.kind !== 'value') throw new DriverError('nak', 'tx', `${name} was refused`)
    expect(line.name).toBe(name)
    return line.value
  }
  const observed = await new Telemetry(profile, 'tx').poll(read, () => epochMs(5000))
  return { observed, asked, names: [...lines.keys()] }
}

const models: [string, TransmitterProfile, string, TransmitterObserved][] = [
  [
    'Helios: frequency in kHz',
    heliosProfile,
    helios,
    { ...inOrder, forwardPowerW: 97, reflectedPowerW: 2.3, powerSetW: 98, vswr: 1.4, frequencyKhz: 102_400 },
  ],
  [
    'Crown: frequency in MHz',
    crownFmeProfile,
    crown,
    { ...inOrder, forwardPowerW: 1750, reflectedPowerW: 31.4, powerSetW: 1800, vswr: 2.1, frequencyKhz: 98_500 },
  ],
]

describe.each(models)('%s', (_, profile, transcript, expected) => {
  const local = profile === heliosProfile ? 'TX.LOCALMODE' : 'TX.MODE'
  const alarms = [...transcript.matchAll(/^(TX\.ALARM\.\S+|TX\.WARNING)=/gm)].map(([, name]) => name ?? '')
  const words: Record<string, string> = {
    'TX.ALARM.1DB': '1dB',
    'TX.ALARM.3DB': '3dB',
    'TX.ALARM.VSWR': 'VSWR',
    'TX.ALARM.VSWRTRIP': 'VSWR trip',
    'TX.WARNING': 'warning',
  }

  test('every name of the table is asked once, and means what the manual says', async () => {
    const { observed, asked, names } = await picture(profile, transcript)
    expect([...asked].sort()).toEqual([...names].sort())
    expect(observed).toEqual(expected)
  })

  test.each<[string, Partial<TransmitterObserved>]>([
    ['TX.OPMODE=OFF', { carrierOn: false }],
    ['TX.SBY=ON', { carrierOn: false }],
    ['TX.INTERLOCK=OPEN', { interlockClosed: false }],
    [`${local}=LOCAL`, { localMode: true }],
    ['TX.RFPRESENT=NOT PRES', { rfPresent: false }],
    ['TX.FAULT=FAULT', { fault: true }],
    ['TX.PREF=2.5', { reflectedPowerW: 2.5 }],
    ['TX.PREF=20', { reflectedPowerW: 2 }],
    ['TX.PFWD=96.5', { forwardPowerW: 96.5 }],
    ['TX.PWR=50.0', { powerSetW: 50 }],
    ['TX.VSWR=020', { vswr: 2 }],
    ['TX.VSWR=20.0', { vswr: 20 }],
    ...alarms.map((name): [string, Partial<TransmitterObserved>] => [`${name}=ON`, { alarms: [words[name] ?? name] }]),
  ])('%s', async (line, difference) => {
    expect((await picture(profile, transcript, line)).observed).toEqual({ ...expected, ...difference })
  })

  test.each([`TX.OPMODE=MAYBE`, `${local}=AUTO`, 'TX.INTERLOCK=', 'TX.RFPRESENT=ON', 'TX.FAULT=NONE', 'TX.PFWD=---', 'TX.FREQ=FM'])(
    '%s is no value: nothing is shown rather than the harmless half',
    async (line) => {
      await expect(picture(profile, transcript, line)).rejects.toMatchObject({ code: 'malformed' })
    },
  )

  test('a unit without standby, warning and alarms is read all the same; one without forward power is not', async () => {
    const bare = transcript.replaceAll(/^TX\.(SBY|WARNING|ALARM\.\S+)=.*\n?/gm, '')
    expect((await picture(profile, bare)).observed).toEqual(expected)
    await expect(picture(profile, transcript.replace(/^TX\.PFWD=.*\n/m, ''))).rejects.toMatchObject({ code: 'nak' })
  })

  test('an answer without its name is no answer unless the configuration says that the unit answers so', () => {
    expect(parseLine('300', profile, profile.answers)).toEqual({ kind: 'garbage' })
  })

  test.each(['ERROR', 'ERR', 'NAK', '?'])('%s is a refusal', (text) => {
    expect(parseLine(text, profile)).toEqual({ kind: 'refusal', text })
  })
})

test('a Crown that prints whole megahertz, a Helios that prints kilohertz with a point', () => {
  expect(parseQuantity(crownFmeProfile, 'frequency', '98')).toBe(98_000)
  expect(parseQuantity(heliosProfile, 'frequency', '98500.0')).toBe(98_500)
})

// X32/M32 over OSC, UDP 10023: addresses and meters ("Unofficial X32/M32 OSC Remote Protocol", P.-G. Maillot; facts checked
// against an emulator in PROTOCOLS.md 3.1). Units are converted here and nowhere else.
import { levelFloorDb, type ChannelAddresses, type DeskProfile } from '../behringer-desk-profile.ts'

/** Channel kinds with how many the desk has. DCAs have no scribble strip under `/mix`, main no number. */
const strips: ReadonlyMap<string, number> = new Map([
  ['ch', 32],
  ['auxin', 8],
  ['fxrtn', 8],
  ['bus', 16],
  ['mtx', 6],
])
const dcaCount = 8

/** `ch/01` → `/ch/01/mix/fader` …; `main` is the stereo main, `main/m` the mono one. */
function channelAddresses(channel: string): ChannelAddresses | null {
  if (channel === 'main') return { fader: '/main/st/mix/fader', on: '/main/st/mix/on', name: '/main/st/config/name' }
  if (channel === 'main/m') return { fader: '/main/m/mix/fader', on: '/main/m/mix/on', name: '/main/m/config/name' }
  const [kind = '', number = ''] = channel.split('/')
  if (kind === 'dca') {
    const valid = /^[1-8]$/.test(number) && Number(number) <= dcaCount
    return valid ? { fader: `/dca/${number}/fader`, on: `/dca/${number}/on`, name: `/dca/${number}/config/name` } : null
  }
  const count = strips.get(kind)
  if (count === undefined || !/^\d\d$/.test(number) || Number(number) < 1 || Number(number) > count) return null
  return { fader: `/${channel}/mix/fader`, on: `/${channel}/mix/on`, name: `/${channel}/config/name` }
}

/** `/meters/1`: 96 floats, the first 32 are the inputs (then gate and dynamics gains). */
const inputMeters = { page: '/meters/1', floats: 96, inputs: 32 }
/** `/meters/2`: 49 floats: 16 buses, 6 matrices, main left and right, mono, then gains. */
const outputMeters = { page: '/meters/2', floats: 49, buses: 16, matrices: 6 }

/** Blob: little-endian int count, then that many little-endian float32, 1.0 = full scale. */
function decodeMeters(page: string, blob: Uint8Array): Readonly<Record<string, number>> | null {
  const expected = page === inputMeters.page ? inputMeters.floats : page === outputMeters.page ? outputMeters.floats : null
  if (expected === null || blob.length < 4) return null
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  if (view.getInt32(0, true) !== expected || blob.length !== 4 + 4 * expected) return null
  const level = (index: number) => linearToDb(view.getFloat32(4 + 4 * index, true))
  const levels: Record<string, number> = {}
  if (page === inputMeters.page) {
    for (let index = 0; index < inputMeters.inputs; index++) levels[`ch/${two(index + 1)}`] = level(index)
    return levels
  }
  for (let index = 0; index < outputMeters.buses; index++) levels[`bus/${two(index + 1)}`] = level(index)
  for (let index = 0; index < outputMeters.matrices; index++) levels[`mtx/${two(index + 1)}`] = level(outputMeters.buses + index)
  const mainAt = outputMeters.buses + outputMeters.matrices
  levels.main = Math.max(level(mainAt), level(mainAt + 1))
  levels['main/m'] = level(mainAt + 2)
  return levels
}

function linearToDb(value: number): number {
  return value > 0 && Number.isFinite(value) ? Math.max(20 * Math.log10(value), levelFloorDb) : levelFloorDb
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}

export const x32Profile: DeskProfile = {
  model: 'X32/M32',
  channelAddresses,
  meterPages: [inputMeters.page, outputMeters.page],
  decodeMeters,
}

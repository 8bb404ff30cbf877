// X-Air (XR12/XR16/XR18, X18, MR18) over OSC, UDP 10024: where it differs from the X32 ("X AIR OSC Remote Protocol",
// Behringer). Main is `/lr`, channels end at 16, meters are int16 in 1/256 dB, and the setter hears its own set.
import { levelFloorDb, type ChannelAddresses, type DeskProfile } from '../behringer-desk-profile.ts'

/** `ch/01`…`ch/16`, `rtn/aux`, `rtn/1`…`rtn/4`, `bus/1`…`bus/6`, `dca/1`…`dca/4`, `main`. */
const knownChannel = /^(ch\/(0[1-9]|1[0-6])|rtn\/(aux|[1-4])|bus\/[1-6])$/

function channelAddresses(channel: string): ChannelAddresses | null {
  if (channel === 'main') return { fader: '/lr/mix/fader', on: '/lr/mix/on', name: '/lr/config/name' }
  if (/^dca\/[1-4]$/.test(channel)) return { fader: `/${channel}/fader`, on: `/${channel}/on`, name: `/${channel}/config/name` }
  if (!knownChannel.test(channel)) return null
  return { fader: `/${channel}/mix/fader`, on: `/${channel}/mix/on`, name: `/${channel}/config/name` }
}

const page = '/meters/1'
/** Order of the 40 values of `/meters/1`: 16 inputs, aux left/right, 4 stereo returns, 6 buses, 4 sends, main L/R, monitor L/R. */
const meterCount = 40
const auxAt = 16
const returnsAt = 18
const busesAt = 26
const mainAt = 36
const unitsPerDb = 256

/** Blob: little-endian int count, then that many little-endian int16 in 1/256 dB (0 = full scale). */
function decodeMeters(from: string, blob: Uint8Array): Readonly<Record<string, number>> | null {
  if (from !== page || blob.length < 4) return null
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  if (view.getInt32(0, true) !== meterCount || blob.length !== 4 + 2 * meterCount) return null
  const level = (index: number) => Math.max(view.getInt16(4 + 2 * index, true) / unitsPerDb, levelFloorDb)
  const pair = (index: number) => Math.max(level(index), level(index + 1))
  const levels: Record<string, number> = { 'rtn/aux': pair(auxAt), main: pair(mainAt) }
  for (let index = 0; index < 16; index++) levels[`ch/${String(index + 1).padStart(2, '0')}`] = level(index)
  for (let index = 0; index < 4; index++) levels[`rtn/${index + 1}`] = pair(returnsAt + 2 * index)
  for (let index = 0; index < 6; index++) levels[`bus/${index + 1}`] = level(busesAt + index)
  return levels
}

export const xairProfile: DeskProfile = { model: 'X-Air', channelAddresses, meterPages: [page], decodeMeters }

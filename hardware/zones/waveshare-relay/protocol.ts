// What the relay board is told, in Modbus terms. All numbers that are the maker's come from profile.json (Waveshare wiki,
// "Modbus RTU Relay", protocol V2); the non-standard toggle value 5500 does not exist here: a repeated toggle lies.
import { z } from 'zod'
import type { RtuRequest } from '../../modbus/codec.ts'
import profileJson from './profile.json' with { type: 'json' }

const address = z.number().int().min(0).max(0xffff)

export const RelayProfile = z.strictObject({
  model: z.string(),
  coilCount: z.number().int().min(1).max(64),
  coilOn: address,
  coilOff: address,
  allCoilsAddress: address,
  timedOnAddress: address,
  timedOnUnitMs: z.number().int().positive(),
  timedOnMost: address,
  versionRegister: address,
})
export type RelayProfile = z.infer<typeof RelayProfile>

export const waveshareRelay8: RelayProfile = RelayProfile.parse(profileJson)

export const readAllCoils = (profile: RelayProfile): RtuRequest => ({ kind: 'readCoils', start: 0, count: profile.coilCount })

export const readVersion = (profile: RelayProfile): RtuRequest => ({
  kind: 'readHoldingRegisters',
  start: profile.versionRegister,
  count: 1,
})

/** Energises one relay for a time held by the board itself: the hardware lease. Rounded up to the board's unit. */
export function energiseFor(profile: RelayProfile, coil: number, leaseMs: number): RtuRequest {
  const value = Math.max(1, Math.min(profile.timedOnMost, Math.ceil(leaseMs / profile.timedOnUnitMs)))
  return { kind: 'writeCoil', address: profile.timedOnAddress + coil, value }
}

/** Energises one relay until it is told otherwise: only for boards without timed outputs. */
export const energise = (profile: RelayProfile, coil: number): RtuRequest => ({ kind: 'writeCoil', address: coil, value: profile.coilOn })

export const release = (profile: RelayProfile, coil: number): RtuRequest => ({ kind: 'writeCoil', address: coil, value: profile.coilOff })

export const releaseAll = (profile: RelayProfile): RtuRequest => ({
  kind: 'writeCoil',
  address: profile.allCoilsAddress,
  value: profile.coilOff,
})

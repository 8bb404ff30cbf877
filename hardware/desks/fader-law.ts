// The fader law of X32, M32 and X-Air: four straight lines over 0..1, in 1023 steps (PROTOCOLS.md 3.1, checked at 7 points
// against an emulator). The bottom of the travel is −∞ on the desk and `faderOffDb` in our words.
import { faderOffDb } from '../../shared/domain/desk-roles.ts'

const steps = 1023
/** Top of the travel, dB. */
export const faderTopDb = 10

/** Fader position 0..1 → dB. */
export function faderToDb(position: number): number {
  if (position >= 0.5) return 40 * Math.min(position, 1) - 30
  if (position >= 0.25) return 80 * position - 50
  if (position >= 0.0625) return 160 * position - 70
  return Math.max(480 * position - 90, faderOffDb)
}

/** dB → the nearest fader position the desk can hold. */
export function dbToFader(faderDb: number): number {
  return Math.round(exactPosition(faderDb) * steps) / steps
}

function exactPosition(faderDb: number): number {
  if (faderDb >= faderTopDb) return 1
  if (faderDb >= -10) return (faderDb + 30) / 40
  if (faderDb >= -30) return (faderDb + 50) / 80
  if (faderDb >= -60) return (faderDb + 70) / 160
  return faderDb > faderOffDb ? (faderDb + 90) / 480 : 0
}

/** Whether two positions are the same step of the fader; the wire is float32, so equality is by step. */
export function sameFaderStep(a: number, b: number): boolean {
  return Math.round(a * steps) === Math.round(b * steps)
}

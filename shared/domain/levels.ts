// Decibels and linear amplitude; the one place where they are converted.

/** dB relative to full scale of a linear amplitude; silence is −Infinity. */
export function toDb(amplitude: number): number {
  return 20 * Math.log10(Math.abs(amplitude))
}

/** Linear amplitude of a level in dB. */
export function fromDb(db: number): number {
  return 10 ** (db / 20)
}

/** Programme ceiling at the output, dBFS. */
export const ceilingDbfs = -1
/** The one sample rate of the house, Hz. */
export const sampleRateHz = 48_000

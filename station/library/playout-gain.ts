// The gain that brings an air copy to the station's loudness target without its true peak ever passing −1 dBTP (EBU R 128).
import type { Cart } from '../../shared/domain/library.ts'

/** Highest true peak after gain, dBTP. */
export const ceilingDbtp = -1

export interface AirLoudness {
  /** Integrated loudness of the air copy; null = could not be gated (shorter than 0.4 s, or very quiet). */
  readonly lufs: number | null
  readonly truePeakDbtp: number
}

/** What a sum of decimals may lack of a whole thousandth. */
const slack = 1e-6

/** dB, rounded down to a thousandth so that rounding never passes the ceiling. */
export function playoutGainDb(air: AirLoudness, targetLufs: number): number {
  const wanted = air.lufs === null ? 0 : targetLufs - air.lufs
  return Math.floor(Math.min(wanted, ceilingDbtp - air.truePeakDbtp) * 1000 + slack) / 1000
}

/** The cart as it is to be played at this target; the same object where nothing changes. */
export function regained(cart: Cart, targetLufs: number): Cart {
  const gainDb = playoutGainDb(cart.air ?? airBefore(cart), targetLufs)
  return gainDb === cart.gainDb ? cart : { ...cart, gainDb }
}

/**
 * For a cart imported before the figures of the air copy were kept. Its gain respects the ceiling, so the peak it allows for is
 * known; nothing is played louder than that, and at an unchanged target the gain stays.
 */
function airBefore({ integratedLufs, truePeakDbtp, gainDb }: Cart): AirLoudness {
  return { lufs: integratedLufs, truePeakDbtp: Math.min(truePeakDbtp, ceilingDbtp - gainDb) }
}

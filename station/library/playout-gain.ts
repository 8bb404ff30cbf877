// The gain that brings an air copy to the station's loudness target without its true peak ever passing −1 dBTP (EBU R 128).

/** Highest true peak after gain, dBTP. */
export const ceilingDbtp = -1

export interface AirLoudness {
  /** Integrated loudness of the air copy; null = could not be gated (shorter than 0.4 s, or very quiet). */
  readonly lufs: number | null
  readonly truePeakDbtp: number
}

/** dB, rounded down to a thousandth so that rounding never passes the ceiling. */
export function playoutGainDb(air: AirLoudness, targetLufs: number): number {
  const wanted = air.lufs === null ? 0 : targetLufs - air.lufs
  return Math.floor(Math.min(wanted, ceilingDbtp - air.truePeakDbtp) * 1000) / 1000
}

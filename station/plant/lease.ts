// The lease of an output's carriers: whatever is keyed stays keyed only while audio is proved. Pure.
import type { MonotonicMs } from '../../shared/domain/time.ts'

/** Length of a lease: outlasts an adoption of the audio process (≤ 5 s) and three missed renewals, ms. */
export const leaseMs = 20_000
/** How often a lease is renewed, ms. */
export const renewMs = 5_000

export interface Lease {
  /** When the carriers were keyed: their silence counts from here where nothing was heard since. */
  readonly sinceMs: MonotonicMs
  readonly untilMs: MonotonicMs
}

export interface AudioProof {
  /** Reports of the audio process arrive and its audio clock advances. */
  readonly clockAdvances: boolean
  /** Last instant at which the programme bus carried a level above the floor; null = never in this boot. */
  readonly lastLevelMs: MonotonicMs | null
}

/** Silence on the bus for longer than this no longer renews a lease: a carrier without sound is a fault, ms. */
export const silenceLapseMs = 60_000

/** Renews by proof; otherwise the lease runs on to its end. */
export function renew(lease: Lease | null, proof: AudioProof, nowMs: MonotonicMs): Lease {
  const sinceMs = lease?.sinceMs ?? nowMs
  const heardMs = Math.max(sinceMs, proof.lastLevelMs ?? sinceMs)
  if (lease === null || (proof.clockAdvances && nowMs - heardMs <= silenceLapseMs))
    return { sinceMs, untilMs: (nowMs + leaseMs) as MonotonicMs }
  return lease
}

export function lapsed(lease: Lease, nowMs: MonotonicMs): boolean {
  return nowMs > lease.untilMs
}

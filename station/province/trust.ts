// Whether a manifest whose signature verified is believed. Pure. What was believed once is remembered for ever: the highest
// version and the hash of its payload; nothing lower is taken again, and nothing else under the same number.
//
//                 version   >  remembered ──▶ accept (in time, for us)
//   verified ──▶            =  remembered ──▶ same hash: same · other hash: equivocation
//                           <  remembered ──▶ rolledBack
import type { TrustRefusal } from '../../shared/domain/province.ts'
import type { EpochMs } from '../../shared/domain/time.ts'

/** Kept between boots. */
export interface TrustMemory {
  readonly provinceId: string
  readonly provinceName: string
  readonly version: number
  /** SHA-256 of the payload, hex. */
  readonly hash: string
  readonly issuedAtMs: EpochMs
  readonly expiresAtMs: EpochMs
  readonly acceptedAtMs: EpochMs
  readonly items: number
}

/** What a manifest says of itself. */
export interface ManifestHead {
  readonly provinceId: string
  readonly provinceName: string
  readonly stationId: string
  readonly version: number
  readonly hash: string
  readonly issuedAtMs: EpochMs
  readonly expiresAtMs: EpochMs
  readonly items: number
}

export interface Circumstances {
  readonly stationId: string
  readonly nowMs: EpochMs
  /** Without a trusted clock freshness is unknown: neither expired nor in the future. */
  readonly clockTrusted: boolean
}

export type Judgement =
  | { readonly kind: 'accept'; readonly memory: TrustMemory }
  | { readonly kind: 'same' }
  | { readonly kind: 'refuse'; readonly reason: TrustRefusal }

/** How far ahead of ours the province's clock may be, ms. */
export const skewAllowedMs = 5 * 60_000

export function judgeManifest(memory: TrustMemory | null, head: ManifestHead, at: Circumstances): Judgement {
  const refuse = (reason: TrustRefusal): Judgement => ({ kind: 'refuse', reason })
  if (head.stationId !== at.stationId) return refuse('wrongStation')
  if (memory !== null && head.version < memory.version) return refuse('rolledBack')
  if (memory !== null && head.version === memory.version) return head.hash === memory.hash ? { kind: 'same' } : refuse('equivocation')
  if (at.clockTrusted && head.expiresAtMs <= at.nowMs) return refuse('expired')
  if (at.clockTrusted && head.issuedAtMs > at.nowMs + skewAllowedMs) return refuse('notYetValid')
  const { provinceId, provinceName, version, hash, issuedAtMs, expiresAtMs, items } = head
  return { kind: 'accept', memory: { provinceId, provinceName, version, hash, issuedAtMs, expiresAtMs, items, acceptedAtMs: at.nowMs } }
}

/** A province that has gone quiet or was replaced by a recording of itself: past the end of what it last signed. */
export function isStale(memory: TrustMemory | null, nowMs: EpochMs, clockTrusted: boolean): boolean {
  return memory !== null && clockTrusted && memory.expiresAtMs <= nowMs
}

/** Refusals that somebody must have caused. */
export function isSecurity(reason: TrustRefusal): boolean {
  return reason !== 'unreadable' && reason !== 'wrongStation'
}

// The chain of an export: it may begin anywhere; what stands before its first row is taken from that row's own word.
import type { ChainVerdict } from '../../../shared/domain/logbook.ts'
import { type Anchor, emptyHead, type StoredRow, verifyChain } from '../chain.ts'

export function verifyRows(rows: readonly StoredRow[], heads: readonly Anchor[]): ChainVerdict {
  const first = rows[0]?.row ?? null
  const base = first === null || first.seq <= 1 ? emptyHead : { seq: first.seq - 1, hash: first.prevHash }
  const told = heads.find((head) => head.seq === base.seq && head.hash !== base.hash)
  if (told !== undefined) return { ok: false, rows: 1, firstBadSeq: base.seq + 1, reason: `does not stand on the row of ${told.where}` }
  return verifyChain(
    rows,
    heads.filter((head) => head.seq > base.seq),
    base,
  )
}

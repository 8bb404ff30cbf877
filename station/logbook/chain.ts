// The hash chain of the logbook, pure. Row n carries the hash of row n−1; its own hash is SHA-256 over the canonical JSON of
// everything else in it. Row 1 stands on a genesis that has a name. An edit, a row taken out, put in or moved breaks the chain
// at a row that can be named; a cut tail is seen only against a head that was kept elsewhere, so heads are checked here too.
import { createHash } from 'node:crypto'
import type { ChainVerdict, LogRow } from '../../shared/domain/logbook.ts'
import { canonicalJson, toJsonValue } from './canonical-json.ts'

/** What row 1 names as its predecessor: SHA-256 of `truc-song logbook genesis v1`, hex. */
export const genesisHash = createHash('sha256').update('truc-song logbook genesis v1').digest('hex')

export type UnsealedRow = Omit<LogRow, 'hash'>

/** The head of a logbook as it was at some moment. seq 0 = empty, hash = genesis. */
export interface LogbookHead {
  readonly seq: number
  readonly hash: string
}

/** A head kept outside the rows, and where, for the message. */
export interface Anchor extends LogbookHead {
  readonly where: string
}

export const emptyHead: LogbookHead = { seq: 0, hash: genesisHash }

/** SHA-256 (hex) of a row without its own hash. */
export function hashRow(row: UnsealedRow): string {
  const content = Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'hash'))
  return createHash('sha256')
    .update(canonicalJson(toJsonValue(content)))
    .digest('hex')
}

/** The row with its hash. */
export function sealRow(row: UnsealedRow): LogRow {
  return { ...row, hash: hashRow(row) }
}

/** A row as storage gave it: `fault` where it could not even be read as a row. */
export type StoredRow =
  | { readonly row: LogRow; readonly fault: null }
  | { readonly row: null; readonly seq: number; readonly fault: string }

/** Walks the rows in their stored order and names the first that does not stand. `base`: what stands before the first of them. */
export function verifyChain(rows: Iterable<StoredRow>, anchors: readonly Anchor[], base: LogbookHead = emptyHead): ChainVerdict {
  let head = base
  let count = 0
  const sealed = Map.groupBy(anchors, (anchor) => anchor.seq)
  const bad = (firstBadSeq: number, reason: string): ChainVerdict => ({ ok: false, rows: count, firstBadSeq, reason })
  for (const stored of rows) {
    count += 1
    if (stored.row === null) return bad(stored.seq, stored.fault)
    const { row } = stored
    const expected = head.seq + 1
    if (row.seq !== expected) {
      return row.seq > expected ? bad(expected, `row ${expected} is missing: ${row.seq} follows ${head.seq}`) : bad(row.seq, 'out of order')
    }
    if (row.prevHash !== head.hash) {
      return bad(
        row.seq,
        row.seq === 1 ? 'does not stand on the genesis' : `does not stand on row ${head.seq}: that row, or this, was replaced`,
      )
    }
    if (hashRow(row) !== row.hash) return bad(row.seq, 'content does not match its hash: the row was changed')
    const anchor = sealed.get(row.seq)?.find((candidate) => candidate.hash !== row.hash)
    if (anchor !== undefined) return bad(row.seq, `not the row that was sealed in ${anchor.where}: the chain was rewritten`)
    head = row
  }
  const beyond = anchors.filter((anchor) => anchor.seq > head.seq).sort((a, b) => b.seq - a.seq)[0]
  if (beyond !== undefined)
    return bad(head.seq + 1, `rows ${head.seq + 1}–${beyond.seq} are missing: ${beyond.where} is sealed at ${beyond.seq}`)
  return { ok: true, rows: count, headSeq: head.seq, headHash: head.hash }
}

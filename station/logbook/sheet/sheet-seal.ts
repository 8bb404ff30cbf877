// What makes a paper of a day provable: a row of the logbook (`sheet.made`) that says what was on the paper stands in the chain, and
// the same row travels in the paper. Who changes the paper must change the row, and then it is not the row of the station any more.
import { createHash } from 'node:crypto'
import type { ChainVerdict, LogRow } from '../../../shared/domain/logbook.ts'
import { type Anchor, hashRow } from '../chain.ts'

export const sealKind = 'sheet.made'

/** What a paper is, for its row. `pages`: page by page where the reader can name one. */
export interface SheetContent {
  readonly format: 'pdf' | 'xlsx' | 'csv'
  /** Of the file (csv; pdf, the seal's own place left blank) or of its pages (xlsx), hex. */
  readonly sha256: string
  readonly pages?: Readonly<Record<string, string>>
}

/** Writes the row of a paper and answers it. */
export type Seal = (content: SheetContent) => Promise<LogRow>

/** What is found out about a paper. */
export interface PaperVerdict {
  readonly verdict: ChainVerdict
  /** The row that the paper carries as its seal; null where it has none. */
  readonly seal: LogRow | null
  /** Rows of the chain that the paper itself holds: a head within can be compared. */
  readonly reach: { readonly fromSeq: number; readonly toSeq: number } | null
}

export function sha256Of(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The seal as it travels. */
export function sealText(row: LogRow): string {
  return JSON.stringify(row)
}

/** null where this was not written by us. */
export function readSeal(text: string): LogRow | null {
  try {
    const row = JSON.parse(text) as LogRow
    return typeof row === 'object' && row !== null && row.kind === sealKind && Number.isInteger(row.seq) ? row : null
  } catch {
    return null
  }
}

/** Does the paper say what its row says it says? `rows`: how many rows were looked at besides. */
export function verifyPaper(row: LogRow, content: SheetContent, rows: number): ChainVerdict {
  const bad = (reason: string): ChainVerdict => ({ ok: false, rows: rows + 1, firstBadSeq: row.seq, reason })
  if (hashRow(row) !== row.hash) return bad('the seal of the paper was changed: its content does not match its hash')
  const sealed = row.measured as Partial<SheetContent> | null
  if (sealed?.format !== content.format) return bad('the seal belongs to another paper')
  const wanted = sealed.pages ?? {}
  const found = content.pages ?? {}
  for (const [name, digest] of Object.entries(found)) {
    if (!Object.hasOwn(wanted, name)) return bad(`page “${name}” was not there when the paper was sealed`)
    if (wanted[name] !== digest) return bad(`page “${name}” was changed after the paper was sealed`)
  }
  for (const name of Object.keys(wanted)) if (!Object.hasOwn(found, name)) return bad(`page “${name}” was taken out`)
  if (sealed.sha256 !== content.sha256) return bad('the paper was changed after it was sealed')
  return { ok: true, rows: rows + 1, headSeq: row.seq, headHash: row.hash }
}

export function badPaper(reason: string): PaperVerdict {
  return { verdict: { ok: false, rows: 0, firstBadSeq: 0, reason }, seal: null, reach: null }
}

/** Holds a paper's seal against a head that was kept elsewhere; null = this head says nothing about this paper. */
export function sealAgainst({ seal, reach }: PaperVerdict, head: Anchor): 'agrees' | 'differs' | null {
  if (reach !== null && head.seq >= reach.fromSeq && head.seq <= reach.toSeq) return 'agrees'
  if (seal?.seq === head.seq) return seal.hash === head.hash ? 'agrees' : 'differs'
  if (seal?.seq === head.seq + 1) return seal.prevHash === head.hash ? 'agrees' : 'differs'
  return null
}

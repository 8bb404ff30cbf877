// Every kind of row × every way to tamper with it: found, and the first bad row named. A chain that was re-hashed from the tampered
// row on, with the seals of the folder made to fit, is found by a head that was kept elsewhere (C6). On rows in memory here; on
// databases, copies and exports in bench/tamper.ts.
import { describe, expect, test } from 'vitest'
import { LogKind, type LogRow } from '../../../shared/domain/logbook.ts'
import { epochMs } from '../../../shared/domain/time.ts'
import { type Anchor, emptyHead, sealRow, type StoredRow, verifyChain } from '../../../station/logbook/index.ts'
import { logEntry } from '../../support/log-entries.ts'
import { rewritings, tamperings } from '../../support/tampering.ts'

const length = 9
/** The row that is tampered with. */
const target = 5

/** A chain of nine rows, the fifth of this kind. */
function chainOf(kind: LogKind): LogRow[] {
  const rows: LogRow[] = []
  for (let seq = 1; seq <= length; seq += 1) {
    const entry = logEntry({
      kind: seq === target ? kind : 'operator.command',
      subject: `row ${seq}`,
      planned: { startMs: seq },
      measured: { value: seq },
    })
    const prevHash = rows.at(-1)?.hash ?? emptyHead.hash
    rows.push(sealRow({ ...entry, seq, entryId: `e${seq}`, bootId: 'b', writtenAtMs: epochMs(seq), prevHash }))
  }
  return rows
}

const headOf = (rows: readonly LogRow[], where: string): Anchor => ({ seq: rows.at(-1)?.seq ?? 0, hash: rows.at(-1)?.hash ?? '', where })
const stored = (rows: readonly LogRow[]): StoredRow[] => rows.map((row) => ({ row, fault: null }))
const at = target - 1

describe('C6 tamper matrix', () => {
  test.each(LogKind.options)('%s', (kind) => {
    const chain = chainOf(kind)
    const sealed = headOf(chain, 'logbook-head.json')
    const witness = headOf(chain, 'the province')
    expect(verifyChain(stored(chain), [sealed, witness])).toMatchObject({ ok: true, rows: length })
    for (const [name, { rows, foundAfter }] of Object.entries(tamperings))
      expect([name, verifyChain(stored(rows(chain, at)), [sealed])]).toMatchObject([name, { ok: false, firstBadSeq: target + foundAfter }])
    for (const [name, change] of Object.entries(rewritings)) {
      const rewritten = change(chain, at)
      const resealed = headOf(rewritten, 'logbook-head.json')
      expect(verifyChain(stored(rewritten), [resealed]).ok).toBe(true)
      const firstBadSeq = name === 'truncate' ? target : length
      expect([name, verifyChain(stored(rewritten), [resealed, witness])]).toMatchObject([name, { ok: false, firstBadSeq }])
    }
  })
})

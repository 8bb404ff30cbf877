// Every kind of row × every way to tamper with it: found, and the first bad row named. A chain that was re-hashed from the tampered
// row on, with the seals of the folder made to fit, is found by a head that was kept elsewhere (C6). On rows in memory and in the
// spreadsheet of a day here; on databases, copies, CSV exports and papers in bench/tamper.ts.
import { describe, expect, test } from 'vitest'
import { LogKind, type LogRow } from '../../../shared/domain/logbook.ts'
import { epochMs } from '../../../shared/domain/time.ts'
import { type Anchor, emptyHead, sealRow, sealAgainst, type StoredRow, verifyChain, verifyXlsx } from '../../../station/logbook/index.ts'
import type { Seal } from '../../../station/logbook/sheet/sheet-seal.ts'
import { sheetXlsx } from '../../../station/logbook/sheet/sheet-xlsx.ts'
import { dayPaper, sealedOn } from '../../support/day-paper.ts'
import { logEntry } from '../../support/log-entries.ts'
import { rewritings, type Tampering, tamperings } from '../../support/tampering.ts'

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

describe('C6, C7 tamper matrix of the spreadsheet of a day', () => {
  const papersOf = async (rows: readonly LogRow[], seal: Seal, heads: readonly Anchor[] = []) =>
    verifyXlsx(await sheetXlsx(dayPaper, rows, seal), heads)
  /** For each kind one edit of a field and one rewriting, another each time, and all that is done to whole rows: a paper costs milliseconds. */
  const edits = Object.keys(tamperings).filter((name) => name.startsWith('edit '))
  const whole = Object.keys(tamperings).filter((name) => !name.startsWith('edit '))

  const turn = <T>(of: readonly T[], kind: LogKind) => of[LogKind.options.indexOf(kind) % of.length] as T

  test.each(LogKind.options)('%s', async (kind) => {
    const chain = chainOf(kind)
    let kept: LogRow | null = null
    const first: Seal = async (content) => {
      kept = await sealedOn(chain)(content)
      return kept
    }
    expect((await papersOf(chain, first)).verdict).toMatchObject({ ok: true, rows: length + 1 })
    /** Whoever changed the rows left the seal as it was. */
    const asItWas: Seal = () => Promise.resolve(kept as unknown as LogRow)
    for (const name of [turn(edits, kind), ...whole]) {
      const { rows, foundAfter } = tamperings[name] as Tampering
      const { verdict } = await papersOf(rows(chain, at), asItWas)
      // A tail that is cut off leaves a chain that is whole: the page it stood on is named.
      const wanted = name === 'truncate' ? { firstBadSeq: length + 1, reason: /“Nhật ký”/ } : { firstBadSeq: target + foundAfter }
      expect([name, verdict]).toMatchObject([name, { ok: false, firstBadSeq: wanted.firstBadSeq }])
      if (wanted.reason !== undefined) expect(verdict).toMatchObject({ reason: expect.stringMatching(wanted.reason) })
    }
    const [name, change] = turn(Object.entries(rewritings), kind)
    const rewritten = change(chain, at)
    expect([name, (await papersOf(rewritten, asItWas)).verdict]).toMatchObject([
      name,
      { ok: false, reason: expect.stringContaining('Nhật ký') },
    ])
    // With a new seal it agrees with itself; held against the station's rows it does not.
    const written = [...chain, kept as unknown as LogRow].map((row) => ({ seq: row.seq, hash: row.hash, where: 'the logbook' }))
    const anew = await papersOf(rewritten, sealedOn(rewritten), written)
    expect([name, anew.verdict.ok && written.every((head) => sealAgainst(anew, head) !== 'differs')]).toEqual([name, false])
  })
})

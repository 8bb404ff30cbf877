// Every kind of row × every way to tamper with it: found, and the first bad row named. A chain that was re-hashed from the tampered
// row on, with the seals of the folder made to fit, is found by a head that was kept elsewhere (C6).
import { describe, expect, test } from 'vitest'
import { LogKind, type LogRow } from '../../../shared/domain/logbook.ts'
import { epochMs } from '../../../shared/domain/time.ts'
import { type Anchor, emptyHead, sealRow, type StoredRow, verifyChain } from '../../../station/logbook/index.ts'
import { logEntry } from '../../support/log-entries.ts'

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

/** Numbered and hashed again from the first row on: what somebody does who knows how. */
function rehash(rows: readonly LogRow[]): LogRow[] {
  let prevHash = emptyHead.hash
  return rows.map((row, index) => {
    const sealed = sealRow({ ...row, seq: index + 1, prevHash })
    prevHash = sealed.hash
    return sealed
  })
}

const headOf = (rows: readonly LogRow[], where: string): Anchor => ({ seq: rows.at(-1)?.seq ?? 0, hash: rows.at(-1)?.hash ?? '', where })
const stored = (rows: readonly LogRow[]): StoredRow[] => rows.map((row) => ({ row, fault: null }))
const at = target - 1

const edits: Readonly<Record<string, (row: LogRow) => LogRow>> = {
  subject: (row) => ({ ...row, subject: 'khác' }),
  actor: (row) => ({ ...row, actor: 'ai đó' }),
  atMs: (row) => ({ ...row, atMs: epochMs(row.atMs + 1) }),
  kind: (row) => ({ ...row, kind: row.kind === 'stop' ? 'reopen' : 'stop' }),
  phase: (row) => ({ ...row, phase: 'open' }),
  planned: (row) => ({ ...row, planned: { startMs: 0 } }),
  sent: (row) => ({ ...row, sent: { to: 'x' } }),
  measured: (row) => ({ ...row, measured: null }),
  late: (row) => ({ ...row, late: !row.late }),
  output: (row) => ({ ...row, outputId: null }),
  boot: (row) => ({ ...row, bootId: 'other' }),
  entry: (row) => ({ ...row, entryId: 'other' }),
}

interface Tampering {
  readonly rows: (chain: LogRow[]) => LogRow[]
  readonly firstBad: number
}

const edited = (chain: readonly LogRow[], change: (row: LogRow) => LogRow) => chain.map((row, index) => (index === at ? change(row) : row))
const extra = (chain: readonly LogRow[]) => ({ ...(chain[at] as LogRow), subject: 'thêm vào', entryId: 'extra' })

const tamperings: Readonly<Record<string, Tampering>> = {
  ...Object.fromEntries(
    Object.entries(edits).map(([name, change]) => [`edit ${name}`, { rows: (chain: LogRow[]) => edited(chain, change), firstBad: target }]),
  ),
  'edit and hash that row': {
    rows: (chain) => edited(chain, (row) => sealRow({ ...row, subject: 'khác' })),
    firstBad: target + 1,
  },
  delete: { rows: (chain) => chain.toSpliced(at, 1), firstBad: target },
  insert: { rows: (chain) => chain.toSpliced(at, 0, extra(chain)), firstBad: target },
  'insert and renumber': {
    rows: (chain) => chain.toSpliced(at, 0, extra(chain)).map((row, index) => ({ ...row, seq: index + 1 })),
    firstBad: target,
  },
  reorder: {
    rows: (chain) =>
      chain.with(at, { ...(chain[at + 1] as LogRow), seq: target }).with(at + 1, { ...(chain[at] as LogRow), seq: target + 1 }),
    firstBad: target,
  },
  truncate: { rows: (chain) => chain.slice(0, at), firstBad: target },
}
/** Consistent in themselves: only somebody who kept the head can tell. */
const rewritings: Readonly<Record<string, (chain: LogRow[]) => LogRow[]>> = {
  edit: (chain) => edited(chain, (row) => ({ ...row, measured: { value: 0 } })),
  delete: (chain) => chain.toSpliced(at, 1),
  insert: (chain) => chain.toSpliced(at, 0, extra(chain)),
  reorder: (chain) => chain.with(at, chain[at + 1] as LogRow).with(at + 1, chain[at] as LogRow),
  truncate: (chain) => chain.slice(0, at),
}

describe('C6 tamper matrix', () => {
  test.each(LogKind.options)('%s', (kind) => {
    const chain = chainOf(kind)
    const sealed = headOf(chain, 'logbook-head.json')
    const witness = headOf(chain, 'the province')
    expect(verifyChain(stored(chain), [sealed, witness])).toMatchObject({ ok: true, rows: length })
    for (const [name, { rows, firstBad }] of Object.entries(tamperings))
      expect([name, verifyChain(stored(rows([...chain])), [sealed])]).toMatchObject([name, { ok: false, firstBadSeq: firstBad }])
    for (const [name, change] of Object.entries(rewritings)) {
      const rewritten = rehash(change([...chain]))
      const resealed = headOf(rewritten, 'logbook-head.json')
      expect(verifyChain(stored(rewritten), [resealed]).ok).toBe(true)
      expect([name, verifyChain(stored(rewritten), [resealed, witness])]).toMatchObject([name, { ok: false }])
    }
  })
})

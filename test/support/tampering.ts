// Every way to tamper with a row of the logbook, as pure changes of a list of rows: what each does, and which row it must be found
// at. Used on rows in memory (unit), and on databases and exports (bench).
import type { LogRow } from '../../shared/domain/logbook.ts'
import { epochMs } from '../../shared/domain/time.ts'
import { emptyHead, sealRow } from '../../station/logbook/index.ts'

export interface Tampering {
  /** The rows as they are afterwards; `at` = index of the row that is tampered with, never the last. */
  readonly rows: (chain: readonly LogRow[], at: number) => LogRow[]
  /** How many rows behind the one that was tampered with it is found. */
  readonly foundAfter: 0 | 1
  /** Two rows of one number: no database takes that. */
  readonly doubleSeq?: true
}

const edits: Readonly<Record<string, (row: LogRow) => LogRow>> = {
  subject: (row) => ({ ...row, subject: 'khác' }),
  actor: (row) => ({ ...row, actor: 'ai đó' }),
  atMs: (row) => ({ ...row, atMs: epochMs(row.atMs + 1) }),
  monotonicMs: (row) => ({ ...row, monotonicMs: row.monotonicMs + 1 }),
  writtenAtMs: (row) => ({ ...row, writtenAtMs: epochMs(row.writtenAtMs - 1) }),
  kind: (row) => ({ ...row, kind: row.kind === 'stop' ? 'reopen' : 'stop' }),
  phase: (row) => ({ ...row, phase: 'open' }),
  action: (row) => ({ ...row, actionId: 'another' }),
  planned: (row) => ({ ...row, planned: { startMs: 0 } }),
  sent: (row) => ({ ...row, sent: { to: 'x' } }),
  measured: (row) => ({ ...row, measured: null }),
  late: (row) => ({ ...row, late: !row.late }),
  output: (row) => ({ ...row, outputId: null }),
  boot: (row) => ({ ...row, bootId: 'other' }),
  entry: (row) => ({ ...row, entryId: 'other' }),
}

const edited = (chain: readonly LogRow[], at: number, change: (row: LogRow) => LogRow) =>
  chain.map((row, index) => (index === at ? change(row) : row))
const rowAt = (chain: readonly LogRow[], at: number) => chain[at] as LogRow
const extra = (chain: readonly LogRow[], at: number) => ({ ...rowAt(chain, at), subject: 'thêm vào', entryId: 'extra' })

/** By somebody who does not know the chain, or only half of it. */
export const tamperings: Readonly<Record<string, Tampering>> = {
  ...Object.fromEntries(
    Object.entries(edits).map(([name, change]) => [
      `edit ${name}`,
      { rows: (chain: readonly LogRow[], at: number) => edited(chain, at, change), foundAfter: 0 as const },
    ]),
  ),
  'edit and hash that row': {
    rows: (chain, at) => edited(chain, at, (row) => sealRow({ ...row, subject: 'khác' })),
    foundAfter: 1,
  },
  delete: { rows: (chain, at) => chain.toSpliced(at, 1), foundAfter: 0 },
  insert: { rows: (chain, at) => chain.toSpliced(at, 0, extra(chain, at)), foundAfter: 0, doubleSeq: true },
  'insert and renumber': {
    rows: (chain, at) => chain.toSpliced(at, 0, extra(chain, at)).map((row, index) => ({ ...row, seq: index + 1 })),
    foundAfter: 0,
  },
  reorder: {
    rows: (chain, at) =>
      chain
        .with(at, { ...rowAt(chain, at + 1), seq: rowAt(chain, at).seq })
        .with(at + 1, { ...rowAt(chain, at), seq: rowAt(chain, at + 1).seq }),
    foundAfter: 0,
  },
  truncate: { rows: (chain, at) => chain.slice(0, at), foundAfter: 0 },
}

/** By somebody who numbers and hashes everything again: consistent in itself, and found only by a head that was kept elsewhere. */
export const rewritings: Readonly<Record<string, (chain: readonly LogRow[], at: number) => LogRow[]>> = {
  edit: (chain, at) => rehash(edited(chain, at, (row) => ({ ...row, measured: { value: 0 } }))),
  delete: (chain, at) => rehash(chain.toSpliced(at, 1)),
  insert: (chain, at) => rehash(chain.toSpliced(at, 0, extra(chain, at))),
  reorder: (chain, at) => rehash(chain.with(at, rowAt(chain, at + 1)).with(at + 1, rowAt(chain, at))),
  truncate: (chain, at) => rehash(chain.slice(0, at)),
}

function rehash(rows: readonly LogRow[]): LogRow[] {
  let prevHash = emptyHead.hash
  return rows.map((row, index) => {
    const sealed = sealRow({ ...row, seq: index + 1, prevHash })
    prevHash = sealed.hash
    return sealed
  })
}

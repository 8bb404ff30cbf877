// `logbook verify PATH` and `logbook export PATH`: proofs that need no running station.
import { readFileSync } from 'node:fs'
import type { ChainVerdict } from '../../shared/domain/logbook.ts'
import { type Anchor, csvHeader, csvLine, csvRows, emptyHead, verifyChain } from '../logbook/index.ts'
import { collectAnchors, databaseFile, type ReadConnection, sqliteCode, storedRows, withEvidence } from '../store/index.ts'
import { type Command, type CommandIo, type ExitCode, printJson, refuse, refuseArguments } from './output.ts'

export const logbookVerify: Command = {
  usage: 'logbook verify PATH [--head SEQ:HASH]…',
  summary:
    'check the chain of DIR, DIR/station.sqlite, a copy or a CSV export and name the first bad row; --head: from the province or a sheet',
  async run(args, io) {
    const { path, heads } = verifyArguments(args)
    if (path === null) return refuseArguments(io, logbookVerify, 'one PATH is needed, and heads as SEQ:HASH')
    const tell = (verdict: ChainVerdict): ExitCode => {
      printJson(io, { path, ...verdict })
      return verdict.ok ? 0 : 1
    }
    if (path.toLowerCase().endsWith('.csv')) return tell(verifyCsv(readFileSync(path, 'utf8'), heads))
    return onLogbook(path, io, (db) => tell(verify(db, heads)))
  },
}

/** PATH and the heads that somebody else kept; null where they are not understood. */
function verifyArguments(args: readonly string[]): { readonly path: string | null; readonly heads: readonly Anchor[] } {
  const heads: Anchor[] = []
  let path: string | null = null
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? ''
    const found = word === '--head' ? /^(\d+):([0-9a-f]{64})$/.exec(args[index + 1] ?? '') : null
    if (found !== null) {
      heads.push({ seq: Number(found[1]), hash: found[2] ?? '', where: 'the head given with --head' })
      index += 1
    } else if (path === null && !word.startsWith('-')) path = word
    else return { path: null, heads }
  }
  return { path, heads }
}

/** An export may begin anywhere; what stands before its first row is taken from that row's own word. */
function verifyCsv(text: string, heads: readonly Anchor[]): ChainVerdict {
  const rows = [...csvRows(text)]
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

export const logbookExport: Command = {
  usage: 'logbook export PATH',
  summary: 'print the logbook as CSV, safe to open in a spreadsheet',
  async run(args, io) {
    const [path, ...rest] = args
    if (path === undefined || rest.length > 0) return refuseArguments(io, logbookExport, 'one PATH is needed')
    return onLogbook(path, io, (db) => exportCsv(db, io))
  },
}

/** The chain's verdict; pages that SQLite itself finds damaged are a bad row like any other. */
function verify(db: ReadConnection, heads: readonly Anchor[]): ChainVerdict {
  let read = 0
  try {
    return verifyChain(
      counted(storedRows(db), () => (read += 1)),
      [...collectAnchors(db), ...heads],
    )
  } catch (error) {
    if (!/^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(sqliteCode(error) ?? '')) throw error
    return { ok: false, rows: read, firstBadSeq: read + 1, reason: `the database is damaged here: ${String(error)}` }
  }
}

function* counted<T>(rows: Iterable<T>, count: () => void): Generator<T> {
  for (const row of rows) {
    yield row
    count()
  }
}

function exportCsv(db: ReadConnection, io: CommandIo): ExitCode {
  io.out(csvHeader)
  let unreadable = 0
  for (const stored of storedRows(db)) {
    if (stored.row !== null) io.out(csvLine(stored.row))
    else {
      unreadable += 1
      io.err(`row ${stored.seq} was left out: ${stored.fault}\n`)
    }
  }
  return unreadable === 0 ? 0 : 1
}

function onLogbook(path: string, io: CommandIo, use: (db: ReadConnection) => ExitCode): ExitCode {
  try {
    return withEvidence(databaseFile(path), use)
  } catch (error) {
    return refuse(io, new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error }))
  }
}

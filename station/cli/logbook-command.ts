// `logbook verify PATH` and `logbook export PATH`: proofs that need no running station.
import type { ChainVerdict } from '../../shared/domain/logbook.ts'
import { verifyChain } from '../logbook/index.ts'
import { collectAnchors, databaseFile, type ReadConnection, sqliteCode, storedRows, withEvidence } from '../store/index.ts'
import { csvHeader, csvLine } from './logbook-csv.ts'
import { type Command, type CommandIo, type ExitCode, printJson, refuse, refuseArguments } from './output.ts'

export const logbookVerify: Command = {
  usage: 'logbook verify PATH',
  summary: 'check the hash chain of DIR or DIR/station.sqlite and name the first bad row',
  async run(args, io) {
    const [path, ...rest] = args
    if (path === undefined || rest.length > 0) return refuseArguments(io, logbookVerify, 'one PATH is needed')
    return onLogbook(path, io, (db) => {
      const verdict = verify(db)
      printJson(io, { path, ...verdict })
      return verdict.ok ? 0 : 1
    })
  },
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
function verify(db: ReadConnection): ChainVerdict {
  let read = 0
  try {
    return verifyChain(
      counted(storedRows(db), () => (read += 1)),
      collectAnchors(db),
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

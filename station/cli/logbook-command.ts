// `logbook verify PATH` and `logbook export PATH`: proofs that need no running station.
import { readFileSync } from 'node:fs'
import type { ChainVerdict } from '../../shared/domain/logbook.ts'
import {
  type Anchor,
  csvHeader,
  csvLine,
  csvRows,
  type PaperVerdict,
  sealAgainst,
  type StoredRow,
  textOf,
  verifyChain,
  verifyPdf,
  verifyRows,
  verifyXlsx,
} from '../logbook/index.ts'
import { collectAnchors, databaseFile, type ReadConnection, sqliteCode, storedRows, storedSlice, withEvidence } from '../store/index.ts'
import { type Command, type CommandIo, type ExitCode, printJson, refuse, refuseArguments } from './output.ts'

export const logbookVerify: Command = {
  usage: 'logbook verify PATH [--head SEQ:HASH]… [--logbook DIR]',
  summary:
    'check the chain of DIR, DIR/station.sqlite, a copy, or an export (CSV, PDF, XLSX) and name the first bad row; --head: from the province or a sheet; --logbook: a paper against the logbook it claims to come from',
  async run(args, io) {
    const { path, heads, logbook } = verifyArguments(args)
    if (path === null) return refuseArguments(io, logbookVerify, 'one PATH is needed, heads as SEQ:HASH, and a logbook as a folder')
    const tell = (verdict: ChainVerdict): ExitCode => {
      printJson(io, { path, ...verdict })
      return verdict.ok ? 0 : 1
    }
    switch (/\.(csv|pdf|xlsx)$/i.exec(path)?.[1]?.toLowerCase()) {
      case 'csv':
        return exportedRows([...csvRows(textOf(readFileSync(path)))], heads, logbook, io, tell)
      case 'pdf':
        return paper(verifyPdf(readFileSync(path)), heads, logbook, io, tell)
      case 'xlsx':
        return paper(verifyXlsx(readFileSync(path), heads), heads, logbook, io, tell)
      default:
        return onLogbook(path, io, (db) => tell(verify(db, heads)))
    }
  },
}

interface VerifyArguments {
  /** null = not understood. */
  readonly path: string | null
  readonly heads: readonly Anchor[]
  readonly logbook: string | null
}

/** PATH, the heads that somebody else kept, and the logbook a paper is held against. */
function verifyArguments(args: readonly string[]): VerifyArguments {
  const heads: Anchor[] = []
  let path: string | null = null
  let logbook: string | null = null
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? ''
    const value = args[index + 1] ?? ''
    const found = word === '--head' ? /^(\d+):([0-9a-f]{64})$/.exec(value) : null
    if (found !== null) {
      heads.push({ seq: Number(found[1]), hash: found[2] ?? '', where: 'the head given with --head' })
      index += 1
    } else if (word === '--logbook' && value !== '') {
      logbook = value
      index += 1
    } else if (path === null && !word.startsWith('-')) path = word
    else return { path: null, heads, logbook }
  }
  return { path, heads, logbook }
}

/** Rows whose chain is whole may still have been hashed anew from the first changed one on: the logbook itself says whether they are its own. */
function exportedRows(
  rows: readonly StoredRow[],
  heads: readonly Anchor[],
  logbook: string | null,
  io: CommandIo,
  tell: (verdict: ChainVerdict) => ExitCode,
): ExitCode {
  const verdict = verifyRows([...rows], heads)
  if (!verdict.ok || logbook === null) return tell(verdict)
  const exported = rows.flatMap(({ row }) => row ?? [])
  const [from, to] = [exported[0]?.seq ?? 1, exported.at(-1)?.seq ?? 0]
  return onLogbook(logbook, io, (db) => {
    const own = new Map<number, string>()
    for (const { row } of storedSlice(db, from - 1, to - from + 1)) if (row !== null) own.set(row.seq, row.hash)
    const first = exported.find(({ seq, hash }) => own.get(seq) !== hash)
    if (first === undefined) return tell(verdict)
    const reason = `the row is not the row of ${logbook}: the export was hashed anew from here on`
    return tell({ ok: false, rows: verdict.rows, firstBadSeq: first.seq, reason })
  })
}

/** A paper that is whole in itself may still be one that somebody sealed anew: a head or the logbook itself says whether it is ours. */
function paper(
  found: PaperVerdict,
  heads: readonly Anchor[],
  logbook: string | null,
  io: CommandIo,
  tell: (verdict: ChainVerdict) => ExitCode,
): ExitCode {
  const { verdict, seal } = found
  if (!verdict.ok || seal === null) return tell(verdict)
  const differs = (where: string) =>
    tell({ ok: false, rows: verdict.rows, firstBadSeq: seal.seq, reason: `the seal is not the row of ${where}: the paper was sealed anew` })
  for (const head of heads) {
    const answer = sealAgainst(found, head)
    if (answer === null)
      return refuse(io, new Error(`${head.where} (row ${head.seq}) says nothing about this paper, sealed as row ${seal.seq}`))
    if (answer === 'differs') return differs(head.where)
  }
  if (logbook === null) return tell(verdict)
  return onLogbook(logbook, io, (db) => {
    const [stored] = storedSlice(db, seal.seq - 1, 1)
    return stored?.row?.hash === seal.hash && stored.row.seq === seal.seq ? tell(verdict) : differs(logbook)
  })
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

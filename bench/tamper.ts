// The logbook as evidence: every kind of row × every way to tamper with it, on real databases, exports and papers, judged by the
// product's own `logbook verify`; and a store process killed again and again that must never be accused of it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { systemClock } from '../shared/domain/clock.ts'
import { type ChainVerdict, LogKind, type LogRow } from '../shared/domain/logbook.ts'
import { logbookVerify } from '../station/cli/logbook-command.ts'
import { csvHeader, csvLine } from '../station/logbook/index.ts'
import { toColumns } from '../station/store/logbook-rows.ts'
import { openStore } from '../station/store/index.ts'
import { logEntry } from '../test/support/log-entries.ts'
import { killStoreWriters } from '../test/support/store-kills.ts'
import { rewritings, tamperings } from '../test/support/tampering.ts'
import { type Result, result } from './report.ts'
import { papers } from './tamper-papers.ts'

export interface TamperOptions {
  /** Kinds of rows tampered with; more than there are = all. */
  readonly kinds: number
  readonly kills: number
  readonly lanes: number
  /** Rest after every kill, ms: keeps a long run out of the way of whatever else the machine does. */
  readonly pauseMs: number
  readonly seed: number
}

export const tamperFull: TamperOptions = { kinds: 1000, kills: 1000, lanes: 2, pauseMs: 0, seed: 1 }

interface Tally {
  cells: number
  found: number
  named: number
  untouched: number
  untouchedOk: number
}

export async function runTamper(options: TamperOptions): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'truc-song-tamper-'))
  try {
    return [...(await matrix(folder, options.kinds)), ...(await restarts(options))]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function restarts({ kills, lanes, seed, pauseMs }: TamperOptions): Promise<Result[]> {
  if (kills === 0) return []
  const report = await killStoreWriters(kills, lanes, seed, { verifyEach: true, pauseMs })
  for (const line of [...report.falseAlarms, ...report.wrong].slice(0, 20)) process.stderr.write(`${line}\n`)
  return [
    result('restarts after kill −9 of the store process', report.kills, 'restarts'),
    result('restarts, chains checked whole', report.checks, 'checks'),
    result('restarts, rows acknowledged before a kill', report.acknowledged, 'rows'),
    result('restarts, false alarms', report.falseAlarms.length, 'alarms', { max: 0 }),
    result('restarts, other faults found', report.wrong.length, 'faults', { max: 0 }),
    result('restarts, time of each', report.msPerKill, 'ms'),
  ]
}

async function matrix(folder: string, kindCount: number): Promise<Result[]> {
  const kinds = LogKind.options.slice(0, kindCount)
  if (kinds.length === 0) return []
  const rows = await writeRows(folder, kinds)
  const media = { database: databaseOf(folder), export: exportOf(folder) }
  const results: Result[] = [result('tamper matrix, kinds of row', kinds.length, 'kinds')]
  for (const [name, put] of Object.entries(media)) {
    const tally = await tamperEach(kinds, rows, put, name === 'export')
    results.push(
      result(`tamper matrix, ${name}: cells`, tally.cells, 'cells'),
      result(`tamper matrix, ${name}: found`, (tally.found / tally.cells) * 100, '%', { min: 100 }),
      result(`tamper matrix, ${name}: first bad row named`, (tally.named / tally.cells) * 100, '%', { min: 100 }),
      result(`tamper matrix, ${name}: untouched ones called whole`, (tally.untouchedOk / tally.untouched) * 100, '%', { min: 100 }),
    )
  }
  const indexOf = (kind: LogKind) => indexOfKind(rows, kind)
  const logbookOf = (given: readonly LogRow[]) => media.database(given, true)
  return [...results, ...(await papers({ folder, kinds, rows, indexOf, verdictOf, logbookOf }))]
}

function indexOfKind(rows: readonly LogRow[], kind: LogKind): number {
  return rows.findIndex((row) => row.subject.endsWith(` ${kind}`))
}

/** Through the real store: each kind stands between two rows of another. */
async function writeRows(folder: string, kinds: readonly LogKind[]): Promise<LogRow[]> {
  const store = await openStore({ path: join(folder, 'station.sqlite'), bootId: 'bench', clock: systemClock })
  for (const kind of kinds) {
    const facts = { planned: { startMs: 1 }, measured: { value: 1 } }
    await store.logbook.append(logEntry({ subject: 'hàng trước', ...facts }))
    await store.logbook.append(logEntry({ kind, subject: `Bản tin của hàng ${kind}`, ...facts }))
  }
  await store.logbook.append(logEntry({ subject: 'hàng cuối' }))
  const rows = await store.logbook.rows({ afterSeq: 0 })
  await store.close()
  // The reader may have left a WAL behind: everything into the one file that is copied below.
  const db = new Database(join(folder, 'station.sqlite'))
  db.pragma('journal_mode = DELETE')
  db.close()
  return rows
}

/** Puts rows where they are to be verified; `sealed` also as whoever can write everything would seal them. Answers the path. */
type Put = (rows: readonly LogRow[], sealed: boolean) => string

function databaseOf(folder: string): Put {
  const path = join(folder, 'station.sqlite')
  const headPath = join(folder, 'logbook-head.json')
  const [clean, cleanHead] = [readFileSync(path), readFileSync(headPath)]
  return (rows, sealed) => {
    writeFileSync(path, clean)
    writeFileSync(headPath, cleanHead)
    const db = new Database(path)
    db.pragma('foreign_keys = OFF')
    db.pragma('synchronous = OFF')
    db.exec('DROP TRIGGER logbook_no_update; DROP TRIGGER logbook_no_delete')
    const columns = rows.map(toColumns)
    const names = Object.keys(columns[0] ?? {})
    const insert = db.prepare(`INSERT INTO logbook (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`)
    db.transaction(() => {
      db.exec('DELETE FROM logbook')
      for (const row of columns) insert.run(row)
      const head = rows.at(-1)
      if (sealed && head !== undefined) db.prepare('UPDATE logbook_head SET seq = ?, hash = ?').run(head.seq, head.hash)
    })()
    db.close()
    if (sealed) writeFileSync(headPath, JSON.stringify({ seq: rows.at(-1)?.seq, hash: rows.at(-1)?.hash }))
    return folder
  }
}

function exportOf(folder: string): Put {
  const path = join(folder, 'export.csv')
  return (rows) => {
    writeFileSync(path, `${csvHeader}${rows.map(csvLine).join('')}`)
    return path
  }
}

/** @param needsHead an export carries no seal of its own: a cut tail is found by the head that was kept elsewhere. */
async function tamperEach(kinds: readonly LogKind[], rows: readonly LogRow[], put: Put, needsHead: boolean): Promise<Tally> {
  const tally: Tally = { cells: 0, found: 0, named: 0, untouched: 0, untouchedOk: 0 }
  const head = rows.at(-1)
  const witness = ['--head', `${head?.seq}:${head?.hash}`]
  const count = (verdict: ChainVerdict, firstBadSeq: number, words: string) => {
    tally.cells += 1
    if (!verdict.ok) tally.found += 1
    if (!verdict.ok && verdict.firstBadSeq === firstBadSeq) tally.named += 1
    else process.stderr.write(`${words}: ${JSON.stringify(verdict)}, want row ${firstBadSeq}\n`)
  }
  for (const kind of kinds) {
    const at = indexOfKind(rows, kind)
    tally.untouched += 1
    if ((await verdictOf(put(rows, false), witness)).ok) tally.untouchedOk += 1
    for (const [name, { rows: change, foundAfter, doubleSeq }] of Object.entries(tamperings)) {
      if (doubleSeq && !needsHead) continue
      const path = put(change(rows, at), false)
      count(await verdictOf(path, needsHead ? witness : []), at + 1 + foundAfter, `${kind}, ${name}`)
    }
    for (const [name, change] of Object.entries(rewritings)) {
      const path = put(change(rows, at), true)
      count(await verdictOf(path, witness), name === 'truncate' ? at + 1 : rows.length, `${kind}, ${name} and re-hash`)
    }
  }
  return tally
}

/** As the command line answers it. */
async function verdictOf(path: string, more: readonly string[]): Promise<ChainVerdict> {
  const out: string[] = []
  const io = { out: (text: string) => void out.push(text), err: (text: string) => void process.stderr.write(text) }
  await logbookVerify.run([path, ...more], io)
  return JSON.parse(out.join('')) as ChainVerdict
}

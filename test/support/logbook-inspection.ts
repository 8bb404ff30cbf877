// The verdict over a logbook that was left by a kill or a power cut: SQLite's own check, the chain against its sealed heads,
// and every row that was acknowledged. Opened for writing, as the next start of the station would, so that SQLite recovers.
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { verifyChain } from '../../station/logbook/index.ts'
import { collectAnchors, storedRows } from '../../station/store/index.ts'

export interface Acknowledged {
  readonly seq: number
  readonly hash: string
}

/** Everything that is wrong with a logbook of store-writer-process.ts, in words; empty = every promise was kept. */
export function inspectLogbook(path: string, acknowledged: readonly Acknowledged[]): string[] {
  return inspect(path, acknowledged, writerFaults)
}

/** The same for a logbook of the whole station. */
export function inspectChain(path: string, acknowledged: readonly Acknowledged[]): string[] {
  return inspect(path, acknowledged, falseAlarms)
}

function inspect(path: string, acknowledged: readonly Acknowledged[], more: (db: Database.Database) => string[]): string[] {
  if (!existsSync(path)) return acknowledged.length === 0 ? [] : ['the database is gone']
  const db = new Database(path)
  try {
    const check = String(db.pragma('quick_check', { simple: true }))
    const wrong = check === 'ok' ? [] : [`quick_check: ${check}`]
    const hasLogbook = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'logbook'`).get() !== undefined
    if (!hasLogbook) return [...wrong, ...(acknowledged.length > 0 ? ['the logbook is gone'] : [])]
    const verdict = verifyChain(storedRows(db), collectAnchors(db))
    if (!verdict.ok) wrong.push(`chain: row ${verdict.firstBadSeq}: ${verdict.reason}`)
    const find = db.prepare<[number], string>('SELECT hash FROM logbook WHERE seq = ?').pluck()
    for (const { seq, hash } of acknowledged) {
      const found = find.get(seq)
      if (found !== hash) wrong.push(`row ${seq} was acknowledged and is ${found === undefined ? 'absent' : 'another row'}`)
    }
    return [...wrong, ...more(db)]
  } catch (error) {
    return [`cannot be read: ${String(error)}`]
  } finally {
    db.close()
  }
}

/** Nobody tampered: an alarm that says so was false. */
function falseAlarms(db: Database.Database): string[] {
  const raised = db
    .prepare(`SELECT seq FROM logbook WHERE kind = 'alarm.raised' AND subject IN ('CHAIN_BROKEN', 'LOGBOOK_REPLACED')`)
    .pluck()
    .all()
  return raised.map((seq) => `row ${String(seq)} is a false alarm about the chain`)
}

/** What store-writer-process.ts numbered: each number at most once, and in the order it was handed to the store. */
function writerFaults(db: Database.Database): string[] {
  const subjects = db.prepare<[], string>('SELECT subject FROM logbook ORDER BY seq').pluck().all()
  const newest = new Map<string, number>()
  return subjects.flatMap((subject) => {
    const dash = subject.lastIndexOf('-')
    const boot = subject.slice(0, dash)
    const number = Number(subject.slice(dash + 1))
    const before = newest.get(boot) ?? -1
    newest.set(boot, number)
    return number > before ? [] : [`${subject} was written twice or out of order`]
  })
}

/** The rows told in the output of store-writer-process.ts; a last line without its end was not told. */
export function acknowledgedIn(output: string): Acknowledged[] {
  return output
    .slice(0, output.lastIndexOf('\n') + 1)
    .split('\n')
    .flatMap((line) => {
      const [word, seq, hash] = line.split(' ')
      return word === 'ack' && hash !== undefined ? [{ seq: Number(seq), hash }] : []
    })
}

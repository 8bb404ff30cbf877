// The worst that somebody with the whole folder can do to a logbook: every row from the first on hashed again, and both seals made to fit.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import type { LogRow } from '../../shared/domain/logbook.ts'
import { emptyHead, sealRow } from '../../station/logbook/index.ts'
import { toColumns } from '../../station/store/logbook-rows.ts'

/** The triggers that forbid it must have been dropped. */
export function rewriteAll(folder: string, db: Database.Database, rows: readonly LogRow[]): void {
  let prevHash = emptyHead.hash
  db.exec('DELETE FROM logbook_open; DELETE FROM logbook')
  const insert = db.prepare(`INSERT INTO logbook VALUES (@seq, @entry_id, @boot_id, @kind, @phase, @action_id, @at_ms, @monotonic_ms,
    @written_at_ms, @actor, @output_id, @subject, @planned, @sent, @measured, @late, @prev_hash, @hash)`)
  let seq = 0
  for (const row of rows) {
    seq += 1
    const sealed = sealRow({ ...row, seq, prevHash })
    prevHash = sealed.hash
    insert.run(toColumns(sealed))
  }
  db.prepare('UPDATE logbook_head SET seq = ?, hash = ?').run(seq, prevHash)
  writeFileSync(join(folder, 'logbook-head.json'), `${JSON.stringify({ seq, hash: prevHash }).padEnd(255)}\n`)
}

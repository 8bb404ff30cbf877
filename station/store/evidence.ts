// Opens a logbook to look at it: a live database, a closed one, a copy that carries a WAL, or one on a medium that cannot be
// written. Nothing is migrated, checkpointed or changed.
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { openReadOnly, type ReadConnection, sqliteCode } from './connection.ts'

/** `PATH` of the command line: the file itself, or the data folder that holds `station.sqlite`. */
export function databaseFile(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? join(path, 'station.sqlite') : path
}

/** Runs `look` on a read-only connection and closes it. */
export function withEvidence<T>(path: string, look: (db: ReadConnection) => T): T {
  // Without a WAL nobody has it open; SQLite would make WAL and index beside the evidence just to read it.
  if (existsSync(path) && !existsSync(`${path}-wal`)) return examineCopy(path, look)
  try {
    return examine(path, look)
  } catch (error) {
    // A WAL cannot be read where its index cannot be made beside it.
    if (!/^SQLITE_(CANTOPEN|READONLY)/.test(sqliteCode(error) ?? '') || !existsSync(path)) throw error
    return examineCopy(path, look)
  }
}

function examine<T>(path: string, look: (db: ReadConnection) => T): T {
  const db = openReadOnly(path)
  try {
    return look(db)
  } finally {
    db.close()
  }
}

function examineCopy<T>(path: string, look: (db: ReadConnection) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'truc-song-evidence-'))
  try {
    const names = [basename(path), `${basename(path)}-wal`, 'logbook-head.json']
    for (const name of names) {
      const source = join(dirname(path), name)
      if (existsSync(source)) copyFileSync(source, join(folder, name))
    }
    return examine(join(folder, basename(path)), look)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// Opens SQLite the one way this house opens it. better-sqlite3's own default in WAL is synchronous=NORMAL, which may lose the
// last acknowledged rows to a power cut; a logbook cannot. Writable and read-only connections are different types.
import Database from 'better-sqlite3'

declare const writable: unique symbol
/** A connection that may read. */
export type ReadConnection = Database.Database
/** The one connection that may write. */
export type WriteConnection = Database.Database & { readonly [writable]: true }

/** How long a statement waits for a lock held by somebody else (a backup tool, a verifying reader), ms. */
const busyTimeoutMs = 5000

/**
 * Opens for writing, creating the file if it is missing. `accept` looks first and throws where the file is not ours to change.
 * Checkpoints are made by the worker, after the acknowledgement.
 */
export function openWritable(path: string, accept: (db: ReadConnection) => void): WriteConnection {
  const db = new Database(path, { timeout: busyTimeoutMs }) as WriteConnection
  try {
    accept(db)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('wal_autocheckpoint = 0')
    db.pragma('journal_size_limit = 67108864')
    applyCommon(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Opens for reading only; never creates, migrates or checkpoints. */
export function openReadOnly(path: string): ReadConnection {
  const db = new Database(path, { timeout: busyTimeoutMs, readonly: true, fileMustExist: true })
  try {
    applyCommon(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function applyCommon(db: Database.Database): void {
  db.pragma('foreign_keys = ON')
  db.pragma('trusted_schema = OFF')
  db.pragma(`busy_timeout = ${busyTimeoutMs}`)
}

/** SQLite's result code of an error, or null where the error is not SQLite's. */
export function sqliteCode(error: unknown): string | null {
  return error instanceof Database.SqliteError ? error.code : null
}

/**
 * True where the disk, the file or the lock failed and not the statement: the connection is not to be trusted any more
 * (after a failed fsync Linux marks the pages clean, so trying the commit again would prove nothing).
 */
export function isStorageFault(error: unknown): boolean {
  return /^SQLITE_(IOERR|FULL|CORRUPT|NOTADB|CANTOPEN|READONLY|BUSY|PROTOCOL|NOMEM|PERM)/.test(sqliteCode(error) ?? '')
}

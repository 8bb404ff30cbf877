// The thread that waits for the disk, so that the station's main thread never does. One connection; every request is answered
// in order. After a storage fault the connection is thrown away: nothing is tried again on it (S7).
import { closeSync, existsSync, fsyncSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { checkAnchor } from './anchors.ts'
import { isStorageFault, openReadOnly, openWritable, type ReadConnection, sqliteCode, type WriteConnection } from './connection.ts'
import { HeadFile, headFilePath, setHeadFileAside } from './head-file.ts'
import { assertOurs, isCurrent, loadMigrations, migrate } from './migrations.ts'
import { createReadOperations, createWriteOperations } from './operations.ts'
import type { Failure, Opened, Request, Response, WorkerRole } from './protocol.ts'
import { StoreRefusal } from './store-refusal.ts'

interface Session {
  readonly operations: Readonly<Record<string, (...args: never[]) => unknown>>
  /** Work that is done after an answer was given, so that nobody waits for it. */
  readonly afterwards: (name: string, value: unknown) => void
  readonly close: () => void
}

/** The WAL is copied into the database after this many writes: about 4 MB. */
const writesPerCheckpoint = 250

/** Asked before the main thread heard that the connection is gone: a storage fault like any other. */
const notOpen = 'ENOTOPEN'

const { role, path } = workerData as WorkerRole
const port = parentPort
if (port === null) throw new Error('store-worker.ts runs as a worker only')
let session: Session | null = null
let writesSinceCheckpoint = 0

interface OpenedSession {
  readonly session: Session
  readonly opened: Opened
}

function openReader(): OpenedSession {
  const db: ReadConnection = openReadOnly(path)
  if (!isCurrent(db, loadMigrations())) {
    db.close()
    throw new StoreRefusal('STORE_UNAVAILABLE', { reason: 'the writer has not made the database yet' })
  }
  const session: Session = { operations: createReadOperations(db), afterwards: () => undefined, close: () => db.close() }
  return { session, opened: { migrated: [], anchor: checkAnchor(db) } }
}

function openWriter(afterFault: boolean, atMs: number): OpenedSession {
  const migrations = loadMigrations()
  const db = openWritable(path, (found) => assertOurs(found, migrations))
  try {
    if (afterFault) assertSound(db)
    settleWal(db)
    const migrated = migrate(db, migrations)
    if (migrated.length > 0) syncFolder()
    const anchor = checkAnchor(db)
    if (anchor.state === 'mismatch') setHeadFileAside(headFilePath(path), atMs)
    const headFile = new HeadFile(headFilePath(path))
    const close = () => {
      headFile.close()
      db.close()
    }
    const operations = createWriteOperations(db)
    return { session: { operations, afterwards: (name, value) => tidy(db, headFile, name, value), close }, opened: { migrated, anchor } }
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * Nothing in a WAL that was found is built upon. After a failed fsync, in this process or in one that was killed, its newest
 * frames may be in the page cache and not on the disk, with pages that Linux holds for clean: rows written behind them would
 * be lost with them. So all of it is written again into the database and synced there, and the WAL is emptied; and that is
 * synced too, because an old WAL that came back after a power cut would take the database back to before the fault.
 */
function settleWal(db: WriteConnection): void {
  const wal = `${path}-wal`
  if ((statSync(wal, { throwIfNoEntry: false })?.size ?? 0) === 0) return
  const [result] = db.pragma('wal_checkpoint(TRUNCATE)') as readonly { readonly busy: number }[]
  if (result?.busy !== 0) throw Object.assign(new Error('somebody is reading: the WAL could not be emptied'), { code: 'EBUSY' })
  if (existsSync(wal)) syncPath(wal, 'r+')
  syncFolder()
}

function assertSound(db: WriteConnection): void {
  const verdict = db.pragma('quick_check(1)', { simple: true })
  if (verdict !== 'ok') throw new StoreRefusal('STORE_UNAVAILABLE', { reason: `quick_check: ${String(verdict)}` })
}

/** A new file is in its folder for good only when the folder is synced. Windows has no such call and does not need it. */
function syncFolder(): void {
  if (process.platform !== 'win32') syncPath(dirname(path), 'r')
}

function syncPath(target: string, flags: 'r' | 'r+'): void {
  const fd = openSync(target, flags)
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function tidy(db: WriteConnection, headFile: HeadFile, name: string, value: unknown): void {
  if (name === 'logbook.append') headFile.write((value as ReturnType<ReturnType<typeof createWriteOperations>['logbook.append']>).head)
  writesSinceCheckpoint += 1
  if (writesSinceCheckpoint < writesPerCheckpoint) return
  writesSinceCheckpoint = 0
  db.pragma('wal_checkpoint(PASSIVE)')
}

function discard(): void {
  const failed = session
  session = null
  try {
    failed?.close()
  } catch (error) {
    // Closing a connection whose disk failed may fail too; it is unreachable from here on either way.
    process.stderr.write(`${JSON.stringify({ level: 'warn', area: 'store', msg: 'close after fault', error: String(error) })}\n`)
  }
}

function open(request: Extract<Request, { kind: 'open' }>): Opened {
  // better-sqlite3 answers a missing folder with a TypeError; a disk that is not mounted yet is a storage fault.
  statSync(dirname(path))
  const result = role === 'reader' ? openReader() : openWriter(request.afterFault, request.atMs)
  session = result.session
  return result.opened
}

function call(name: string, args: readonly unknown[]): unknown {
  const operation = session?.operations[name]
  if (session === null) throw Object.assign(new Error('the connection was discarded'), { code: notOpen })
  if (operation === undefined) throw new Error(`the ${role} has no operation ${name}`)
  return operation(...(args as never[]))
}

function failureOf(error: unknown): Failure {
  if (error instanceof StoreRefusal) return { kind: 'refusal', code: error.code, detail: error.detail }
  const message = error instanceof Error ? error.message : String(error)
  if (isStorageFault(error)) return { kind: 'storage', code: sqliteCode(error) ?? 'unknown', message }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^E[A-Z]+$/.test(code) ? { kind: 'storage', code, message } : { kind: 'bug', message }
}

function serve(request: Request): unknown {
  switch (request.kind) {
    case 'open':
      return open(request)
    case 'call':
      return call(request.name, request.args)
    case 'close':
      session?.close()
      session = null
      return null
  }
}

/** Runs, and on a storage fault throws the connection away before anybody hears of it. */
function guarded<T>(run: () => T): { readonly value: T } | { readonly failure: Failure } {
  try {
    return { value: run() }
  } catch (error) {
    const failure = failureOf(error)
    if (failure.kind === 'storage') discard()
    return { failure }
  }
}

port.on('message', (request: Request) => {
  const outcome = guarded(() => serve(request))
  const answer: Response = { id: request.id, ...outcome }
  port.postMessage(answer)
  if (request.kind !== 'call' || 'failure' in outcome) return
  const after = guarded(() => session?.afterwards(request.name, outcome.value))
  if ('failure' in after) port.postMessage({ id: null, failure: after.failure } satisfies Response)
})

// The sealed head beside the database, `logbook-head.json`: after each commit the sequence and hash of the newest row, in one
// write of fixed length (one sector, so a power cut leaves the old or the new). It is not fsynced: behind the database it proves
// less, ahead of it the database lost rows — a tail cut off, a WAL deleted, an old copy put back (S3, S11).
import { closeSync, constants, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { LogbookHead } from '../logbook/index.ts'

const lengthBytes = 256
const existingOrNew = constants.O_RDWR | constants.O_CREAT

/** Where the head of this database is kept. */
export function headFilePath(databasePath: string): string {
  return join(dirname(databasePath), 'logbook-head.json')
}

/** The head in the file; null where there is no file; `'unreadable'` where there is one that we did not write. */
export function readHeadFile(path: string): LogbookHead | null | 'unreadable' {
  let text: string
  try {
    text = readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  // Created and not yet written when the power went: says nothing, accuses nobody.
  if (text === '') return null
  return parseHead(text) ?? 'unreadable'
}

function parseHead(text: string): LogbookHead | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('seq' in value) || !('hash' in value)) return null
    return typeof value.seq === 'number' && typeof value.hash === 'string' ? { seq: value.seq, hash: value.hash } : null
  } catch {
    return null
  }
}

/** Keeps a head file that contradicts the database as evidence, under a name that will not be overwritten. */
export function setHeadFileAside(path: string, atMs: number): string {
  const kept = path.replace(/\.json$/, `.mismatch-${atMs}.json`)
  renameSync(path, kept)
  return kept
}

/** Writes heads through one open file. */
export class HeadFile {
  readonly #path: string
  #fd: number | null = null

  constructor(path: string) {
    this.#path = path
  }

  write(head: LogbookHead): void {
    const text = `${JSON.stringify({ seq: head.seq, hash: head.hash }).padEnd(lengthBytes - 1)}\n`
    this.#fd ??= openSync(this.#path, existingOrNew, 0o644)
    writeSync(this.#fd, text, 0)
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd)
    this.#fd = null
  }
}

// One recording of the real store's writes and the power cuts on it; and the same of a copy of the store whose only difference
// is `synchronous = NORMAL`, which must be found out. The product has no switch for it: the copy is edited.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CutReport, cutPower } from './lost-writes.ts'
import { seededRandom } from './seeded-random.ts'
import { readTrace, traceWrites } from './write-trace.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface LostWritesOptions {
  readonly synchronous: 'FULL' | 'NORMAL'
  readonly rows: number
  readonly cuts: number
  readonly seed: number
  /** A fault injected by strace, such as `fsync:error=EIO:when=5` (S7). */
  readonly inject?: string
  /** A second connection reads meanwhile. */
  readonly reading?: boolean
}

export interface RecordReport extends CutReport {
  /** What the writer said of the store's health, in order. */
  readonly health: readonly string[]
  readonly failedSyncs: number
}

export async function recordAndCut(options: LostWritesOptions): Promise<RecordReport> {
  const folder = mkdtempSync(join(tmpdir(), 'truc-song-cuts-'))
  try {
    const source = options.synchronous === 'FULL' ? root : copyWithNormal(join(folder, 'source'))
    const data = join(folder, 'data')
    mkdirSync(data)
    const database = join(data, 'station.sqlite')
    const acks = join(data, 'acks')
    const files = [database, `${database}-wal`, `${database}-journal`, join(data, 'logbook-head.json'), acks]
    const command = [process.execPath, join(source, 'test/support/store-writer-process.ts'), database, String(options.rows), acks]
    if (options.reading === true) command.push('reading')
    const trace = join(folder, 'trace')
    await traceWrites(command, files, trace, options.inject)
    const events = readTrace(trace, acks)
    const told = events.flatMap((event) => (event.kind === 'told' && event.text.startsWith('health ') ? [event.text] : []))
    const health = told.map((text) => (JSON.parse(text.slice('health '.length)) as { state: string }).state)
    const failedSyncs = events.filter((event) => event.kind === 'syncFailed').length
    return { ...cutPower(events, database, options.cuts, seededRandom(options.seed), folder), health, failedSyncs }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The rooms the writer needs, with one word changed. */
function copyWithNormal(target: string): string {
  mkdirSync(target)
  for (const room of ['shared', 'station/store', 'station/logbook', 'test/support/store-writer-process.ts', 'package.json']) {
    cpSync(join(root, room), join(target, room), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(target, 'node_modules'))
  const connection = join(target, 'station/store/connection.ts')
  const text = readFileSync(connection, 'utf8')
  const weaker = text.replace(`'synchronous = FULL'`, `'synchronous = NORMAL'`)
  if (weaker === text) throw new Error('the control could not be made: synchronous = FULL was not found in connection.ts')
  writeFileSync(connection, weaker)
  return target
}

// Nothing acknowledged is lost (S1, S2, S7, S8): store processes and whole stations killed at random, power cuts replayed from
// strace's record on a disk that forgets what was not synced, failed and slow fsyncs; and what an acknowledged row costs.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { systemClock } from '../shared/domain/clock.ts'
import { openStore, type Store } from '../station/store/index.ts'
import { logEntry } from '../test/support/log-entries.ts'
import { recordAndCut } from '../test/support/lost-writes-run.ts'
import { killStations } from '../test/support/station-kills.ts'
import { killStoreWriters } from '../test/support/store-kills.ts'
import { type Result, result, spread } from './report.ts'

export interface DurabilityOptions {
  readonly storeKills: number
  readonly stationKills: number
  /** Processes killed at a time. */
  readonly lanes: number
  /** Recordings of 800 rows, and power cuts on each. */
  readonly recordings: number
  readonly cuts: number
  /** fsyncs that fail in turn, one recording each. */
  readonly failedSyncs: number
  readonly appends: number
  readonly seed: number
}

export const durabilityFull: DurabilityOptions = {
  storeKills: 10_000,
  stationKills: 1000,
  lanes: 3,
  recordings: 5,
  cuts: 400,
  failedSyncs: 40,
  appends: 5000,
  seed: 1,
}

export async function runDurability(options: DurabilityOptions): Promise<Result[]> {
  return [
    ...(await appendCost(options.appends)),
    ...(await slowDisk()),
    ...(await powerCuts(options)),
    ...(await failedSyncs(options)),
    ...(await storeKills(options)),
    ...(await stationKills(options)),
  ]
}

async function storeKills({ storeKills: kills, lanes, seed }: DurabilityOptions): Promise<Result[]> {
  if (kills === 0) return []
  const report = await killStoreWriters(kills, lanes, seed)
  const wrong = [...report.wrong, ...report.falseAlarms]
  complain(wrong)
  return [
    result('store process kills', report.kills, 'kills'),
    result('store process kills, of these while it opened', report.killsWhileOpening, 'kills'),
    result('store process kills, rows acknowledged', report.acknowledged, 'rows'),
    result('store process kills, faults found', wrong.length, 'faults', { max: 0 }),
    result('store process kills, time of each', report.msPerKill, 'ms'),
  ]
}

async function stationKills({ stationKills: kills, lanes, seed }: DurabilityOptions): Promise<Result[]> {
  if (kills === 0) return []
  const report = await killStations(kills, Math.min(lanes, 2), seed)
  complain(report.wrong)
  return [
    result('station kills', report.kills, 'kills'),
    result('station kills, of these while it started', report.killsWhileStarting, 'kills'),
    result('station kills, rows read over the API', report.rows, 'rows'),
    result('station kills, orders answered', report.items, 'orders'),
    result('station kills, faults found', report.wrong.length, 'faults', { max: 0 }),
    result('station kills, time of each', report.msPerKill, 'ms'),
  ]
}

async function powerCuts({ recordings, cuts, seed }: DurabilityOptions): Promise<Result[]> {
  const wrong: string[] = []
  let made = 0
  for (let recording = 0; recording < recordings; recording += 1) {
    const report = await recordAndCut({ synchronous: 'FULL', rows: 800, cuts, seed: seed + recording })
    made += report.cuts
    wrong.push(...report.wrong)
  }
  complain(wrong)
  const control = await recordAndCut({ synchronous: 'NORMAL', rows: 200, cuts: 100, seed })
  return [
    result('power cuts that lose un-synced writes', made, 'cuts'),
    result('power cuts, cuts with a fault', wrong.length, 'cuts', { max: 0 }),
    result('power cuts, control with synchronous=NORMAL: cuts made', control.cuts, 'cuts'),
    result('power cuts, control with synchronous=NORMAL: cuts found out', control.wrong.length, 'cuts', { min: 1 }),
  ]
}

async function failedSyncs({ failedSyncs: count, seed }: DurabilityOptions): Promise<Result[]> {
  const wrong: string[] = []
  for (let at = 1; at <= count; at += 1) {
    // One failure, two, three running; with and without a reader attached.
    const inject = `fsync,fdatasync:error=EIO:when=${at}..${at + (at % 3)}`
    const report = await recordAndCut({ synchronous: 'FULL', rows: 60, cuts: 60, seed: seed + at, inject, reading: at % 2 === 0 })
    wrong.push(...report.wrong)
  }
  complain(wrong)
  return [
    result('fsync → EIO, recordings', count, 'recordings'),
    result('fsync → EIO, power cuts with a fault', wrong.length, 'cuts', { max: 0 }),
  ]
}

async function slowDisk(): Promise<Result[]> {
  return inFolder(async (folder) => {
    await (await open(folder)).close()
    const program = fileURLToPath(new URL('../test/support/slow-disk-process.ts', import.meta.url))
    const delay = ['-e', 'trace=fsync,fdatasync', '-e', 'inject=fsync,fdatasync:delay_exit=3000000', '-o', join(folder, 'strace')]
    const command = ['-f', '--seccomp-bpf', '-qq', ...delay, process.execPath, program, join(folder, 'station.sqlite')]
    const { stdout } = await promisify(execFile)('strace', command)
    const felt = JSON.parse(stdout) as Readonly<Record<string, number>>
    return [
      result('fsync takes 3 s: alert goes on after', felt['cutInReadyMs'] ?? null, 'ms', { max: 25 }),
      result('fsync takes 3 s: scheduled item goes on after', felt['itemReadyMs'] ?? null, 'ms', { max: 300 }),
      result('fsync takes 3 s: a screen reads after', felt['readMs'] ?? null, 'ms', { max: 100 }),
      result('fsync takes 3 s: longest block of the main thread', felt['longestBlockMs'] ?? null, 'ms', { max: 100 }),
    ]
  })
}

async function appendCost(appends: number): Promise<Result[]> {
  return inFolder(async (folder) => {
    const store = await open(folder)
    const times: number[] = []
    for (let index = 0; index < appends; index += 1) {
      const before = performance.now()
      await store.logbook.append(logEntry({ subject: `row ${index}` }))
      times.push(performance.now() - before)
    }
    const before = performance.now()
    await Promise.all(Array.from({ length: appends }, () => store.logbook.append(logEntry())))
    const perSecond = (appends / (performance.now() - before)) * 1000
    await store.close()
    return [...spread('row acknowledged (WAL, synchronous=FULL)', times, 'ms'), result('rows a second when many wait', perSecond, 'rows/s')]
  })
}

function open(folder: string): Promise<Store> {
  return openStore({ path: join(folder, 'station.sqlite'), bootId: 'bench', clock: systemClock })
}

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'truc-song-durability-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What went wrong, in words, beside the figure. */
function complain(wrong: readonly string[]): void {
  for (const line of wrong.slice(0, 20)) process.stderr.write(`${line}\n`)
}

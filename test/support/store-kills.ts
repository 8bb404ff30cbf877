// Kills a process that writes the logbook, at random moments, again and again on the same database (S1), and says what was lost.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as setTimeoutPromise } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { verifyChain } from '../../station/logbook/index.ts'
import { collectAnchors, storedRows, withEvidence } from '../../station/store/index.ts'
import { type Acknowledged, acknowledgedIn, inspectLogbook } from './logbook-inspection.ts'
import { type SeededRandom, seededRandom } from './seeded-random.ts'

export interface KillReport {
  readonly kills: number
  /** Kills that came before the store was open: recovery itself was cut. */
  readonly killsWhileOpening: number
  readonly acknowledged: number
  readonly wrong: readonly string[]
  /** Whole chains checked between a kill and the next start. */
  readonly checks: number
  /** What would have accused somebody of tampering: nobody did. */
  readonly falseAlarms: readonly string[]
  readonly msPerKill: number
}

export interface KillOptions {
  /** Check the whole chain after every kill, as `logbook verify` does, and not only when a database is done with. */
  readonly verifyEach?: boolean
  /** Rest after every kill, ms. */
  readonly pauseMs?: number
}

const writer = fileURLToPath(new URL('./store-writer-process.ts', import.meta.url))
/** After so many kills a database is inspected and a new one begun, so that it stays small enough to inspect. */
const killsPerDatabase = 50

/** @param lanes databases being killed at a time. */
export async function killStoreWriters(kills: number, lanes: number, seed: number, options: KillOptions = {}): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'truc-song-kills-'))
  const startedAt = performance.now()
  try {
    // A killed process never saves its compiled code: one that ends properly does it for all (start 170 → 95 ms).
    await warmUp(folder)
    const share = Array.from({ length: lanes }, (_, lane) => Math.floor(kills / lanes) + (lane < kills % lanes ? 1 : 0))
    const reports = await Promise.all(share.map((count, lane) => killLane(folder, lane, count, seededRandom(seed + lane), options)))
    return {
      kills: sum(reports.map((report) => report.kills)),
      killsWhileOpening: sum(reports.map((report) => report.killsWhileOpening)),
      acknowledged: sum(reports.map((report) => report.acknowledged)),
      wrong: reports.flatMap((report) => report.wrong),
      checks: sum(reports.map((report) => report.checks)),
      falseAlarms: reports.flatMap((report) => report.falseAlarms),
      msPerKill: (performance.now() - startedAt) / kills,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function killLane(
  folder: string,
  lane: number,
  kills: number,
  random: SeededRandom,
  options: KillOptions,
): Promise<Omit<KillReport, 'msPerKill'>> {
  let done = 0
  let killsWhileOpening = 0
  let acknowledged = 0
  const wrong: string[] = []
  const falseAlarms: string[] = []
  let checks = 0
  while (done < kills) {
    const home = join(folder, `${lane}-${done}`)
    mkdirSync(home)
    const database = join(home, 'station.sqlite')
    const acks: Acknowledged[] = []
    for (let round = 0; round < killsPerDatabase && done < kills; round += 1) {
      const output = await killOnce(database, compileCacheOf(folder), random)
      if (!output.includes('open ')) killsWhileOpening += 1
      const where = `kill ${done} of lane ${lane}`
      if (output.includes('mismatch')) falseAlarms.push(`${where}: the sealed head did not agree`)
      acks.push(...acknowledgedIn(output))
      done += 1
      if (options.verifyEach === true && acks.length > 0) {
        checks += 1
        const verdict = withEvidence(database, (db) => verifyChain(storedRows(db), collectAnchors(db)))
        if (!verdict.ok) falseAlarms.push(`${where}: row ${verdict.firstBadSeq}: ${verdict.reason}`)
      }
      if (options.pauseMs !== undefined && options.pauseMs > 0) await setTimeoutPromise(options.pauseMs)
    }
    wrong.push(...inspectLogbook(database, acks).map((line) => `database ${lane}-${done}: ${line}`))
    acknowledged += acks.length
    rmSync(home, { recursive: true, force: true })
  }
  return { kills: done, killsWhileOpening, acknowledged, wrong, checks, falseAlarms }
}

function compileCacheOf(folder: string): string {
  return join(folder, 'compiled')
}

async function warmUp(folder: string): Promise<void> {
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCacheOf(folder) }
  const child = spawn(process.execPath, [writer, join(folder, 'warm.sqlite'), '0'], { stdio: ['ignore', 'ignore', 'inherit'], env })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`the writer could not open a store: code ${String(code)}`)
}

/** One life of the writer; answers what it told before it was killed: up to 80 ms after it opened, or anywhere in its start. */
function killOnce(database: string, compileCache: string, random: SeededRandom): Promise<string> {
  const inItsStart = random.next() < 0.15
  const afterMs = random.next() * (inItsStart ? 200 : 80)
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [writer, database, 'forever'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    })
    let output = ''
    let timer: NodeJS.Timeout | null = inItsStart ? setTimeout(() => child.kill('SIGKILL'), afterMs) : null
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (timer === null && output.includes('open ')) timer = setTimeout(() => child.kill('SIGKILL'), afterMs)
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer ?? undefined)
      if (signal === 'SIGKILL') resolve(output)
      else reject(new Error(`the writer ended by itself with code ${code}: ${output.slice(-500)}`))
    })
  })
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

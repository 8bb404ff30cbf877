// Kills whole stations at random moments while orders are given over the API, again and again on the same data folder (S1), and
// says what was lost: a row that was read from the logbook, an item whose adding was answered, or an audio process that nobody owns.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { dayOf, epochMs } from '../../shared/domain/station-time.ts'
import { type Acknowledged, inspectChain } from './logbook-inspection.ts'
import { type SeededRandom, seededRandom } from './seeded-random.ts'

export interface StationKillReport {
  readonly kills: number
  readonly killsWhileStarting: number
  /** Rows that were read over the API before a kill. */
  readonly rows: number
  /** Items whose adding was answered before a kill. */
  readonly items: number
  readonly wrong: readonly string[]
  readonly msPerKill: number
}

interface Lane {
  readonly home: string
  readonly random: SeededRandom
  readonly rows: Acknowledged[]
  readonly items: Set<string>
  killsWhileStarting: number
}

const main = fileURLToPath(new URL('../../station/main.ts', import.meta.url))
/** A day far from now: its plan is stored and nothing of it is played. */
const plannedDay = '2099-12-01'
const draft = {
  title: 'Mục thử',
  contentType: 'music',
  source: { kind: 'fill', cartId: null },
  start: { kind: 'follow' },
  durationMs: 1000,
  crossfadeMs: null,
  resume: null,
  outputIds: [],
}

/** @param lanes stations being killed at a time, each on a folder of its own. */
export async function killStations(kills: number, lanes: number, seed: number): Promise<StationKillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'truc-song-station-kills-'))
  const startedAt = performance.now()
  try {
    const share = Array.from({ length: lanes }, (_, lane) => Math.floor(kills / lanes) + (lane < kills % lanes ? 1 : 0))
    const made = share.map((_, lane) => makeLane(join(folder, String(lane)), seededRandom(seed + lane)))
    const wrong = (await Promise.all(made.map((lane, index) => killLane(lane, share[index] ?? 0)))).flat()
    return {
      kills,
      killsWhileStarting: sum(made.map((lane) => lane.killsWhileStarting)),
      rows: sum(made.map((lane) => lane.rows.length)),
      items: sum(made.map((lane) => lane.items.size)),
      wrong,
      msPerKill: (performance.now() - startedAt) / kills,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function makeLane(home: string, random: SeededRandom): Lane {
  mkdirSync(home)
  writeFileSync(join(home, 'config.json'), JSON.stringify({ station: { id: 'kills', name: 'Đài thử' } }))
  return { home, random, rows: [], items: new Set(), killsWhileStarting: 0 }
}

async function killLane(lane: Lane, kills: number): Promise<string[]> {
  const wrong: string[] = []
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const missing = await liveAndDie(lane)
      wrong.push(...missing.map((what) => `after kill ${kill}: ${what}`))
    }
    wrong.push(...(await endCleanly(lane)))
  } finally {
    wrong.push(...endStrays(lane.home))
  }
  return [...wrong, ...inspectChain(join(lane.home, 'station.sqlite'), lane.rows)]
}

/** One life: starts, checks that everything answered before is there, gives orders, is killed in the midst of them or in its start. */
async function liveAndDie(lane: Lane): Promise<string[]> {
  const station = startStation(lane.home)
  const gone = once(station, 'close')
  const inItsStart = lane.random.next() < 0.1
  const afterMs = lane.random.next() * (inItsStart ? 900 : 250)
  if (inItsStart) {
    lane.killsWhileStarting += 1
    const timer = setTimeout(() => station.kill('SIGKILL'), afterMs)
    await gone
    clearTimeout(timer)
    return []
  }
  const api = await readyApi(station)
  const missing = await missingItems(lane, api)
  let timer: NodeJS.Timeout | undefined
  const killSoon = () => {
    timer ??= setTimeout(() => station.kill('SIGKILL'), afterMs)
  }
  await Promise.all([giveOrders(lane, api, killSoon), readRows(lane, api), gone])
  clearTimeout(timer)
  return missing
}

async function endCleanly(lane: Lane): Promise<string[]> {
  const station = startStation(lane.home)
  const gone = once(station, 'close')
  const missing = await missingItems(lane, await readyApi(station))
  station.kill('SIGTERM')
  await gone
  return missing
}

function startStation(home: string): ChildProcess {
  const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore']
  return spawn(process.execPath, [main, '--data', home, '--headless', '--training'], {
    stdio,
    env: { ...process.env, TRUC_SONG_LOG: 'silent' },
  })
}

interface Api {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

async function readyApi(station: ChildProcess): Promise<Api> {
  if (station.stdout === null) throw new Error('the station has no stdout')
  const lines = createInterface({ input: station.stdout })
  const ended = once(station, 'close').then(([code]) =>
    Promise.reject(new Error(`the station ended with code ${String(code)} before it was ready`)),
  )
  const [line] = await Promise.race([once(lines, 'line'), ended])
  ended.catch(() => undefined)
  const { url, token } = JSON.parse(String(line)) as { url: string; token: string }
  return { url: `${url}/api/v1`, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } }
}

/** The answer, or null once the station is dead: what was not answered was not promised. */
async function ask<T>(api: Api, path: string, body?: unknown): Promise<T | null> {
  try {
    const request = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const answer = await fetch(`${api.url}${path}`, { ...request, headers: api.headers })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

interface Plan {
  readonly items: readonly { readonly item: { readonly itemId: string } }[]
}

async function giveOrders(lane: Lane, api: Api, onAnswer: () => void): Promise<void> {
  for (;;) {
    const plan = await ask<Plan>(api, `/schedule/${plannedDay}/items`, { draft })
    if (plan === null) return
    for (const { item } of plan.items) lane.items.add(item.itemId)
    onAnswer()
  }
}

async function readRows(lane: Lane, api: Api): Promise<void> {
  for (;;) {
    const afterSeq = lane.rows.at(-1)?.seq ?? 0
    const rows = await ask<Acknowledged[]>(api, `/logbook/${dayOf(epochMs(Date.now()))}?afterSeq=${afterSeq}`)
    if (rows === null) return
    lane.rows.push(...rows.map(({ seq, hash }) => ({ seq, hash })))
  }
}

async function missingItems(lane: Lane, api: Api): Promise<string[]> {
  const plan = await ask<Plan>(api, `/schedule/${plannedDay}`)
  if (plan === null) return ['the station died by itself']
  const found = new Set(plan.items.map(({ item }) => item.itemId))
  return [...lane.items].filter((itemId) => !found.has(itemId)).map((itemId) => `${itemId} was answered and is absent`)
}

/** Processes that still run for this folder after a clean end: named as a fault, and ended. */
function endStrays(home: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const command = commandOf(pid)
      if (!command.includes(home) || Number(pid) === process.pid) return []
      process.kill(Number(pid), 'SIGKILL')
      return [`left running: ${command}`]
    })
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    // Ended while we looked.
    return ''
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

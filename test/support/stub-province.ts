// A province in memory for the province area of a station: away or there, with these items, as a test says; and that area around it, on
// virtual time.
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { ProvinceItem } from '../../shared/domain/province.ts'
import { dayOf, type EpochMs } from '../../shared/domain/time.ts'
import { LinkError } from '../../station/province/adapter.ts'
import type { Link } from '../../station/province/index.ts'
import type { PullOutcome } from '../../station/province/link-protocol.ts'
import { openProvinceStation, type ProvinceStationOptions } from './province-station.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { VirtualClock } from './virtual-clock.ts'

export const minute = 60_000
export const hour = 60 * minute
/** A file whose bytes are its name. */
export const media = (name: string) => {
  const sha256 = createHash('sha256').update(name).digest('hex')
  return { sha256, bytes: name.length, mimeType: 'audio/wav', name }
}

/** A province in memory: away or there, with these items. */
export class StubProvince implements Link {
  away = false
  version = 0
  items: ProvinceItem[] = []
  readonly held: LogRow[] = []
  pulls = 0
  /** Files that were asked for, by hash. */
  readonly fetched: string[] = []
  /** What the file of a hash holds, where it is not its name. */
  readonly payloads = new Map<string, string>()
  /** Files that it does not have. */
  readonly missing = new Set<string>()
  /** Files that it does not give before this. */
  readonly holds = new Map<string, Promise<void>>()
  refuses: Extract<PullOutcome, { kind: 'refused' }> | null = null
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  publish(...items: ProvinceItem[]): void {
    this.items = [...this.items.filter((one) => !items.some((item) => item.itemId === one.itemId)), ...items]
    this.version += 1
  }

  pull(request: Parameters<Link['pull']>[0], onItems: Parameters<Link['pull']>[1]): Promise<PullOutcome> {
    this.pulls += 1
    if (this.away) return Promise.reject(new LinkError('unreachable', 'away'))
    if (this.refuses !== null) return Promise.resolve(this.refuses)
    if (request.known && request.memory?.version === this.version) return Promise.resolve({ kind: 'unchanged' })
    onItems(this.items)
    const nowMs = request.at.nowMs
    return Promise.resolve({
      kind: 'accepted',
      memory: {
        provinceId: 'p',
        provinceName: 'Tỉnh',
        version: this.version,
        hash: String(this.version),
        issuedAtMs: nowMs,
        expiresAtMs: (nowMs + 24 * hour) as EpochMs,
        acceptedAtMs: nowMs,
        items: this.items.length,
      },
      all: this.items.map((item) => item.itemId),
      gone: [],
    })
  }

  async media(ref: Parameters<Link['media']>[0]): ReturnType<Link['media']> {
    if (this.away) throw new LinkError('unreachable', 'away')
    this.fetched.push(ref.sha256)
    if (this.missing.has(ref.sha256)) throw new LinkError('refused', 'HTTP 404')
    await this.holds.get(ref.sha256)
    const path = `${this.#folder}/${ref.sha256}`
    await mkdir(this.#folder, { recursive: true })
    await writeFile(path, this.payloads.get(ref.sha256) ?? ref.name)
    return { kind: 'here', path }
  }

  stopMedia(): void {
    // What it has it gives at once.
  }

  sweepMedia(): Promise<void> {
    return Promise.resolve()
  }

  deliver(records: readonly LogRow[]): ReturnType<Link['deliver']> {
    if (this.away) return Promise.reject(new LinkError('unreachable', 'away'))
    this.held.push(...records)
    return Promise.resolve('committed')
  }

  heads(): ReturnType<Link['heads']> {
    return this.away ? Promise.reject(new LinkError('unreachable', 'away')) : Promise.resolve([])
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

/** Lets virtual time go on, a tenth of a second at a time, until this is true: what waits for a disk needs real time as well. */
export async function going(clock: VirtualClock, what: string, check: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!check()) {
    if (performance.now() > deadline) throw new Error(`not in time: ${what}`)
    await clock.advance(100)
    await new Promise<void>((resolve) => setTimeout(resolve, 1))
  }
}

/** The province area over a real store, on virtual time, with a province in memory. */
export const stubbed = async (change: Pick<Partial<ProvinceStationOptions>, 'diskLevel'> = {}) => {
  const folder = temporaryFolder('province-area')
  const clock = new VirtualClock()
  const province = new StubProvince(`${folder}/media`)
  const station = await openProvinceStation({ folder, clock, openLink: () => province, ...change })
  const today = dayOf(clock.now())
  const titles = () => station.schedule.view(today).items.map((row) => row.item.title)
  const stateOf = (itemId: string) => station.service.slice().incoming.find((one) => one.item.itemId === itemId)?.state ?? null
  /** Until what was published is known and worked on. */
  const inStep = async () => {
    await going(clock, 'in step', () => station.service.slice().manifest?.version === province.version)
  }
  const is = async (itemId: string, state: string) => {
    await inStep()
    await going(clock, `${itemId} is ${state}, is ${stateOf(itemId)}`, () => stateOf(itemId) === state)
  }
  const next = async () => {
    await clock.advance(75_000)
    await inStep()
  }
  return { clock, province, station, today, titles, stateOf, inStep, is, next }
}

// The province and a station, both as processes of their own: publication → schedule by the doorbell and by HTTPS alone, what asking
// costs when nothing changed, the first manifest of thousands of items, and media beside curl on the same line.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { MediaRef, ProvinceItem, ProvinceSlice } from '../shared/domain/province.ts'
import type { DayPlan } from '../shared/domain/schedule.ts'
import { dayOf, epochMs } from '../shared/domain/time.ts'
import { createLink } from '../station/province/index.ts'
import { countingProxy } from '../test/support/counting-proxy.ts'
import { ProvinceServer } from '../test/support/province-server.ts'
import { bulletinOf } from '../test/support/signed-manifests.ts'
import { isRunning } from './bed.ts'
import { type Result, result, spread } from './report.ts'
import { StationProcess } from './station-process.ts'

export interface ProvinceBenchOptions {
  /** Publications by the doorbell. */
  readonly runs: number
  /** Publications that only the poll finds (each up to 72 s). */
  readonly pollRuns: number
  readonly items: number
  readonly mediaMb: number
  readonly mediaRuns: number
}

export const provinceFull: ProvinceBenchOptions = { runs: 20, pollRuns: 1, items: 10_000, mediaMb: 40, mediaRuns: 20 }

/** What goes through the page's door in one body. */
const mostMediaMb = 40
const lineBytesPerS = 25e6

export function runProvince(options: ProvinceBenchOptions): Promise<Result[]> {
  return withProvince(async (home, province) => [
    ...(await publications(home, province, options)),
    ...(await firstSync(home, province, options.items)),
    ...(await mediaOverLine(home, province, options)),
  ])
}

/** Media beside curl with nothing between them: TLS, hash and file cost the processor that curl has to itself. */
export function runMediaRace(options: ProvinceBenchOptions): Promise<Result[]> {
  return withProvince((home, province) => mediaOnLoopback(home, province, options))
}

async function withProvince(run: (home: string, province: ProvinceServer) => Promise<Result[]>): Promise<Result[]> {
  const home = mkdtempSync(join(tmpdir(), 'truc-song-bench-province-'))
  const province = await ProvinceServer.start(join(home, 'province'), { doorbell: true })
  try {
    return await run(home, province)
  } finally {
    await province.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

async function withStation<T>(home: string, name: string, section: object, run: (station: StationProcess) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(home, `${name}-`))
  const configPath = join(dataDir, 'config.json')
  writeFileSync(configPath, JSON.stringify({ station: { id: 'rig', name: 'Đài đo' }, province: section }))
  const station = await StationProcess.start({ dataDir, configPath, env: {} })
  try {
    return await run(station)
  } finally {
    const audioPid = await station.audioPid().catch(() => null)
    await station.stop()
    if (audioPid !== null && isRunning(audioPid)) process.kill(audioPid, 'SIGKILL')
  }
}

const slice = (station: StationProcess) => station.api<ProvinceSlice>('GET', '/province')

async function until(what: string, withinMs: number, holds: () => Promise<boolean>): Promise<number> {
  const startedMs = performance.now()
  while (!(await holds())) {
    if (performance.now() - startedMs > withinMs) throw new Error(`not in ${withinMs} ms: ${what}`)
    await pause(20)
  }
  return performance.now() - startedMs
}

/** From the province's answer that it published to the row in the station's rundown, its recording imported. */
async function published(station: StationProcess, province: ProvinceServer, title: string, withinMs: number): Promise<number> {
  const item = await province.admin<ProvinceItem>('POST', 'bulletins', {
    title,
    text: `Bản tin ${title}.`,
    class: 'priority',
    mode: 'live',
  })
  return until(`${title} on the schedule`, withinMs, async () => {
    const plan = await station.api<DayPlan>('GET', `/schedule/${dayOf(epochMs(Date.now()))}`)
    return plan.items.some((row) => row.item.origin?.provinceItemId === item.itemId)
  })
}

async function publications(home: string, province: ProvinceServer, { runs, pollRuns }: ProvinceBenchOptions): Promise<Result[]> {
  const { port, bytes, close } = await countingProxy(new URL(province.ready.url).port)
  const url = `https://127.0.0.1:${port}`
  const byBell = await withStation(home, 'bell', province.config({ url }), async (station) => {
    await until('the doorbell is heard', 20_000, async () => (await slice(station)).doorbell.state === 'listening')
    const ms: number[] = []
    for (let run = 0; run < runs; run++) ms.push(await published(station, province, `chuông ${run}`, 30_000))
    const asks: number[] = []
    for (let run = 0; run < 5; run++) {
      await until('everything is told', 20_000, async () => (await slice(station)).outbox.waiting === 0)
      const before = bytes()
      const { lastContactAtMs } = (await slice(station)).link
      await station.api('POST', '/province/pull', {})
      await until('asked', 10_000, async () => (await slice(station)).link.lastContactAtMs !== lastContactAtMs)
      asks.push(bytes() - before)
    }
    // Rows that happened to be told meanwhile are on the same wire.
    return { ms, askBytes: Math.min(...asks) }
  })
  const byPoll = await withStation(home, 'poll', province.config({ mqttUrl: null }), async (station) => {
    await until('in step', 20_000, async () => (await slice(station)).link.state === 'ok')
    const ms: number[] = []
    for (let run = 0; run < pollRuns; run++) ms.push(await published(station, province, `hỏi ${run}`, 90_000))
    return ms
  })
  close()
  return [
    ...spread('published → on the schedule, by the doorbell', byBell.ms, 'ms', { p99: 2000 }),
    ...(pollRuns === 0 ? [] : spread('published → on the schedule, by HTTPS alone', byPoll, 'ms', { p99: 74_000 })),
    result('asked, nothing new: bytes on the wire, TLS and all', byBell.askBytes, 'B', { max: 1024 }),
  ]
}

async function firstSync(home: string, province: ProvinceServer, items: number): Promise<Result[]> {
  const nowMs = Date.now()
  for (let from = 0; from < items; from += 2000) {
    const part = Array.from({ length: Math.min(2000, items - from) }, (_none, index) =>
      bulletinOf(`dong-bo-${from + index}`, nowMs, { text: `Nội dung bản tin số ${from + index}. ${'Bà con chú ý. '.repeat(15)}` }),
    )
    await province.publish(part)
  }
  return withStation(home, 'sync', province.config(), async (station) => {
    const lags: number[] = []
    const startedMs = performance.now()
    await until('in step', 120_000, async () => {
      const askedMs = performance.now()
      const healthy = await fetch(new URL('/healthz', station.url))
      await healthy.arrayBuffer()
      lags.push(performance.now() - askedMs)
      const { counts, manifest } = await slice(station)
      return manifest !== null && Object.values(counts).reduce((sum, count) => sum + count, 0) >= items
    })
    return [
      result(`first manifest of ${items} items, from the ready line`, performance.now() - startedMs, 'ms', { max: 30_000 }),
      ...spread('station answering /healthz meanwhile', lags, 'ms'),
    ]
  })
}

async function mediaOverLine(home: string, province: ProvinceServer, { mediaMb }: ProvinceBenchOptions): Promise<Result[]> {
  const ref = await recording(province, mediaMb)
  const line = await countingProxy(new URL(province.ready.url).port, lineBytesPerS)
  const { ours, curl } = await race(home, province, ref, `https://127.0.0.1:${line.port}`, 1)
  line.close()
  return [
    result('media over a line of 200 Mbit/s, hash proven', ours, 'MB/s'),
    result('media ÷ curl over that line', ours / curl, '×', { min: 0.9 }),
  ]
}

async function mediaOnLoopback(home: string, province: ProvinceServer, { mediaMb, mediaRuns }: ProvinceBenchOptions): Promise<Result[]> {
  const { ours, curl } = await race(home, province, await recording(province, mediaMb), province.ready.url, mediaRuns)
  return [
    result('media on loopback, hash proven', ours, 'MB/s'),
    result('curl on loopback, same file in the same run', curl, 'MB/s'),
    result('media ÷ curl on loopback', ours / curl, '×', { min: 0.9 }),
  ]
}

function recording(province: ProvinceServer, mediaMb: number): Promise<MediaRef> {
  const bytes = Buffer.alloc(Math.min(mediaMb, mostMediaMb) * 1024 * 1024, 'truc song')
  for (let at = 0; at < bytes.length; at += 4096) bytes.writeUInt32LE(at, at)
  return province.addMedia(bytes, 'to.wav')
}

/** Best of some runs each, turn about, MB/s. */
async function race(
  home: string,
  province: ProvinceServer,
  ref: MediaRef,
  url: string,
  runs: number,
): Promise<{ ours: number; curl: number }> {
  const { caFile, tokenFiles, trustedKeys } = province.ready
  const token = province.read(tokenFiles['rig'] ?? '').trim()
  const folder = mkdtempSync(join(home, 'race-'))
  const settings = { stationId: 'rig', url, ca: province.read(caFile), token, mqttUrl: null, folder: null, signingKey: null, trustedKeys }
  const ignore = () => undefined
  const events = { onNudge: ignore, onDoorbell: ignore, onProgress: ignore, onTrouble: ignore }
  const link = createLink({ adapter: 'http', ...settings, mediaFolder: join(folder, 'media') }, events)
  const bring = async (wanted: MediaRef): Promise<number> => {
    const startedMs = performance.now()
    const outcome = await link.media(wanted)
    const tookMs = performance.now() - startedMs
    if (outcome.kind !== 'here') throw new Error(outcome.message)
    rmSync(outcome.path)
    return wanted.bytes / 1000 / tookMs
  }
  const words = ['-s', '--cacert', caFile, '-H', `Authorization: Bearer ${token}`, '-w', '%{time_pretransfer} %{time_total}']
  const ours: number[] = []
  const curls: number[] = []
  try {
    // Thread and connection are made once in a station's life; curl's connection is not counted either.
    await bring(await province.addMedia(Buffer.alloc(1000, 'mot tep nho'), 'nho.wav'))
    for (let run = 0; run < runs; run++) {
      ours.push(await bring(ref))
      const { stdout } = await promisify(execFile)('curl', [...words, '-o', join(folder, 'curl'), `${url}/v1/media/${ref.sha256}`])
      const [beforeS = 0, totalS = 0] = stdout.split(' ').map(Number)
      curls.push(ref.bytes / 1e6 / (totalS - beforeS))
      rmSync(join(folder, 'curl'))
    }
  } finally {
    await link.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { ours: Math.max(...ours), curl: Math.max(...curls) }
}

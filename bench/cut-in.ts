// Order over the REST API → sound at the sound server's monitor, hot, with programme playing, journal at FULL and devices
// connected; the programme's return to the sample; STOP → silence and carriers; and Liquidsoap beside it in the same run.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MonitorCapture } from '../test/support/monitor-capture.ts'
import { lfsrNoise, locate, rateHz, toWav } from '../test/support/signals.ts'
import { Bed, type ComposedAlert, fm, type Recording } from './bed.ts'
import { measureImpulse } from './calibration.ts'
import type { DevicesState } from './devices.ts'
import { type LiquidsoapSettings, liquidsoapSettings, startLiquidsoap } from './liquidsoap-peer.ts'
import { percentile, type Result, result, spread } from './report.ts'
import { measureResume } from './resume-accuracy.ts'

export interface CutInOptions {
  /** Hot cut-ins to measure. */
  readonly runs: number
  /** Cut-ins of Liquidsoap at its best settings; 0 = leave the peer out. */
  readonly peerRuns: number
  /** STOPs to measure. */
  readonly stops: number
}

export const cutInFull: CutInOptions = { runs: 100, peerRuns: 30, stops: 5 }

const alertFrames = (rateHz * 3) / 10
/** How much of the alert's beginning is looked for. */
const soughtFrames = rateHz / 20
const peerSink = 'bench_peer'

/** One cut-in as it was captured; judged after the series, so that judging is no load on what is measured. */
interface Take {
  readonly segment: Float32Array
  /** When the segment's first frame was heard, ms of `performance.now()`. */
  readonly segmentMs: number
  /** Its number in the capture. */
  readonly fromFrame: number
  readonly orderedMs: number
}

interface Heard {
  readonly latencyMs: number
  readonly resumeErrorMs: number | null
  readonly discontinuities: number
}

export async function runCutIn(options: CutInOptions): Promise<Result[]> {
  const bed = await Bed.open()
  try {
    const ears = await bed.listen(fm.sink)
    const impulses = await measureImpulse(bed.server, fm.sink, ears, 15)
    const programme = await bed.programmeOnAir(Math.min(600, 60 + options.runs * 3), ears)
    const alert = await bed.composeAlert('alert', lfsrNoise(0xa1e7, alertFrames, 0.25))
    const takes: Take[] = []
    for (let run = 0; run < options.runs; run++) takes.push(await cutInOnce(bed, ears, alert))
    const stops = await measureStops(bed, ears, programme, options.stops)
    const peer = options.peerRuns > 0 ? await measurePeer(bed, options.peerRuns) : null
    const heard = judge(takes, programme, alert)
    const raw = heard.map((one) => one.latencyMs)
    const offset = percentile(impulses, 50) ?? 0
    const resumes = heard.flatMap((one) => (one.resumeErrorMs === null ? [] : [Math.abs(one.resumeErrorMs)]))
    const p50 = percentile(raw, 50)
    const peerP50 = peer === null ? null : percentile(peer.latencies, 50)
    return [
      ...spread('cut-in hot, raw', raw, 'ms', { p50: 25, p99: 50 }),
      ...spread(
        'cut-in hot, calibrated',
        raw.map((value) => value - offset),
        'ms',
        { p50: 25, p99: 50 },
      ),
      ...spread('calibration impulse', impulses, 'ms'),
      ...(peer === null
        ? []
        : [
            ...spread(`Liquidsoap request.queue (${peer.settings.name})`, peer.latencies, 'ms'),
            result('Liquidsoap p50 ÷ ours p50', p50 === null || peerP50 === null ? null : peerP50 / p50, '×', { min: 3 }),
          ]),
      result('resume exact, greatest error', resumes.length === 0 ? null : Math.max(...resumes), 'ms', { max: 1 }),
      result('resumes measured', resumes.length, 'of the runs', { min: options.runs }),
      result(
        'discontinuities other than the cut-ins',
        heard.reduce((sum, one) => sum + one.discontinuities, 0),
        'breaks',
        { max: 0 },
      ),
      ...stops,
    ]
  } finally {
    await bed.close()
  }
}

async function cutInOnce(bed: Bed, ears: MonitorCapture, alert: ComposedAlert): Promise<Take> {
  await bed.station.api('POST', `/alerts/${alert.alertId}/arm`, {})
  // Orders must fall anywhere between two quanta, not in step with our own loop.
  await ears.hear(rateHz / 4 + Math.floor(Math.random() * 2000))
  const fromFrame = ears.mark(rateHz / 5)
  const orderedMs = performance.now()
  await bed.station.api('POST', `/alerts/${alert.alertId}/fire`, {})
  await ears.hear(alertFrames + rateHz / 2)
  await bed.until(
    'the alert has ended',
    5000,
    async () => (await bed.station.api<{ state: string }>('GET', `/alerts/${alert.alertId}`)).state === 'aired',
  )
  return { segment: ears.samples(fromFrame), segmentMs: ears.timeMs(fromFrame), fromFrame, orderedMs }
}

function judge(takes: readonly Take[], programme: Recording, alert: ComposedAlert): Heard[] {
  // Where in the programme the takes have come to: it only moves forward, so each is sought in a few seconds of it.
  let place: number | null = null
  return takes.flatMap((take, index) => {
    const found = locate(alert.pcm.subarray(0, soughtFrames), take.segment)
    if (found === null || found.score < 0.5) return []
    const from: number = place === null ? 0 : Math.max(0, place - rateHz)
    const heardS = index === 0 ? programme.pcm.length : take.fromFrame - (takes[index - 1]?.fromFrame ?? 0) + 8 * rateHz
    const part = { ...programme, pcm: programme.pcm.subarray(from, from + heardS) }
    const resumed = measureResume(take.segment, part, alert)
    if (resumed !== null) place = from + resumed.placeAtCut
    return [
      {
        latencyMs: take.segmentMs + (found.frame * 1000) / rateHz - take.orderedMs,
        resumeErrorMs: resumed?.errorMs ?? null,
        discontinuities: resumed?.discontinuities.length ?? 0,
      },
    ]
  })
}

async function measureStops(bed: Bed, ears: MonitorCapture, programme: Recording, count: number): Promise<Result[]> {
  const silentAfter: number[] = []
  const carrierAfter: number[] = []
  for (let run = 0; run < count; run++) {
    await bed.until('the programme is heard', 15_000, async () => Math.max(...ears.samples(ears.mark(2400)).map(Math.abs)) > 0.001)
    await bed.until('carriers are up', 15_000, async () => allUp(await bed.devices.state()))
    const from = ears.mark(rateHz / 10)
    const orderedMs = performance.now()
    const orderedWallMs = Date.now()
    await bed.station.api('POST', '/onair/stop', {})
    await ears.hear(rateHz)
    const heard = ears.samples(from)
    const lastLoud = heard.findLastIndex((value) => Math.abs(value) > 1e-4)
    silentAfter.push(ears.timeMs(from + lastLoud + 1) - orderedMs)
    await bed.until('the carriers have dropped', 10_000, async () => allDown(await bed.devices.state()))
    const { transmitter, relay } = (await bed.devices.state()).records
    const drops = [...transmitter, ...relay].filter((row) => row.atMs >= orderedWallMs && row.detail.on === false)
    carrierAfter.push(...drops.map((drop) => drop.atMs - orderedWallMs))
    await bed.station.api('POST', '/onair/reopen', {})
    // What STOP ended does not come back by itself: the next start is ordered.
    if (run + 1 < count) await bed.schedule(programme, { kind: 'hard', atMs: Date.now() + 1500 }, null)
  }
  return [
    result('STOP → silence, greatest', silentAfter.length === 0 ? null : Math.max(...silentAfter), 'ms', { max: 100 }),
    result(
      'STOP → last carrier or zone off, by the devices’ own records',
      carrierAfter.length === 0 ? null : Math.max(...carrierAfter),
      'ms',
      { max: 1000 },
    ),
  ]
}

function allUp(state: DevicesState): boolean {
  return state.radiating && state.coils.some(Boolean)
}

function allDown(state: DevicesState): boolean {
  return !state.radiating && !state.coils.some(Boolean)
}

/** The fastest of the settings by a short trial, then the full series with it. */
async function measurePeer(bed: Bed, runs: number): Promise<{ settings: LiquidsoapSettings; latencies: number[] }> {
  await bed.server.addSink({ name: peerSink, label: 'Bench peer' })
  const ears = await bed.listen(peerSink)
  const trialRuns = Math.min(6, runs)
  let best: { settings: LiquidsoapSettings; p50: number } | null = null
  for (const settings of liquidsoapSettings) {
    const p50 = percentile(await peerSeries(bed, ears, settings, trialRuns), 50)
    if (p50 !== null && (best === null || p50 < best.p50)) best = { settings, p50 }
  }
  if (best === null) throw new Error('no Liquidsoap settings gave sound')
  return { settings: best.settings, latencies: await peerSeries(bed, ears, best.settings, runs) }
}

async function peerSeries(bed: Bed, ears: MonitorCapture, settings: LiquidsoapSettings, runs: number): Promise<number[]> {
  const alert = lfsrNoise(0xa1e7, alertFrames, 0.25)
  const alertPath = join(bed.dir, 'peer-alert.wav')
  const programmePath = join(bed.dir, 'peer-programme.wav')
  await writeFile(alertPath, toWav(alert, 2))
  await writeFile(programmePath, toWav(lfsrNoise(0xb1, 60 * rateHz, 0.05), 2))
  const peer = await startLiquidsoap({ dir: bed.dir, env: bed.server.env, sink: peerSink, programmePath, settings })
  const latencies: number[] = []
  try {
    await bed.until('Liquidsoap is heard', 15_000, async () => Math.max(...ears.samples(ears.mark(2400)).map(Math.abs)) > 0.001)
    await ears.hear(rateHz)
    for (let run = 0; run < runs; run++) {
      await ears.hear(rateHz / 4 + Math.floor(Math.random() * 2000))
      const from = ears.mark(rateHz / 5)
      const orderedMs = await peer.push(alertPath)
      await ears.hear(alertFrames + rateHz / 2)
      const found = locate(alert.subarray(0, soughtFrames), ears.samples(from))
      if (found !== null && found.score > 0.5) latencies.push(ears.timeMs(from + found.frame) - orderedMs)
    }
  } finally {
    await peer.stop()
  }
  return latencies
}

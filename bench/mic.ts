// Microphone or line → programme: latency between the same burst heard on the line itself and on the programme sink, by two
// captures on one clock; and an hour of a line whose clock runs 100 ppm fast, judged for breaks on the programme sink.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { sourceInput } from '../simulator/sound/sound-config.ts'
import { ToneContinuity } from '../test/support/discontinuity.ts'
import { MonitorCapture } from '../test/support/monitor-capture.ts'
import { play } from '../test/support/play.ts'
import { locate, marker, rateHz, rmsDb } from '../test/support/signals.ts'
import { StallWitness } from '../test/support/stall-witness.ts'
import { Bed, fm, line } from './bed.ts'
import { breakResults, delayResults } from './breaks.ts'
import { PacedLine } from './paced-line.ts'
import { percentile, type Result, result } from './report.ts'

export interface MicOptions {
  /** Bursts whose latency is measured. */
  readonly bursts: number
  /** Length of the drift run, s. */
  readonly driftS: number
  readonly driftPpm: number
}

export const micFull: MicOptions = { bursts: 50, driftS: 3600, driftPpm: 100 }

const burst = marker(0x111e, rateHz / 20, 0.4)
/**
 * What is looked for: its first 10 ms. While the station works a hold-up off it reads the line up to 0.5 % faster or slower, and over 50 ms
 * of noise that alone takes the correlation of a sound that is whole to 0.27 (at 2,000 ppm) and 0.13; over 10 ms it stays at 0.48 and more.
 */
const head = burst.subarray(0, rateHz / 100)
const toneHz = [2903, 4307]
const toneAmplitude = 0.15
/** Breaks that are reported one by one. */
const mostPlaces = 20

export async function runMic(options: MicOptions): Promise<Result[]> {
  return [...(await measureLatency(options.bursts)), ...(await measureDrift(options))]
}

async function measureLatency(bursts: number): Promise<Result[]> {
  const witness = await StallWitness.start()
  const bed = await Bed.open({ sources: [{ name: line.source, label: line.label }] })
  try {
    const out = await bed.listen(fm.sink)
    const input = await MonitorCapture.start({ server: bed.server, source: line.source })
    const taken: Burst[] = []
    let openAfterMs: number | null = null
    try {
      await openLine(bed)
      const openedMs = performance.now()
      await bed.until('the line is heard', 15_000, async () => (await oneBurst(bed, input, out)).latencyMs !== null)
      openAfterMs = performance.now() - openedMs
      for (let run = 0; run < bursts; run++) taken.push(await burstInLine(bed, input, out))
    } finally {
      await input.stop()
    }
    const heard = taken.flatMap(({ latencyMs, heardMs }) => (latencyMs === null ? [] : [{ delayMs: latencyMs, heardMs }]))
    return [
      ...delayResults('line → programme', heard, 80, witness),
      result('order to open → first burst heard', openAfterMs, 'ms'),
      result('bursts heard', heard.length, 'of the bursts', { min: bursts }),
      ...taken
        .filter(({ latencyMs }) => latencyMs === null)
        .map(({ inScore, outScore }) => result(`a burst not heard: correlation ${inScore.toFixed(2)} in the line, on air`, outScore, '')),
    ]
  } finally {
    await witness.stop()
    await bed.close()
  }
}

interface Burst {
  /** From the line itself to the programme sink; null where it was not heard there. */
  readonly latencyMs: number | null
  /** ms of `performance.now()`. */
  readonly heardMs: number
  readonly inScore: number
  readonly outScore: number
}

/** Least correlation with what was played; where nothing is, the greatest of a second is 0.19. */
const [leastInLine, leastOnAir] = [0.5, 0.3]

/** A burst that did not come into the line, because the player's stream broke, says nothing of the station: it is played again. */
async function burstInLine(bed: Bed, input: MonitorCapture, out: MonitorCapture): Promise<Burst> {
  let burst = await oneBurst(bed, input, out)
  for (let again = 0; again < 2 && burst.inScore < leastInLine; again++) burst = await oneBurst(bed, input, out)
  return burst
}

/** Plays one burst into the line. */
async function oneBurst(bed: Bed, input: MonitorCapture, out: MonitorCapture): Promise<Burst> {
  const [fromIn, fromOut] = [input.mark(), out.mark(rateHz / 10)]
  await play(bed.server, sourceInput(line.source), burst)
  await out.hear(rateHz / 2)
  const heardIn = locate(head, input.samples(fromIn))
  const heardOut = locate(head, out.samples(fromOut))
  const [inScore, outScore] = [heardIn?.score ?? 0, heardOut?.score ?? 0]
  const heard = heardIn !== null && heardOut !== null && inScore >= leastInLine && outScore >= leastOnAir
  return {
    latencyMs: heard ? out.timeMs(fromOut + heardOut.frame) - input.timeMs(fromIn + heardIn.frame) : null,
    heardMs: heardOut === null ? performance.now() : out.timeMs(fromOut + heardOut.frame),
    inScore,
    outScore,
  }
}

async function measureDrift(options: MicOptions): Promise<Result[]> {
  const fifoDir = await mkdtemp(join(tmpdir(), 'truc-song-line-'))
  const fifoPath = join(fifoDir, 'line')
  const witness = await StallWitness.start()
  const bed = await Bed.open({ sources: [{ name: line.source, label: line.label, fifoPath }] })
  try {
    const paced = await PacedLine.start(fifoPath, { ppm: options.driftPpm, toneHz, toneAmplitude, burst })
    try {
      await openLine(bed)
      const continuity = new ToneContinuity(toneHz, 0.02)
      const breaksMs: number[] = []
      let judgedFromMs = 0
      let judging = false
      const out = await bed.listen(fm.sink, (left) => {
        if (!judging) return
        const before = continuity.breaks.length
        continuity.push(left)
        for (let each = before; each < continuity.breaks.length; each++) breaksMs.push(performance.now())
      })
      await out.waitFor((heard) => heard.frames > rateHz && rmsDb(heard.samples(heard.frames - 4800)) > -40, 20_000, 'the line on air')
      const latencyAt = async () => {
        const from = out.frames
        const sentMs = await paced.burst()
        await out.hear(rateHz / 2)
        const heard = locate(head, out.samples(from))
        return heard === null || heard.score < 0.3 ? null : out.timeMs(from + heard.frame) - sentMs
      }
      const first: (number | null)[] = []
      for (let run = 0; run < 9; run++) first.push(await latencyAt())
      judging = true
      judgedFromMs = performance.now()
      await wait(options.driftS * 1000)
      judging = false
      const last: (number | null)[] = []
      for (let run = 0; run < 9; run++) last.push(await latencyAt())
      const [before, after] = [median(first), median(last)]
      return [
        result('drift run', options.driftS, 's'),
        result('clocks apart', options.driftPpm, 'ppm'),
        ...breakResults('discontinuities of the line on air', breaksMs, witness),
        ...breaksMs
          .slice(0, mostPlaces)
          .map((ms, index) => result(`break ${index + 1}, into the drift run`, (ms - judgedFromMs) / 1000, 's')),
        result('line → programme at the end of the drift run', after, 'ms', { max: 80 }),
        result('growth of the latency over the drift run', before === null || after === null ? null : Math.abs(after - before), 'ms', {
          max: 20,
        }),
      ]
    } finally {
      await paced.stop()
    }
  } finally {
    await witness.stop()
    await bed.close()
    await rm(fifoDir, { recursive: true, force: true })
  }
}

async function openLine(bed: Bed): Promise<void> {
  await bed.station.api('POST', `/onair/inputs/${line.id}/open`, { outputIds: [], mode: 'replace' })
  await bed.until('the line is open', 10_000, async () => {
    const outputs = await bed.station.api<{ openInputs: string[] }[]>('GET', '/onair')
    return outputs.every((output) => output.openInputs.includes(line.id))
  })
}

function median(values: readonly (number | null)[]): number | null {
  return percentile(
    values.flatMap((value) => (value === null ? [] : [value])),
    50,
  )
}

// Two long stretches of programme. Loaded: both cores busy and the audio process's JavaScript thread blocked for 1.5 s again and
// again. Quiet: what the station and its audio process cost with a 10-minute alert armed, and whether it stays flat. Both captured
// at the sink's monitor and judged for discontinuities afterwards, so that the judging is no load of its own.
import { createReadStream, createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { airingsOf, type Discontinuity, type KnownSound, ProgrammeTracker } from '../test/support/discontinuity.ts'
import { lfsrNoise, rateHz, rmsDb } from '../test/support/signals.ts'
import { StallWitness } from '../test/support/stall-witness.ts'
import { Bed, fm, type Recording } from './bed.ts'
import { breakResults } from './breaks.ts'
import { gripThread, startBusyLoops, togetherMb, type Usage, usage } from './process-load.ts'
import { percentile, type Result, result } from './report.ts'

export interface SoakOptions {
  /** Length of the quiet stretch, s. */
  readonly quietS: number
  /** Length of the loaded stretch, s. */
  readonly loadedS: number
  /** Length of one programme item, s; they crossfade by 1.5 s. */
  readonly itemS: number
  /** Length of the alert that is armed, s. */
  readonly alertS: number
}

export const soakFull: SoakOptions = { quietS: 3600, loadedS: 1800, itemS: 60, alertS: 600 }

const cores = 2
const blockMs = 1500
const crossfadeS = 1.5
const sampleEveryMs = 1000
/** Places with breaks that are reported one by one. */
const mostPlaces = 20

export async function runSoak(options: SoakOptions): Promise<Result[]> {
  const witness = await StallWitness.start()
  const bed = await Bed.open()
  try {
    const items: Recording[] = []
    for (const seed of [1, 2, 3])
      items.push(await bed.importRecording(`item ${seed}`, lfsrNoise(0x50a + seed, options.itemS * rateHz, 0.12)))
    const alert = await bed.composeAlert('armed', lfsrNoise(0xa1e7, options.alertS * rateHz, 0.2))
    await bed.station.api('POST', `/alerts/${alert.alertId}/arm`, {})
    await scheduleItems(bed, items, options)
    const capturePath = join(bed.dir, 'capture.f32')
    const file = createWriteStream(capturePath)
    const ears = await bed.listen(fm.sink, (left) => file.write(Buffer.from(left.buffer, left.byteOffset, left.byteLength)))
    await ears.waitFor((heard) => heard.frames > 4800 && rmsDb(heard.samples(heard.frames - 4800)) > -50, 30_000, 'the programme')
    // A null sink keeps the computer's time, so one instant of the capture tells all others.
    const firstFrameMs = ears.timeMs(ears.frames - 4800) - ((ears.frames - 4800) * 1000) / rateHz
    // The loaded stretch first: in its first half minute a station compiles its code, which is not what it costs.
    const blocks = await runLoaded(bed, options.loadedS)
    const quiet = await measureQuiet(bed, options.quietS)
    await ears.stop()
    await witness.stop()
    file.end()
    await once(file, 'finish')
    const judged = await judge(capturePath, items)
    const crossed = items.flatMap((item) => airingsOf(item.id, judged.soundings)).length - 1
    return [
      ...quiet,
      result('loaded stretch', options.loadedS, 's'),
      result('JS thread blocks of 1.5 s', blocks, 'blocks', { min: 1 }),
      // Silence has no breaks: as many items must be heard as the stretches are long, but for the one that is on at either end.
      result('crossfades heard', crossed, 'crossfades', {
        min: Math.floor((options.quietS + options.loadedS) / (options.itemS - crossfadeS)) - 1,
      }),
      ...breakResults(
        'discontinuities at the monitor',
        judged.discontinuities.map((one) => firstFrameMs + (one.atFrame * 1000) / rateHz),
        witness,
      ),
      ...placesOf(judged.discontinuities).flatMap((place, index) => {
        const [one] = place
        if (one === undefined || index >= mostPlaces) return []
        const what = `place ${index + 1}: ${place.length} breaks, the first ${one.kind} ${one.frames} frames, ${one.id ?? 'unknown sound'}, at`
        return [result(what, one.atFrame / rateHz, 's')]
      }),
    ]
  } finally {
    await witness.stop()
    await bed.close()
  }
}

/** One disturbance is many breaks, of one place: those that follow each other within a second. */
function placesOf(breaks: readonly Discontinuity[]): Discontinuity[][] {
  const places: Discontinuity[][] = []
  for (const one of breaks) {
    const place = places.at(-1)
    if (place !== undefined && one.atFrame - (place.at(-1)?.atFrame ?? 0) < rateHz) place.push(one)
    else places.push([one])
  }
  return places
}

async function scheduleItems(bed: Bed, items: readonly Recording[], options: SoakOptions): Promise<void> {
  // Imports and waits go on while the programme plays: a minute more than both stretches.
  const needed = Math.ceil((options.quietS + options.loadedS + 60) / (options.itemS - crossfadeS))
  const startMs = Date.now() + 2000
  for (let index = 0; index < needed; index++) {
    const item = items[index % items.length]
    if (item !== undefined) await bed.schedule(item, index === 0 ? { kind: 'hard', atMs: startMs } : { kind: 'follow' }, crossfadeS * 1000)
  }
}

async function measureQuiet(bed: Bed, seconds: number): Promise<Result[]> {
  const pids = [bed.station.pid, await bed.station.audioPid()]
  const total = () => Promise.all(pids.map(usage))
  const cpuOf = (each: readonly Usage[]) => each.reduce((sum, one) => sum + one.cpuMs, 0)
  const startedMs = performance.now()
  const before = await total()
  const taken: number[] = []
  while (performance.now() - startedMs < seconds * 1000) {
    await wait(sampleEveryMs)
    // A process that was replaced takes its figures with it: what remains is that it was, and when.
    const now = await total().catch(() => null)
    if (now === null || (await bed.station.audioPid()) !== pids[1])
      return [
        result('audio process replaced in the quiet stretch', 1, 'times', { max: 0 }),
        result('it was replaced after', (performance.now() - startedMs) / 1000, 's'),
      ]
    taken.push(togetherMb(now))
  }
  const after = await total()
  const percent = ((cpuOf(after) - cpuOf(before)) / (performance.now() - startedMs)) * 100
  const fifth = Math.max(1, Math.floor(taken.length / 5))
  const [first, last] = [percentile(taken.slice(fifth, 2 * fifth), 50), percentile(taken.slice(-fifth), 50)]
  return [
    result('audio process replaced in the quiet stretch', 0, 'times', { max: 0 }),
    result('quiet stretch', seconds, 's'),
    result('CPU of station + audio, programme on air', percent, '% of one core', { max: 15 }),
    result('memory of station + audio with the alert armed, greatest', taken.length === 0 ? null : Math.max(...taken), 'MB', { max: 350 }),
    ...after.map((one, index) => result(`${index === 0 ? 'station' : 'audio'}: private`, one.privateMb, 'MB')),
    result('growth of memory, second fifth → last fifth', first === null || last === null ? null : last - first, 'MB', {
      max: 10,
    }),
  ]
}

/** Both cores busy; the audio process's thread blocked every 10 s. Returns how many blocks there were. */
async function runLoaded(bed: Bed, seconds: number): Promise<number> {
  // The inspector stays open for as long as that process lives, and there is one port of it on a machine.
  if (seconds === 0) return 0
  const grip = await gripThread(await bed.station.audioPid())
  const loops = startBusyLoops(cores)
  const untilMs = performance.now() + seconds * 1000
  let blocks = 0
  try {
    while (performance.now() < untilMs) {
      await grip.block(blockMs)
      blocks++
      await wait(Math.max(0, Math.min(10_000 - blockMs, untilMs - performance.now())))
    }
  } finally {
    grip.close()
    await loops.stop()
  }
  return blocks
}

async function judge(path: string, known: readonly KnownSound[]) {
  const tracker = new ProgrammeTracker(known)
  for await (const chunk of createReadStream(path, { highWaterMark: rateHz * 4 })) {
    const bytes = chunk as Buffer
    tracker.push(Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4)))
  }
  return { discontinuities: tracker.finish(), soundings: tracker.soundings }
}

// What is heard when processes die: the audio process killed or frozen, the sound server restarted or stalled, the station
// killed with programme or alert on air. Judged at the sink's monitor, by the audio process's place in a known programme,
// and by the logbook.
import { dayOf, epochMs } from '../shared/domain/time.ts'
import { airingsOf, type Discontinuity, findDiscontinuities, type KnownSound, type Sounding } from '../test/support/discontinuity.ts'
import type { MonitorCapture } from '../test/support/monitor-capture.ts'
import { lfsrNoise, rateHz, rmsDb } from '../test/support/signals.ts'
import { StallWitness } from '../test/support/stall-witness.ts'
import { Bed, fm, isRunning, type Recording } from './bed.ts'
import { breakResults } from './breaks.ts'
import { type Result, result } from './report.ts'

export interface RecoveryOptions {
  /** Times the audio process is killed. */
  readonly audioKills: number
  /** Times the station is killed with programme on air, across an item boundary each. */
  readonly stationKills: number
  /** 1: also the sound server restarted and stalled, and the audio process frozen. */
  readonly stalls: number
}

export const recoveryFull: RecoveryOptions = { audioKills: 10, stationKills: 5, stalls: 1 }

export async function runRecovery(options: RecoveryOptions): Promise<Result[]> {
  return [
    ...(await withBed((bed) => audioDeaths(bed, options))),
    ...(await withBed((bed, witness) => stationDeaths(bed, options.stationKills, witness))),
    ...(await withBed(alertSurvivesStation)),
  ]
}

async function withBed(measure: (bed: Bed, witness: StallWitness) => Promise<Result[]>): Promise<Result[]> {
  const witness = await StallWitness.start()
  const bed = await Bed.open()
  try {
    return await measure(bed, witness)
  } finally {
    await witness.stop()
    await bed.close()
  }
}

async function audioDeaths(bed: Bed, options: RecoveryOptions): Promise<Result[]> {
  const ears = await bed.listen(fm.sink)
  const programme = await bed.programmeOnAir(60 + options.audioKills * 5, ears)
  const backAfter: number[] = []
  // Judged at the end: a busy bench stamps what it hears too late.
  const segments: Float32Array[] = []
  for (let run = 0; run < options.audioKills; run++) {
    const from = ears.frames
    await ears.hear(rateHz)
    const pid = await bed.station.audioPid()
    const diedMs = performance.now()
    process.kill(pid, 'SIGKILL')
    const diedFrame = ears.frames
    const backFrame = await soundAgain(ears, diedFrame, 'the kill of the audio process')
    backAfter.push(ears.timeMs(backFrame) - diedMs)
    await ears.hear(rateHz)
    segments.push(ears.samples(from))
  }
  const stalls = options.stalls > 0 ? await stallsAndRestarts(bed, ears) : []
  const placeErrors = segments.flatMap((segment) => placeError(segment, programme) ?? [])
  return [
    result('kill −9 audio → sound, greatest', greatest(backAfter), 'ms', { max: 1000 }),
    result('kill −9 audio: place in the programme, greatest error', greatest(placeErrors), 'ms', { max: 100 }),
    result('kills after which the place was found', placeErrors.length, 'of the kills', { min: options.audioKills }),
    ...stalls,
  ]
}

async function stallsAndRestarts(bed: Bed, ears: MonitorCapture): Promise<Result[]> {
  const frozen = await frozenAudio(bed, ears)
  await ears.hear(rateHz)
  // Its end is what the station does about a stall. What it says of the audio may still be about the death before.
  const stalledPid = await bed.station.audioPid()
  bed.server.stopProcess()
  await bed.until('the station ends the stalled audio process', 10_000, async () => !isRunning(stalledPid))
  const continuedMs = performance.now()
  bed.server.continueProcess()
  const stallFrame = await soundAgain(ears, ears.frames, 'the stall of the sound server')
  const afterStall = ears.timeMs(stallFrame) - continuedMs
  await ears.hear(2 * rateHz)
  const restartedMs = performance.now()
  await bed.server.restart()
  const newEars = await bed.listen(fm.sink)
  const restartFrame = await soundAgain(newEars, 0, 'the restart of the sound server')
  return [
    result('SIGSTOP audio → sound', frozen, 'ms', { max: 4500 }),
    result('sound server stalled: from its return → sound', afterStall, 'ms', { max: 2000 }),
    result('sound server restarted → sound', newEars.timeMs(restartFrame) - restartedMs, 'ms', { max: 2000 }),
  ]
}

/** The audio process stops answering with its sockets open: the watchdog must kill it (alarm at 500 ms, kill at 2.5 s). */
async function frozenAudio(bed: Bed, ears: MonitorCapture): Promise<number> {
  const pid = await bed.station.audioPid()
  const stoppedMs = performance.now()
  process.kill(pid, 'SIGSTOP')
  await ears.waitFor((heard) => rmsDb(heard.samples(heard.frames - 2400)) < -80, 10_000, 'silence of the frozen process')
  const frame = await soundAgain(ears, ears.frames, 'the freeze of the audio process')
  return ears.timeMs(frame) - stoppedMs
}

async function stationDeaths(bed: Bed, kills: number, witness: StallWitness): Promise<Result[]> {
  const itemS = 6
  const items: Recording[] = []
  // As many items as the kills will take, so that each dead time holds a boundary.
  for (let index = 0; index < 3 + kills * 3; index++)
    items.push(await bed.importRecording(`item ${index}`, lfsrNoise(0x100 + index, itemS * rateHz, 0.12)))
  const ears = await bed.listen(fm.sink)
  const startMs = Date.now() + 1500
  for (const [index, item] of items.entries())
    await bed.schedule(item, index === 0 ? { kind: 'hard', atMs: startMs } : { kind: 'follow' }, index % 2 === 0 ? 0 : 1500)
  await ears.waitFor((heard) => heard.frames > 4800 && rmsDb(heard.samples(heard.frames - 4800)) > -50, 20_000, 'the programme')
  const from = ears.frames
  const adoptedAfter: number[] = []
  const readyAfter = [bed.station.readyMs]
  for (let run = 0; run < kills; run++) {
    await ears.hear(2 * rateHz)
    await bed.station.kill9()
    // Dead across an item boundary: longer than an item is.
    await ears.hear((itemS + 1) * rateHz)
    const restartMs = performance.now()
    readyAfter.push((await bed.restartStation()).readyMs)
    await bed.until('the station has adopted', 10_000, async () => (await audioState(bed)) === 'running')
    adoptedAfter.push(performance.now() - restartMs)
  }
  await ears.hear(3 * rateHz)
  const { discontinuities, soundings } = findDiscontinuities(ears.samples(from), items)
  const missing = await itemsWithoutRow(bed, soundings)
  const verdict = await bed.station.api<{ ok: boolean }>('POST', '/logbook/verify', {})
  return [
    ...breakResults('kill −9 station, programme on air: discontinuities', momentsOf(discontinuities, from, ears), witness),
    result('item boundaries crossed meanwhile', new Set(soundings.map((one) => one.id)).size - 1, 'boundaries', { min: kills }),
    result('restart of the station → adopted, greatest', greatest(adoptedAfter), 'ms', { max: 5000 }),
    result('start of the station → ready, greatest', greatest(readyAfter), 'ms', { max: 2000 }),
    result('items heard more than once', items.filter((item) => airingsOf(item.id, soundings).length > 1).length, 'items', { max: 0 }),
    result('items heard without their logbook row', missing, 'rows', { max: 0 }),
    result('logbook chain broken', verdict.ok ? 0 : 1, 'chains', { max: 0 }),
  ]
}

async function alertSurvivesStation(bed: Bed, witness: StallWitness): Promise<Result[]> {
  const ears = await bed.listen(fm.sink)
  const programme = await bed.programmeOnAir(120, ears)
  const alert = await bed.composeAlert('alert', lfsrNoise(0xa1e7, 6 * rateHz, 0.2))
  await bed.station.api('POST', `/alerts/${alert.alertId}/arm`, {})
  const from = ears.frames
  await ears.hear(rateHz / 2)
  const { cutInId } = await bed.station.api<{ cutInId: string }>('POST', `/alerts/${alert.alertId}/fire`, {})
  await ears.hear(rateHz)
  await bed.station.kill9()
  const restartMs = performance.now()
  await bed.restartStation()
  await bed.until('the station has adopted', 10_000, async () => (await audioState(bed)) === 'running')
  const adoptedMs = performance.now() - restartMs
  // The alert's end, the resume, and long enough for anything that would be replayed.
  await ears.hear(12 * rateHz)
  const heard = findDiscontinuities(ears.samples(from), [programme, alert])
  const airings = airingsOf(alert.id, heard.soundings)
  const rows = (await logRows(bed)).filter((row) => row.kind === 'cutin' && row.actionId !== null && JSON.stringify(row).includes(cutInId))
  const open = rows.filter((row) => row.phase === 'open').length
  const close = rows.filter((row) => row.phase === 'close').length
  return [
    ...breakResults('kill −9 station, alert on air: discontinuities', momentsOf(heard.discontinuities, from, ears), witness),
    result('airings of the alert heard', airings.length, 'airings', { min: 1, max: 1 }),
    result('alert heard to its end', airings[0] === undefined ? null : airings[0].heardFrames / alert.pcm.length, 'of its length', {
      min: 0.995,
    }),
    result('programme resumed after it', airingsOf(programme.id, heard.soundings).length - 1, 'times', { min: 1, max: 1 }),
    result('adopted with an alert on air', adoptedMs, 'ms', { max: 5000 }),
    result('rows that opened the airing', open, 'rows', { min: open, max: open }),
    result('open rows of the airing without their close', open - close, 'rows', { max: 0, min: 0 }),
  ]
}

/** When each was heard, ms of `performance.now()`; their frames count from `from`. */
function momentsOf(breaks: readonly Discontinuity[], from: number, ears: MonitorCapture): number[] {
  return breaks.map(({ atFrame }) => ears.timeMs(from + atFrame))
}

interface Row {
  readonly kind: string
  readonly phase: string
  readonly subject: string
  readonly outputId: string | null
  readonly actionId: string | null
}

function logRows(bed: Bed): Promise<Row[]> {
  return bed.station.api<Row[]>('GET', `/logbook/${dayOf(epochMs(Date.now()))}?limit=5000`)
}

async function itemsWithoutRow(bed: Bed, soundings: readonly Sounding[]): Promise<number> {
  const rows = (await logRows(bed)).filter((row) => row.kind === 'item.aired' && row.outputId === fm.id)
  return [...new Set(soundings.map((one) => one.id))].filter((id) => !rows.some((row) => row.subject.includes(id))).length
}

async function audioState(bed: Bed): Promise<string | undefined> {
  const outputs = await bed.station.api<{ outputId: string; audio: { state: string } }[]>('GET', '/onair')
  return outputs.find((output) => output.outputId === fm.id)?.audio.state
}

/** First frame of sound after `from` that follows at least 5 ms of silence (or the start of the capture). */
async function soundAgain(ears: MonitorCapture, from: number, after: string): Promise<number> {
  let silentSeen = from === 0
  let at = Math.max(from, ears.firstKept)
  return ears.waitFor(
    (heard) => {
      for (; at + 240 <= heard.frames; at += 240) {
        const loud = rmsDb(heard.samples(at, at + 240)) > -60
        if (!loud) silentSeen = true
        else if (silentSeen) return at
      }
      return null
    },
    20_000,
    `sound after ${after}`,
  )
}

/**
 * How far from the right place the programme came back, ms: right is where it stopped (exact resume of a dead process) or where the
 * wall clock says it should be by now, whichever is nearer.
 */
function placeError(capture: Float32Array, programme: KnownSound): number | null {
  const { soundings } = findDiscontinuities(capture, [programme])
  // The longest silence between two soundings is the death; shorter ones are breaks of their own.
  const silences = soundings.slice(1).map((after, index) => ({ before: soundings[index] as Sounding, after }))
  const death = silences.sort((a, b) => b.after.fromFrame - b.before.toFrame - (a.after.fromFrame - a.before.toFrame))[0]
  if (death === undefined) return null
  const { before, after } = death
  const stopped = before.toFrame - before.originFrame
  const began = after.fromFrame - after.originFrame
  const byClock = after.fromFrame - before.originFrame
  return (Math.min(Math.abs(began - stopped), Math.abs(began - byClock)) * 1000) / rateHz
}

function greatest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values)
}

// Devices: each bus on its own and on no other; H10; the preview is what airs; live inputs.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { gripThread } from '../../../bench/process-load.ts'
import type { AlertId, CutInId, InputId, OutputId } from '../../../shared/domain/ids.ts'
import { sourceInput } from '../../../simulator/sound/sound-config.ts'
import { type SoundServer, startSoundServer } from '../../../simulator/sound/sound-server.ts'
import { type AudioProcess, pcmItem, startAudioProcess } from '../../support/audio-process.ts'
import { MonitorCapture } from '../../support/monitor-capture.ts'
import { startPlayer } from '../../support/play.ts'
import { lfsrNoise, locate, rmsDb, toFloatStereo, toS16 } from '../../support/signals.ts'

const [fm, wired] = ['fm' as OutputId, 'wired' as OutputId]
const alertId = 'al' as AlertId
const mic = 'mic' as InputId
let dir = ''
let server: SoundServer
const open: { close?(): Promise<void>; stop?(): Promise<void> }[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ts-devices-'))
  const sinks = [
    ['fm', 'FM'],
    ['wired', 'Wired'],
    ['cue', 'Cue'],
    ['backup', 'Backup'],
  ].map(([name = '', label = '']) => ({ name, label }))
  server = await startSoundServer({ dir, sinks, sources: [{ name: 'mic', label: 'Mic' }] })
})
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await (each.stop?.() ?? each.close?.())
  await server.close()
  await rm(dir, { recursive: true, force: true })
})

async function started(settings: Parameters<typeof startAudioProcess>[1]): Promise<AudioProcess> {
  const audio = await startAudioProcess(server, settings)
  open.push(audio)
  return audio
}
async function listen(sink: string): Promise<MonitorCapture> {
  const capture = await MonitorCapture.start({ server, source: server.sinkMonitor(sink) })
  open.push(capture)
  return capture
}
const output = (outputId: OutputId, device: string, backupDevice: string | null = null) => ({ outputId, device, backupDevice })
const quiet = (capture: MonitorCapture) => rmsDb(capture.samples()) === Number.NEGATIVE_INFINITY
const loudNow = (capture: MonitorCapture) => capture.frames > 4800 && rmsDb(capture.samples(capture.frames - 2400)) > -40

describe('H10: a programme device is removed', () => {
  it('its programme falls silent and goes nowhere else, the other output plays on; back again it goes on where it was', async () => {
    const audio = await started({ outputs: [output(fm, 'FM'), output(wired, 'Wired')], cueDevice: 'Cue' })
    const [other, cue, spare] = [await listen('wired'), await listen('cue'), await listen('backup')]
    const programme = lfsrNoise(1, 48_000 * 60)
    for (const outputId of [fm, wired])
      await audio.wire.order({ kind: 'setQueue', outputId, revision: 1, items: [await pcmItem(dir, outputId, programme)] })
    await other.waitFor(loudNow, 10_000, 'the programme')
    await server.removeSink('fm')
    const lost = await audio.wire.event('deviceLost')
    expect(lost).toMatchObject({ outputId: fm, device: 'FM' })
    const state = await audio.wire.until(
      () => {
        const last = audio.wire.messages.findLast((message) => message.kind === 'state' && message.output.outputId === fm)
        return last?.kind === 'state' && last.output.device === null ? last.output : null
      },
      5000,
      'the state',
    )
    expect(state.item?.state).toBe('interrupted')
    await other.hear(48_000)
    await other.waitFor(loudNow, 5000, 'the other output')
    expect([quiet(cue), quiet(spare)]).toEqual([true, true])
    await expect(
      audio.wire.order({ kind: 'openInput', outputIds: [fm], inputId: mic, gainDb: 0, mode: 'duck', duckDb: -20, resume: null }),
    ).rejects.toThrow('AUDIO_UNAVAILABLE')
    await server.addSink({ name: 'fm', label: 'FM' })
    const replugged = performance.now()
    await audio.wire.event('deviceBack', 10_000, (event) => event.outputId === fm)
    console.log(`device back → noticed, ms ${(performance.now() - replugged).toFixed(0)}`)
    const resumed = await audio.wire.event('itemResumed')
    expect(resumed.frame).toBe(state.item?.frame)
    const again = await listen('fm')
    await again.waitFor(loudNow, 5000, 'the programme on the device that is back')
    expect([quiet(cue), quiet(spare)]).toEqual([true, true])
  })

  it('one that only stood still for a while is held once, not by what was given up as well', async () => {
    const audio = await started({ outputs: [output(fm, 'FM'), output(wired, 'Wired')] })
    const pactl = (...words: string[]) => execFileSync('pactl', words, { env: { ...process.env, ...server.env }, encoding: 'utf8' })
    const streams = () => pactl('list', 'short', 'sink-inputs').trim().split('\n').length
    expect(streams()).toBe(2)
    pactl('suspend-sink', 'fm', '1')
    await audio.wire.event('deviceLost', 10_000, (event) => event.outputId === fm)
    await audio.wire.event('deviceBack', 10_000, (event) => event.outputId === fm)
    expect(streams()).toBe(3)
    pactl('suspend-sink', 'fm', '0')
    await audio.wire.until(() => streams() === 2, 10_000, 'one stream for each device')
    const air = await listen('fm')
    await audio.wire.order({ kind: 'setQueue', outputId: fm, revision: 1, items: [await pcmItem(dir, 'p', lfsrNoise(1, 480_000))] })
    await air.waitFor(loudNow, 5000, 'the programme')
  })

  it('plays on the backup device only where one is named', async () => {
    const audio = await started({ outputs: [output(fm, 'Nowhere', 'Backup')] }).catch((cause: unknown) => cause)
    // The harness waits for a running device, which is the backup.
    if (!(audio !== null && typeof audio === 'object' && 'wire' in audio)) throw audio
    const process = audio as AudioProcess
    expect(process.wire.eventsOf('deviceLost').length + process.welcome.missed.filter((event) => event.kind === 'deviceLost').length).toBe(
      1,
    )
    expect(process.welcome.outputs[0]).toMatchObject({ device: 'Backup', onBackup: true })
    const backup = await listen('backup')
    await process.wire.order({ kind: 'setQueue', outputId: fm, revision: 1, items: [await pcmItem(dir, 'p', lfsrNoise(1, 480_000))] })
    await backup.waitFor(loudNow, 5000, 'the programme on the backup')
  })
})

describe('H10: the configured device is back', () => {
  it('the programme leaves the backup by itself when it has stayed 10 s, where it was, and never in an alert', async () => {
    // Another clock moves on: with none left it would be for the station to replace the process.
    const audio = await started({ outputs: [output(fm, 'FM', 'Backup')], cueDevice: 'Cue' })
    const spare = await listen('backup')
    const item = await pcmItem(dir, 'p', lfsrNoise(1, 48_000 * 60), { resume: { kind: 'rewind', ms: 5000 } })
    await audio.wire.order({ kind: 'setQueue', outputId: fm, revision: 1, items: [item] })
    await audio.wire.event('itemStarted')
    await writeFile(join(dir, 'body'), toS16(lfsrNoise(5, 48_000 * 13, 0.35), 1))
    await audio.wire.order({ kind: 'loadAlert', alert: { alertId, attentionPath: null, bodyPath: join(dir, 'body'), gainDb: 0 } })
    await server.removeSink('fm')
    await audio.wire.event('deviceBack', 10_000, (event) => event.backup)
    await spare.waitFor(loudNow, 5000, 'the programme on the backup')
    const cutInId = 'c' as CutInId
    await audio.wire.order({
      kind: 'fireAlert',
      cutInId,
      alertId,
      outputIds: [fm],
      mode: 'hot',
      bodyRepeats: 1,
      gapMs: 0,
      resume: { kind: 'exact' },
    })
    await server.addSink({ name: 'fm', label: 'FM' })
    const replugged = performance.now()
    const air = await listen('fm')
    const ended = await audio.wire.event('alertEnded', 20_000)
    expect(ended.reason).toBe('finished')
    expect(performance.now() - replugged).toBeGreaterThan(10_000)
    const back = await audio.wire.event('deviceBack', 10_000, (event) => !event.backup)
    expect(back.seq).toBeGreaterThan(ended.seq)
    const resumed = audio.wire.eventsOf('itemResumed').findLast((event) => event.seq < back.seq)
    const again = await audio.wire.event('itemResumed', 5000, (event) => event.seq > back.seq)
    // Not rewound: at the frame it had reached on the backup, after the time a file takes to be opened.
    expect(again.policy.kind).toBe('exact')
    const reached = (resumed?.frame ?? 0) + (back.atMs - (resumed?.atMs ?? 0)) * 48
    console.log(`backup → configured device: silent ms ${again.atMs - back.atMs}, frames off ${again.frame - reached}`)
    expect(Math.abs(again.frame - reached)).toBeLessThan(48 * 100)
    expect(again.atMs - back.atMs).toBeLessThan(250)
    await air.waitFor(loudNow, 5000, 'the programme on its own device')
    await spare.waitFor(() => rmsDb(spare.samples(spare.frames - 2400)) < -90, 5000, 'the backup silent')
    expect(audio.wire.eventsOf('itemEnded')).toEqual([])
  })
})

describe('preview', () => {
  it('is the same samples at the same gain as what airs, and reaches no programme device', async () => {
    const audio = await started({ outputs: [output(fm, 'FM')], cueDevice: 'Cue' })
    const [air, cue] = [await listen('fm'), await listen('cue')]
    const [attention, body] = [lfsrNoise(6, 9600, 0.25), lfsrNoise(5, 14_400, 0.35)]
    await writeFile(join(dir, 'attention'), toS16(attention, 1))
    await writeFile(join(dir, 'body'), toS16(body, 1))
    await audio.wire.order({
      kind: 'loadAlert',
      alert: { alertId, attentionPath: join(dir, 'attention'), bodyPath: join(dir, 'body'), gainDb: -4.5 },
    })
    // A loaded sound server drops and repeats: of several pairs of captures the best one counts, and only a clean one can pass.
    let difference = Infinity
    for (let round = 0; round < 12 && difference > 10 ** (-90 / 20); round++) {
      const [cueFrom, airFrom] = [cue.frames, air.frames]
      await audio.wire.order({ kind: 'cueAlert', alertId, bodyRepeats: 2, gapMs: 100, offsetMs: 0 })
      await audio.wire.until(() => audio.wire.eventsOf('cueEnded')[round], 15_000, 'the end of the preview')
      await cue.hear(9600)
      if (round === 0) expect(quiet(air)).toBe(true)
      const cutInId = `c${round}` as CutInId
      await audio.wire.order({
        kind: 'fireAlert',
        cutInId,
        alertId,
        outputIds: [fm],
        mode: 'hot',
        bodyRepeats: 2,
        gapMs: 100,
        resume: null,
      })
      await audio.wire.event('alertEnded', 15_000, (event) => event.cutInId === cutInId)
      await air.hear(9600)
      difference = Math.min(
        difference,
        worstDifference(air.samples(airFrom), cue.samples(cueFrom), attention.subarray(0, 4800), attention.length + 2 * body.length + 4800),
      )
    }
    console.log(`preview against air, largest difference ${difference}`)
    expect(difference).toBeLessThan(10 ** (-90 / 20))
  })

  it('rests when nothing is previewed: a device that goes is told nevertheless, another one that goes is not taken for it, and it wakes', async () => {
    const audio = await started({ outputs: [output(fm, 'FM')], cueDevice: 'Cue' })
    const cue = await listen('cue')
    const clock = () => {
      const last = audio.wire.messages.findLast((message) => message.kind === 'report')
      return last?.kind === 'report' && last.cue !== null ? last : null
    }
    const stillFor = (ms: number) => {
      const now = clock()
      const before = audio.wire.messages.findLast(
        (message) => message.kind === 'report' && now !== null && message.atMs <= now.atMs - ms && message.cue !== null,
      )
      return before?.kind === 'report' && before.cue?.clockS === now?.cue?.clockS
    }
    await audio.wire.until(() => stillFor(200), 40_000, 'a preview at rest')
    // The only other clock: the one at rest has to be asked, or all would seem lost.
    await server.removeSink('fm')
    expect(await audio.wire.event('deviceLost')).toMatchObject({ outputId: fm })
    await server.addSink({ name: 'fm', label: 'FM' })
    await audio.wire.event('deviceBack', 10_000, (event) => event.outputId === fm)
    await audio.wire.until(() => stillFor(200), 10_000, 'a preview at rest again')
    await server.removeSink('cue')
    await audio.wire.event('deviceLost', 15_000, (event) => event.outputId === null)
    await server.addSink({ name: 'cue', label: 'Cue' })
    await audio.wire.event('deviceBack', 10_000, (event) => event.outputId === null)
    expect(quiet(cue)).toBe(true)
  })

  it('is heard at once from a preview at rest', async () => {
    const audio = await started({ outputs: [output(fm, 'FM')], cueDevice: 'Cue' })
    const cue = await listen('cue')
    await writeFile(join(dir, 'body'), toS16(lfsrNoise(5, 48_000, 0.35), 1))
    await audio.wire.order({ kind: 'loadAlert', alert: { alertId, attentionPath: null, bodyPath: join(dir, 'body'), gainDb: 0 } })
    const clocks = () =>
      audio.wire.messages.slice(-20).flatMap((message) => (message.kind === 'report' ? [message.cue?.clockS ?? null] : []))
    await audio.wire.until(() => clocks().length > 8 && new Set(clocks()).size === 1, 40_000, 'a preview at rest')
    const ordered = performance.now()
    await audio.wire.order({ kind: 'cueAlert', alertId, bodyRepeats: 1, gapMs: 0, offsetMs: 0 })
    await cue.waitFor(loudNow, 5000, 'the preview')
    console.log(`preview at rest → heard within ms ${(performance.now() - ordered).toFixed(0)}`)
    expect((await audio.wire.event('cueEnded')).playedMs).toBe(1000)
  })

  it('does not rest on a device that cannot pause, which the engine would not survive', async () => {
    const probe = fileURLToPath(new URL('../../../audio/pause-probe-process.ts', import.meta.url))
    await writeFile(join(dir, 'asound.conf'), 'pcm.nowhere { type null\n hint { show on\n description "Cannot pause" } }\n')
    const ended = async (label: string, env: Readonly<Record<string, string>>) => {
      const child = spawn(process.execPath, [probe, label], { env: { ...process.env, ...env }, stdio: 'ignore' })
      return (await once(child, 'exit'))[0] as number | null
    }
    expect(await ended('Cannot pause', { ALSA_CONFIG_PATH: join(dir, 'asound.conf') })).not.toBe(0)
    expect(await ended('No such device', server.env)).toBe(2)
    expect(await ended('Cue', server.env)).toBe(0)
  })

  it('is refused on a programme or backup device', async () => {
    const audio = await started({ outputs: [output(fm, 'FM', 'Backup')], cueDevice: 'Backup' })
    expect(audio.welcome.cueDevice).toBeNull()
    expect(audio.welcome.missed).toContainEqual(expect.objectContaining({ kind: 'failure', code: 'CUE_IS_PROGRAMME' }))
    await expect(audio.wire.order({ kind: 'cueItem', source: { kind: 'silence' }, offsetMs: 0 })).rejects.toThrow('CUE_IS_PROGRAMME')
  })
})

describe('live input', () => {
  it('goes on air over the programme, which goes on where it was; a lost one is told and found again', async () => {
    const audio = await started({ outputs: [output(fm, 'FM')], inputs: [{ inputId: mic, device: 'Mic' }] })
    const air = await listen('fm')
    const [programme, speech] = [lfsrNoise(1, 48_000 * 60), lfsrNoise(9, 48_000 * 12, 0.3)]
    await audio.wire.order({ kind: 'setQueue', outputId: fm, revision: 1, items: [await pcmItem(dir, 'p', programme)] })
    await air.waitFor(loudNow, 10_000, 'the programme')
    const player = startPlayer(server, sourceInput('mic'))
    player.stdin?.on('error', () => undefined)
    player.stdin?.end(toFloatStereo(speech))
    const inside = await listen(sourceInput('mic'))
    await audio.wire.order({ kind: 'openInput', outputIds: [fm], inputId: mic, gainDb: 0, mode: 'replace', duckDb: 0, resume: null })
    await expect(
      audio.wire.order({ kind: 'openInput', outputIds: [fm], inputId: mic, gainDb: 0, mode: 'replace', duckDb: 0, resume: null }),
    ).rejects.toThrow('INPUT_ALREADY_OPEN')
    const interrupted = await audio.wire.event('itemInterrupted')
    await air.hear(48_000 * 4)
    const heard = air.samples(air.frames - 48_000 * 2)
    const piece = heard.subarray(0, 2400)
    const spoken = locate(piece, speech)
    expect(spoken?.score).toBeGreaterThan(0.3)
    const given = locate(speech.subarray(spoken?.frame ?? 0, (spoken?.frame ?? 0) + 2400), inside.samples())
    const delayMs = air.timeMs(air.frames - 48_000 * 2) - inside.timeMs(inside.firstKept + (given?.frame ?? 0))
    console.log(`microphone → programme, ms ${delayMs.toFixed(1)}`)
    expect(delayMs).toBeLessThan(150)
    expect(audio.wire.messages.findLast((message) => message.kind === 'report')).toMatchObject({ inputs: [{ inputId: mic }] })
    await audio.wire.order({ kind: 'closeInput', outputIds: [fm], inputId: mic })
    expect((await audio.wire.event('itemResumed')).frame).toBe(interrupted.frame)
    await expect(audio.wire.order({ kind: 'closeInput', outputIds: [fm], inputId: mic })).rejects.toThrow('INPUT_NOT_OPEN')
    await expect(
      audio.wire.order({
        kind: 'openInput',
        outputIds: [fm],
        inputId: 'other' as InputId,
        gainDb: 0,
        mode: 'duck',
        duckDb: -20,
        resume: null,
      }),
    ).rejects.toThrow('INPUT_NOT_CONFIGURED')
    player.kill('SIGKILL')
  })

  it('is not lost because the process itself was held up for longer than an input may be silent', async () => {
    const audio = await started({ outputs: [output(fm, 'FM')], inputs: [{ inputId: mic, device: 'Mic' }] })
    const air = await listen('fm')
    const player = startPlayer(server, sourceInput('mic'))
    player.stdin?.on('error', () => undefined)
    player.stdin?.end(toFloatStereo(lfsrNoise(9, 48_000 * 20, 0.3)))
    await audio.wire.order({ kind: 'openInput', outputIds: [fm], inputId: mic, gainDb: 0, mode: 'duck', duckDb: 0, resume: null })
    await air.waitFor(loudNow, 5000, 'the microphone')
    const grip = await gripThread(audio.welcome.pid)
    for (let block = 0; block < 3; block++) {
      await grip.block(1500)
      await air.hear(24_000)
    }
    grip.close()
    await air.waitFor(loudNow, 5000, 'the microphone after the blocks')
    expect(audio.wire.eventsOf('inputLost')).toEqual([])
    player.kill('SIGKILL')
  })

  it('an input that is not there is told when it is wanted', async () => {
    const audio = await started({ outputs: [output(fm, 'FM')], inputs: [{ inputId: mic, device: 'No such microphone' }] })
    await audio.wire.order({ kind: 'openInput', outputIds: [fm], inputId: mic, gainDb: 0, mode: 'duck', duckDb: -20, resume: null })
    expect((await audio.wire.event('inputLost')).message).toContain('No such microphone')
  })
})

/** Largest difference of two captures of the same sound, aligned at `start`, over `frames`. */
function worstDifference(one: Float32Array, other: Float32Array, start: Float32Array, frames: number): number {
  const [a, b] = [locate(start, one), locate(start, other)]
  if (a === null || b === null || a.score < 0.9 || b.score < 0.9) return Infinity
  let worst = 0
  for (let i = 0; i < frames; i++) worst = Math.max(worst, Math.abs((one[a.frame + i] ?? 0) - (other[b.frame + i] ?? 0)))
  return worst
}

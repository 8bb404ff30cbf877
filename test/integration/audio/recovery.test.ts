// P6 and adoption: the station's client against real audio processes that are killed, stopped, or lose their sound server.
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AudioEvent, OutputAudioState } from '../../../shared/audio-protocol.ts'
import { StationConfig } from '../../../shared/config.ts'
import { systemClock } from '../../../shared/domain/clock.ts'
import type { OutputId } from '../../../shared/domain/ids.ts'
import { type SoundServer, startSoundServer } from '../../../simulator/sound/sound-server.ts'
import { type AudioClient, type AudioHealth, createAudioClient } from '../../../station/onair/audio-client.ts'
import { pcmItem } from '../../support/audio-process.ts'
import { MonitorCapture } from '../../support/monitor-capture.ts'
import { recordMore } from '../../support/recording.ts'
import { findDiscontinuities } from '../../support/discontinuity.ts'
import { lfsrNoise, locate, toS16 } from '../../support/signals.ts'
import { until as untilTrue } from '../../support/until.ts'

const main = 'main' as OutputId
const programme = lfsrNoise(2, 48_000 * 40)
const config = StationConfig.parse({ station: { id: 's', name: 's' }, outputs: [{ id: 'main', name: 'm', device: 'FM' }] })

let dir = ''
let server: SoundServer
let client: AudioClient
let capture: MonitorCapture
let states: OutputAudioState[] = []
let events: AudioEvent[] = []
let health: AudioHealth[] = []
let replaced: string[] = []
let onReplaced: () => void
const environment = { ...process.env }

function newClient(): AudioClient {
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
  return createAudioClient({
    dataDir: join(dir, 'data'),
    config,
    training: false,
    clock: systemClock,
    log: quiet,
    onEvent: (event) => events.push(event),
    onOutputState: (state) => states.push(state),
    onReport: () => undefined,
    onHealth: (each) => health.push(each),
    onReplaced: (bootId) => {
      replaced.push(bootId)
      onReplaced()
    },
    onRestored: () => undefined,
    reloadAlerts: () => Promise.resolve(),
    fallbackSource: () => null,
  })
}

const record = async () =>
  JSON.parse(await readFile(join(dir, 'data', 'audio.json'), 'utf8')) as { pid: number; bootId: string; token: string }
const loud = (samples: Float32Array) => samples.some((value) => Math.abs(value) > 0.01)
const silent = (samples: Float32Array) => samples.every((value) => Math.abs(value) < 1e-5)

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ts-recovery-'))
  await mkdir(join(dir, 'data'))
  ;[states, events, health, replaced] = [[], [], [], []]
  onReplaced = () => undefined
  server = await startSoundServer({ dir, sinks: [{ name: 'fm', label: 'FM' }] })
  Object.assign(process.env, server.env)
  client = newClient()
  await client.start()
  capture = await MonitorCapture.start({ server, source: server.sinkMonitor('fm') })
  await client.send({ kind: 'setQueue', outputId: main, revision: 1, items: [await pcmItem(dir, 'p', programme)] })
  await capture.waitFor((each) => each.frames > 4800 && loud(each.samples(each.frames - 480)), 10_000, 'the programme')
  await capture.hear(24_000)
})

afterEach(async () => {
  await client.stop()
  await capture.stop()
  await server.close()
  for (const key of Object.keys(server.env)) {
    if (environment[key] === undefined) delete process.env[key]
    else process.env[key] = environment[key]
  }
  await rm(dir, { recursive: true, force: true })
})

/** The first truthy answer. */
async function until<T>(ask: () => T, withinMs: number, what: string): Promise<NonNullable<T>> {
  await untilTrue(what, () => Boolean(ask()), withinMs)
  return ask() as NonNullable<T>
}

/** Waits for silence and then for sound; returns how long it was silent and how far the programme jumped, ms (positive = left out). */
async function gapAndJump(withinMs: number): Promise<{ gapMs: number; jumpMs: number }> {
  const silentAt = await capture.waitFor((each) => (silent(each.samples(each.frames - 960)) ? each.frames : null), withinMs, 'silence')
  const loudAt = await capture.waitFor((each) => (loud(each.samples(each.frames - 240)) ? each.frames : null), withinMs, 'sound')
  await capture.hear(9600)
  const heard = capture.samples(silentAt - 20_000, capture.frames)
  const firstSilent = lastLoudBefore(heard, 20_000 - 960) + 1
  const firstLoud = loudAt - (silentAt - 20_000) - 240
  const before = locate(heard.subarray(firstSilent - 2000, firstSilent - 1000), programme)
  const after = locate(heard.subarray(firstLoud + 2400, firstLoud + 3400), programme)
  if (before === null || after === null) throw new Error('the programme was not recognised')
  return {
    gapMs: (firstLoud - firstSilent) / 48,
    jumpMs: (after.frame - (firstLoud + 2400) + firstLoud - (before.frame + (firstSilent - (firstSilent - 2000)))) / 48,
  }
}

function lastLoudBefore(samples: Float32Array, from: number): number {
  let at = from
  while (at > 0 && Math.abs(samples[at] ?? 0) < 1e-5) at--
  return at
}

describe('P6: the audio process is replaced and the programme goes on at the right place', () => {
  it('killed', async () => {
    const { pid } = await record()
    await capture.hear(48_000)
    process.kill(pid, 'SIGKILL')
    const { gapMs, jumpMs } = await gapAndJump(10_000)
    console.log(`kill −9 audio → sound back, ms ${gapMs.toFixed(0)}; programme moved by ${jumpMs.toFixed(1)} ms`)
    expect(gapMs).toBeLessThan(2000)
    expect(Math.abs(jumpMs)).toBeLessThan(150)
    await until(() => health.at(-1) === 'running', 5000, 'health')
    expect(health.filter((each, index) => each !== health[index - 1])).toEqual(['running', 'restarting', 'running'])
    expect(replaced).toHaveLength(1)
    expect(events.find((event) => event.kind === 'itemResumed')).toMatchObject({ itemId: 'p', policy: { kind: 'exact' } })
    expect(states.at(-1)?.item).toMatchObject({ item: { itemId: 'p' }, state: 'playing' })
    expect((await record()).pid).not.toBe(pid)
  })

  it('killed, and its successor freezes before it has taken what was on air', async () => {
    await capture.hear(24_000)
    const recordPath = join(dir, 'data', 'audio.json')
    onReplaced = () => {
      onReplaced = () => undefined
      process.kill(JSON.parse(readFileSync(recordPath, 'utf8')).pid, 'SIGSTOP')
    }
    process.kill((await record()).pid, 'SIGKILL')
    const { gapMs } = await gapAndJump(15_000)
    console.log(`kill −9 audio, successor frozen → sound back, ms ${gapMs.toFixed(0)}`)
    expect(gapMs).toBeLessThan(6000)
    await until(() => health.at(-1) === 'running', 5000, 'health')
    expect(replaced).toHaveLength(2)
  })

  it('killed with an alert on air: the alert goes on, then the programme', async () => {
    const alert = lfsrNoise(9, 48_000 * 8, 0.3)
    await writeFile(join(dir, 'alert'), toS16(alert, 1))
    await client.send({
      kind: 'loadAlert',
      alert: { alertId: 'al' as never, attentionPath: null, bodyPath: join(dir, 'alert'), gainDb: 0 },
    })
    await client.send({
      kind: 'fireAlert',
      cutInId: 'c' as never,
      alertId: 'al' as never,
      outputIds: [main],
      mode: 'hot',
      bodyRepeats: 1,
      gapMs: 0,
      resume: null,
    })
    await capture.hear(48_000)
    const { frame } = await until(() => events.find((event) => event.kind === 'itemInterrupted'), 5000, 'the interruption')
    process.kill((await record()).pid, 'SIGKILL')
    await capture.waitFor((each) => silent(each.samples(each.frames - 960)), 5000, 'silence')
    await capture.waitFor((each) => loud(each.samples(each.frames - 240)), 10_000, 'sound')
    const again = await capture.waitFor(
      (each) => {
        const found = locate(each.samples(each.frames - 2000), alert)
        return found !== null && found.score > 0.8 ? found : null
      },
      5000,
      'the alert',
    )
    expect(again.frame).toBeGreaterThan(24_000)
    await until(() => events.find((event) => event.kind === 'alertEnded' && event.reason === 'finished'), 15_000, 'the end of the alert')
    expect(await until(() => events.find((event) => event.kind === 'itemResumed'), 5000, 'the programme')).toMatchObject({ frame })
  })

  it('frozen while a cold alert waits for its carriers: told to go on, it is read all the same', async () => {
    await writeFile(join(dir, 'alert'), toS16(lfsrNoise(9, 48_000 * 3, 0.3), 1))
    const alert = { alertId: 'al' as never, attentionPath: join(dir, 'alert'), bodyPath: join(dir, 'alert'), gainDb: 0 }
    await client.send({ kind: 'loadAlert', alert })
    const cutInId = 'c' as never
    const fire = { kind: 'fireAlert', cutInId, alertId: alert.alertId, bodyRepeats: 1, gapMs: 0, resume: null } as const
    await client.send({ ...fire, outputIds: [main], mode: 'cold' })
    await until(() => states.at(-1)?.alert?.phase === 'attention', 5000, 'the attention signal')
    process.kill((await record()).pid, 'SIGSTOP')
    await client.send({ kind: 'proceedAlert', cutInId, outputId: main })
    await until(() => events.find((event) => event.kind === 'alertBodyStarted'), 5000, 'the reading')
    await until(() => events.find((event) => event.kind === 'alertEnded' && event.reason === 'finished'), 15_000, 'the end of the alert')
  })

  it('stopped (SIGSTOP): alarm, then replaced', async () => {
    process.kill((await record()).pid, 'SIGSTOP')
    const { gapMs } = await gapAndJump(15_000)
    console.log(`SIGSTOP audio → sound back, ms ${gapMs.toFixed(0)}`)
    expect(health).toContain('stalled')
    expect(gapMs).toBeLessThan(5500)
  })

  it('the sound server is killed and comes back', async () => {
    await capture.stop()
    await server.restart()
    const backMs = performance.now()
    capture = await MonitorCapture.start({ server, source: server.sinkMonitor('fm') })
    await capture.waitFor((each) => each.frames > 480 && loud(each.samples(each.frames - 480)), 15_000, 'the programme')
    console.log(`sound server back → programme, ms ${(performance.now() - backMs).toFixed(0)}`)
    expect(performance.now() - backMs).toBeLessThan(4000)
    await capture.hear(9600)
    expect(locate(capture.samples(capture.frames - 4800, capture.frames - 2800), programme)?.score).toBeGreaterThan(0.8)
  })

  it('the sound server stalls for a second', async () => {
    server.stopProcess()
    const silentFrom = performance.now()
    await until(() => health.includes('restarting') || performance.now() - silentFrom > 1500, 3000, 'the watchdog')
    server.continueProcess()
    const continuedMs = performance.now()
    await until(() => health.at(-1) === 'running' && performance.now() - continuedMs > 0, 15_000, 'the successor')
    const from = capture.frames
    await capture.waitFor((each) => each.frames > from + 960 && loud(each.samples(each.frames - 480)), 15_000, 'the programme')
    console.log(`sound server continues → programme, ms ${(performance.now() - continuedMs).toFixed(0)}`)
    expect(performance.now() - continuedMs).toBeLessThan(4000)
  })
})

describe('P1: the station dies and comes back', () => {
  it('is not heard; the next station adopts what lives and reads what it missed', async () => {
    const before = await record()
    client.detach()
    events = []
    const rendered = await recordMore(join(dir, 'data', 'recordings'), main, 96_000)
    client = newClient()
    const started = await client.start()
    expect(started).toMatchObject({ adopted: true, bootId: before.bootId, lostEvents: 0 })
    expect(started.missed.map((event) => event.kind)).toContain('itemStarted')
    expect(started.outputs[0]?.item).toMatchObject({ item: { itemId: 'p' }, state: 'playing' })
    expect(await record()).toEqual(before)
    expect(findDiscontinuities(rendered, [{ id: 'p', pcm: programme }]).discontinuities).toEqual([])
  })

  it('an order given while there is no audio process goes out when there is one', async () => {
    process.kill((await record()).pid, 'SIGKILL')
    await until(() => health.includes('restarting'), 5000, 'the loss')
    await client.send({ kind: 'stop', outputIds: [main] })
    await until(() => states.at(-1)?.stopped, 5000, 'STOP')
    process.kill((await record()).pid, 'SIGKILL')
    await until(() => replaced.length === 2, 10_000, 'the second successor')
    await until(() => health.at(-1) === 'running', 10_000, 'health')
    expect(states.at(-1)?.stopped).toBe(true)
  })
})

// The private sound server and the capture at its monitors, with pacat as the foreign player.
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sourceInput } from '../../../simulator/sound/sound-config.ts'
import { type SoundServer, startSoundServer } from '../../../simulator/sound/sound-server.ts'
import { findDiscontinuities } from '../../support/discontinuity.ts'
import { MonitorCapture } from '../../support/monitor-capture.ts'
import { play, startPlayer } from '../../support/play.ts'
import { lfsrNoise, locate, rateHz, rmsDb, toFloatStereo } from '../../support/signals.ts'

let dir: string
let server: SoundServer
const open: { stop(): Promise<void> }[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'truc-song-test-'))
  server = await startSoundServer({
    dir,
    sinks: [
      { name: 'main', label: 'Chương trình' },
      { name: 'cue', label: 'Nghe thử' },
    ],
    sources: [{ name: 'mic', label: 'Micro' }],
  })
})

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.stop()))
  await server.close()
  await rm(dir, { recursive: true })
})

async function listen(source: string): Promise<MonitorCapture> {
  const capture = await MonitorCapture.start({ server, source })
  open.push(capture)
  return capture
}

test('what is played into a sink is heard at its monitor without a break, and nowhere else', async () => {
  const main = await listen(server.sinkMonitor('main'))
  const cue = await listen(server.sinkMonitor('cue'))
  const noise = { id: 'noise', pcm: lfsrNoise(11, 2 * rateHz) }
  await play(server, 'main', noise.pcm)
  await main.hear(rateHz / 4)
  const { discontinuities, soundings } = findDiscontinuities(main.samples(), [noise])
  expect(discontinuities).toEqual([])
  expect(soundings.map((one) => one.id)).toEqual(['noise'])
  expect(rmsDb(cue.samples())).toBe(Number.NEGATIVE_INFINITY)
})

test('what is played into a virtual microphone is heard from it', async () => {
  const mic = await listen('mic')
  const noise = lfsrNoise(12, rateHz / 2)
  await play(server, sourceInput('mic'), noise)
  await mic.hear(rateHz / 4)
  expect(locate(noise, mic.samples())?.score).toBeGreaterThan(0.99)
})

test('a removed sink takes its streams with it; none of them moves to another loudspeaker', async () => {
  const main = await listen(server.sinkMonitor('main'))
  const cue = await listen(server.sinkMonitor('cue'))
  const player = startPlayer(server, 'main')
  player.stdin?.on('error', () => player.kill())
  const ended = new Promise((resolve) => player.once('exit', resolve))
  player.stdin?.write(toFloatStereo(lfsrNoise(13, 20 * rateHz)))
  await main.waitFor((capture) => rmsDb(capture.samples()) > -60, 5000, 'the player')
  await server.removeSink('main')
  await ended
  await cue.hear(rateHz / 2)
  expect(rmsDb(cue.samples())).toBe(Number.NEGATIVE_INFINITY)
  expect(await readFile(join(dir, 'alsa.conf'), 'utf8')).not.toContain('"Chương trình"')
  await server.addSink({ name: 'main', label: 'Chương trình' })
  const back = await listen(server.sinkMonitor('main'))
  await play(server, 'main', lfsrNoise(14, rateHz / 2))
  expect(rmsDb(back.samples())).toBeGreaterThan(-60)
})

test('killed and restarted it answers at the same address with the same devices', async () => {
  const before = server.serverPid
  await server.kill()
  expect(() => server.serverPid).toThrow()
  await server.restart()
  expect(server.serverPid).not.toBe(before)
  const main = await listen(server.sinkMonitor('main'))
  await play(server, 'main', lfsrNoise(15, rateHz / 4))
  expect(rmsDb(main.samples())).toBeGreaterThan(-60)
})

test('a stalled server stops the capture clock and a continued one lets it go on', async () => {
  const main = await listen(server.sinkMonitor('main'))
  server.stopProcess()
  const stalledAt = main.frames
  await expect(main.waitFor((capture) => capture.frames > stalledAt + rateHz, 1500, 'a second of sound')).rejects.toThrow('waited')
  server.continueProcess()
  await main.hear(rateHz / 2)
})

test('the server ends with the process that started it, however that one dies', async () => {
  const module = join(import.meta.dirname, '../../../simulator/sound/sound-server.ts')
  const script = `import { startSoundServer } from ${JSON.stringify(module)}
    const server = await startSoundServer({ dir: ${JSON.stringify(join(dir, 'second'))}, sinks: [{ name: 'main', label: 'Main' }] })
    process.stdout.write(JSON.stringify({ pid: server.serverPid, pulseServer: server.pulseServer }))
    process.kill(process.pid, 'SIGKILL')`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  const { pid, pulseServer } = JSON.parse(stdout) as { pid: number; pulseServer: string }
  // Its own process table entry may wait for init; what counts is that nobody answers.
  await expect
    .poll(() => spawnSync('pactl', ['info'], { env: { ...process.env, PULSE_SERVER: pulseServer } }).status, { timeout: 5000 })
    .not.toBe(0)
  expect(pid).toBeGreaterThan(0)
})

test('names and labels that do not belong in a configuration file are refused', async () => {
  await expect(startSoundServer({ dir, sinks: [{ name: 'a b', label: 'x' }] })).rejects.toThrow('name')
  await expect(startSoundServer({ dir, sinks: [{ name: 'a', label: 'x" } pcm.y {' }] })).rejects.toThrow('label')
})

// A network stream on air: pulled by a process of its own, ending at its fixed end; a dead one is silence and a message, nothing more.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { usage } from '../../../bench/process-load.ts'
import type { OutputId } from '../../../shared/domain/ids.ts'
import type { EpochMs } from '../../../shared/domain/time.ts'
import { type SoundServer, startSoundServer } from '../../../simulator/sound/sound-server.ts'
import { type AudioProcess, pcmItem, startAudioProcess } from '../../support/audio-process.ts'
import { recordMore } from '../../support/recording.ts'
import { lfsrNoise, locate, toWav } from '../../support/signals.ts'

const main = 'main' as OutputId
const speech = lfsrNoise(3, 48_000 * 20, 0.2)
let dir = ''
let server: SoundServer
let source: Server
let audio: AudioProcess

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ts-relay-'))
  server = await startSoundServer({ dir, sinks: [{ name: 'fm', label: 'FM' }] })
  source = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'audio/wav' })
    response.end(toWav(speech, 2))
  })
  await new Promise<void>((resolve) => source.listen(0, '127.0.0.1', () => resolve()))
  audio = await startAudioProcess(server, {
    outputs: [{ outputId: main, device: 'FM', backupDevice: null }],
    recorderDir: join(dir, 'rec'),
  })
})
afterEach(async () => {
  await audio.close()
  source.closeAllConnections()
  await new Promise((resolve) => source.close(resolve))
  await server.close()
  await rm(dir, { recursive: true, force: true })
})

async function relay(url: string, forMs: number) {
  const item = await pcmItem(dir, 'relay', new Float32Array(1))
  return { ...item, source: { kind: 'stream' as const, url, gainDb: 0 }, endAtMs: (Date.now() + forMs) as EpochMs }
}

/** CPU time the relay process has taken when the output has sounded for `seconds`, ms. */
async function relayCpuMs(seconds: number): Promise<number> {
  const reported = () => audio.wire.messages.findLast((message) => message.kind === 'report')?.outputs.find((one) => one.outputId === main)
  await audio.wire.until(() => (reported()?.frame ?? 0) >= seconds * 48_000, 15_000, `${seconds} s of sound`)
  const { pid } = audio.child
  const [relayPid = 'none'] = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ')
  expect(await readFile(`/proc/${relayPid}/cmdline`, 'utf8')).toContain('relay-process.ts')
  return (await usage(Number(relayPid))).cpuMs
}

it('plays the stream to its fixed end, then the next item', async () => {
  const url = `http://127.0.0.1:${(source.address() as AddressInfo).port}/live.wav`
  const next = lfsrNoise(1, 480_000)
  await audio.wire.order({
    kind: 'setQueue',
    outputId: main,
    revision: 1,
    items: [await relay(url, 6000), await pcmItem(dir, 'next', next)],
  })
  const ended = await audio.wire.event('itemEnded', 15_000)
  expect(ended).toMatchObject({ itemId: 'relay', reason: 'fixedEnd' })
  await audio.wire.event('itemStarted', 5000, (event) => event.itemId === 'next')
  const rendered = await recordMore(join(dir, 'rec'), main, 48_000)
  const [early, late] = [locate(speech.subarray(9600, 14_400), rendered), locate(speech.subarray(96_000, 100_800), rendered)]
  expect(early?.score).toBeGreaterThan(0.99)
  expect((late?.frame ?? 0) - (early?.frame ?? 0)).toBe(96_000 - 9600)
  expect(locate(next.subarray(0, 4800), rendered)?.score).toBeGreaterThan(0.95)
})

it('a source that is ahead of the sound costs nothing while it waits', async () => {
  const url = `http://127.0.0.1:${(source.address() as AddressInfo).port}/live.wav`
  await audio.wire.order({ kind: 'setQueue', outputId: main, revision: 1, items: [await relay(url, 15_000)] })
  await audio.wire.event('itemStarted')
  const [first, last] = [await relayCpuMs(2), await relayCpuMs(3)]
  // A loop that asks again at every turn takes the whole second.
  expect(last - first).toBeLessThan(300)
})

it('a stream that breaks off is told, and told again when it delivers', async () => {
  let asked = 0
  source.removeAllListeners('request')
  source.on('request', (_, response) => {
    asked += 1
    if (asked === 1) response.destroy()
    else response.writeHead(200, { 'content-type': 'audio/wav' }).end(toWav(speech, 2))
  })
  const url = `http://127.0.0.1:${(source.address() as AddressInfo).port}/live.wav`
  await audio.wire.order({ kind: 'setQueue', outputId: main, revision: 1, items: [await relay(url, 10_000)] })
  expect(await audio.wire.event('failure', 8000)).toMatchObject({ code: 'RELAY_FAILED', outputId: main })
  expect(await audio.wire.event('failureOver', 8000)).toMatchObject({ code: 'RELAY_FAILED', outputId: main })
})

it('a failure is over when the stream delivers after a hold, which it does in another relay', async () => {
  let works = false
  source.removeAllListeners('request')
  source.on('request', (_, response) => {
    if (works) response.writeHead(200, { 'content-type': 'audio/wav' }).end(toWav(speech, 2))
    else response.destroy()
  })
  const url = `http://127.0.0.1:${(source.address() as AddressInfo).port}/live.wav`
  await audio.wire.order({ kind: 'setQueue', outputId: main, revision: 1, items: [await relay(url, 20_000)] })
  await audio.wire.event('failure', 8000)
  await audio.wire.order({ kind: 'hold', outputId: main })
  await recordMore(join(dir, 'rec'), main, 24_000)
  works = true
  await audio.wire.order({ kind: 'release', outputId: main })
  expect(await audio.wire.event('failureOver', 8000)).toMatchObject({ code: 'RELAY_FAILED', outputId: main })
})

it.skipIf(process.getuid?.() !== 0)('a relay whose starter may not raise it, and is below others, plays as it is', async () => {
  const url = `http://127.0.0.1:${(source.address() as AddressInfo).port}/live.wav`
  const script = fileURLToPath(new URL('../../../audio/relay-process.ts', import.meta.url))
  const mayNot = ['--bounding-set=-sys_nice', '--inh-caps=-sys_nice']
  const child = spawn('nice', ['-n', '5', 'setpriv', ...mayNot, process.execPath, script, url], { stdio: ['pipe', 'pipe', 'inherit'] })
  const first = await Promise.race([once(child.stdout, 'data').then(() => 'sound'), once(child, 'exit').then(([code]) => `exit ${code}`)])
  child.kill('SIGKILL')
  expect(first).toBe('sound')
})

it('a stream that is not there is told, and the programme goes on', async () => {
  await audio.wire.order({
    kind: 'setQueue',
    outputId: main,
    revision: 1,
    items: [await relay('http://127.0.0.1:9/none', 4000), await pcmItem(dir, 'next', lfsrNoise(1, 480_000))],
  })
  expect(await audio.wire.event('failure')).toMatchObject({ code: 'RELAY_FAILED', message: expect.stringContaining('relay') })
  expect(await audio.wire.event('itemEnded', 15_000)).toMatchObject({ itemId: 'relay', reason: 'fixedEnd' })
  await audio.wire.event('itemStarted', 5000, (event) => event.itemId === 'next')
})

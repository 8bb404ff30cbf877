// The audio process as a process: who may speak to it, what it survives, when it ends, and what its recorder leaves behind.
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { longestLineBytes } from '../../../audio/line-reader.ts'
import type { OutputId } from '../../../shared/domain/ids.ts'
import { type SoundServer, startSoundServer } from '../../../simulator/sound/sound-server.ts'
import { type AudioProcess, AudioWire, pcmItem, startAudioProcess } from '../../support/audio-process.ts'
import { recordMore } from '../../support/recording.ts'
import { lfsrNoise } from '../../support/signals.ts'

const main = 'main' as OutputId
let dir = ''
let server: SoundServer
let audio: AudioProcess | null = null

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ts-process-'))
  server = await startSoundServer({ dir, sinks: [{ name: 'fm', label: 'FM' }] })
})
afterEach(() => audio?.close())
afterAll(async () => {
  await server?.close()
  await rm(dir, { recursive: true, force: true })
})

async function started(recorder = false): Promise<AudioProcess> {
  audio = await startAudioProcess(server, {
    outputs: [{ outputId: main, device: 'FM', backupDevice: null }],
    recorderDir: recorder ? join(dir, 'rec') : null,
  })
  return audio
}
const gone = (process: AudioProcess) =>
  process.child.exitCode !== null || process.child.signalCode !== null ? Promise.resolve() : once(process.child, 'exit')

describe('the door', () => {
  it('refuses what is malformed, unknown or not greeted, and plays on', async () => {
    const process = await started()
    await process.wire.order({ kind: 'setQueue', outputId: main, revision: 1, items: [await pcmItem(dir, 'p', lfsrNoise(1, 480_000))] })
    await process.wire.event('itemStarted')
    const stranger = await AudioWire.open(process.config.socketPath)
    await expect(stranger.order({ kind: 'stop', outputIds: [main] })).rejects.toThrow('UNAUTHORIZED')
    stranger.raw('not json\n{"kind":"nonsense","ref":"x"}\n{"kind":"next","ref":"y","outputId":"main","fadeMs":-1}\n')
    await stranger.waitFor((message) => message.kind === 'refused' && message.ref === 'y', 5000, 'a refusal')
    expect(
      stranger.messages.filter((message) => message.kind === 'refused').map((message) => message.kind === 'refused' && message.code),
    ).toEqual(['UNAUTHORIZED', 'INVALID_INPUT', 'INVALID_INPUT', 'INVALID_INPUT'])
    stranger.raw('x'.repeat(longestLineBytes + 10))
    await stranger.until(() => stranger.closed, 10_000, 'the end of the connection').catch(() => undefined)
    expect(stranger.closed).toBe(true)
    const thief = await AudioWire.open(process.config.socketPath)
    await expect(thief.hello('wrong-token').then((answer) => answer.kind)).resolves.toBe('refused')
    thief.close()
    await expect(process.wire.order({ kind: 'next', outputId: 'other' as OutputId, fadeMs: 0 })).rejects.toThrow('NOT_FOUND')
    await expect(process.wire.order({ kind: 'next', outputId: main, fadeMs: 0 })).rejects.toThrow('NOTHING_NEXT')
  })

  it('a second station takes the place of the first and reads what it missed', async () => {
    const process = await started()
    await process.wire.order({ kind: 'setQueue', outputId: main, revision: 7, items: [await pcmItem(dir, 'p', lfsrNoise(1, 480_000))] })
    await process.wire.event('itemStarted')
    const { wire, welcome } = await process.connect(-1)
    expect(welcome.outputs[0]).toMatchObject({ queueRevision: 7, item: { item: { itemId: 'p' } } })
    expect(welcome.missed.map((event) => event.kind)).toContain('itemStarted')
    await process.wire.until(() => process.wire.closed, 5000, 'the end of the first').catch(() => undefined)
    expect(process.wire.closed).toBe(true)
    const third = await process.connect(welcome.lastSeq)
    expect(third.welcome.missed).toEqual([])
    third.wire.close()
    wire.close()
  })
})

describe('its end', () => {
  it('plays on alone what it holds, then ends by itself', async () => {
    const process = await started(true)
    await rm(join(dir, 'rec'), { recursive: true, force: true })
    await process.wire.order({
      kind: 'setQueue',
      outputId: main,
      revision: 1,
      items: [await pcmItem(dir, 'a', lfsrNoise(1, 96_000)), await pcmItem(dir, 'b', lfsrNoise(2, 96_000))],
    })
    await process.wire.event('itemStarted')
    process.wire.close()
    await gone(process)
    expect(await process.log()).toContain('nothing left to do')
  })

  it('ends on SIGTERM and on `shutdown`, at once', async () => {
    for (const end of [
      (process: AudioProcess) => void process.child.kill('SIGTERM'),
      (process: AudioProcess) => process.wire.order({ kind: 'shutdown' }),
    ]) {
      const process = await started()
      const from = performance.now()
      await end(process)
      await gone(process)
      expect(performance.now() - from).toBeLessThan(3000)
      await process.close()
    }
  })

  it('killed, it leaves recordings that can be read, with at most the last seconds missing', async () => {
    await rm(join(dir, 'rec'), { recursive: true, force: true })
    const process = await started(true)
    await process.wire.order({ kind: 'setQueue', outputId: main, revision: 1, items: [await pcmItem(dir, 'p', lfsrNoise(1, 960_000))] })
    await recordMore(join(dir, 'rec'), main, 48_000 * 10, 40_000)
    process.child.kill('SIGKILL')
    await gone(process)
    const [name] = await readdir(join(dir, 'rec'))
    expect(name).toMatch(/^main_\d{8}T\d{6}_\d{3}Z\.wav$/)
    const file = await readFile(join(dir, 'rec', name ?? ''))
    const declared = file.readUInt32LE(40)
    expect(file.toString('ascii', 0, 4)).toBe('RIFF')
    expect(declared).toBeLessThanOrEqual(file.length - 44)
    expect((file.length - 44 - declared) / 192_000).toBeLessThan(10)
    expect(declared / 192_000).toBeGreaterThan(3)
  })
})

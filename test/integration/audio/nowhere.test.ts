// Training on a machine without any sound: everything works, into nothing; and without that permission nothing pretends to.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { OutputId } from '../../../shared/domain/ids.ts'
import { type AudioProcess, pcmItem, startAudioProcess } from '../../support/audio-process.ts'
import { lfsrNoise, toS16 } from '../../support/signals.ts'

const main = 'main' as OutputId
const noSound = { ALSA_CONFIG_PATH: '/dev/null', PULSE_SERVER: 'unix:/nowhere' }
let dir = ''
let audio: AudioProcess | null = null

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ts-nowhere-'))
})
afterEach(async () => {
  await audio?.close()
  await rm(dir, { recursive: true, force: true })
})

it('plays, cuts in and goes on where no sound server is, when that is allowed', async () => {
  audio = await startAudioProcess(null, { outputs: [{ outputId: main, device: null, backupDevice: null }], allowNone: true }, noSound)
  await writeFile(join(dir, 'alert'), toS16(lfsrNoise(3, 9600), 1))
  await audio.wire.order({
    kind: 'loadAlert',
    alert: { alertId: 'al' as never, attentionPath: null, bodyPath: join(dir, 'alert'), gainDb: 0 },
  })
  await audio.wire.order({ kind: 'setQueue', outputId: main, revision: 1, items: [await pcmItem(dir, 'p', lfsrNoise(1, 480_000))] })
  await audio.wire.event('itemStarted')
  await audio.wire.order({
    kind: 'fireAlert',
    cutInId: 'c' as never,
    alertId: 'al' as never,
    outputIds: [main],
    mode: 'hot',
    bodyRepeats: 1,
    gapMs: 0,
    resume: null,
  })
  expect(await audio.wire.event('alertEnded')).toMatchObject({ reason: 'finished', playedMs: 200 })
  expect((await audio.wire.event('itemResumed')).frame).toBe((await audio.wire.event('itemInterrupted')).frame)
  await audio.wire.until(
    () => audio?.wire.messages.findLast((message) => message.kind === 'report' && (message.outputs[0]?.level.rmsDb[0] ?? -120) > -40),
    5000,
    'a level',
  )
})

it('refuses what would sound where there is no device', async () => {
  audio = await startAudioProcess(null, { outputs: [{ outputId: main, device: null, backupDevice: null }] }, noSound)
  expect(audio.welcome.outputs[0]?.device).toBeNull()
  await audio.wire.order({ kind: 'setQueue', outputId: main, revision: 1, items: [await pcmItem(dir, 'p', lfsrNoise(1, 480_000))] })
  await expect(
    audio.wire.order({ kind: 'openInput', outputIds: [main], inputId: 'mic' as never, gainDb: 0, mode: 'duck', duckDb: -20, resume: null }),
  ).rejects.toThrow('AUDIO_UNAVAILABLE')
  await expect(audio.wire.order({ kind: 'stopCue' })).rejects.toThrow('CUE_UNAVAILABLE')
  expect(audio.wire.eventsOf('itemStarted')).toEqual([])
  await audio.wire.order({ kind: 'stop', outputIds: [main] })
  await audio.wire.event('stopped')
})

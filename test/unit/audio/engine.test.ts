// What the engine refuses before it touches any output. No device is opened: it is not started.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Engine } from '../../../audio/engine.ts'
import type { AudioCommand, AudioProcessConfig } from '../../../shared/audio-protocol.ts'
import type { AlertId, CutInId, OutputId } from '../../../shared/domain/ids.ts'
import { refusal } from '../../support/air-rig.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ts-engine-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const [fm, wired, nowhere] = ['fm', 'wired', 'nowhere'] as unknown as [OutputId, OutputId, OutputId]
const alertId = 'storm' as AlertId
const engine = (changes: Partial<AudioProcessConfig> = {}) =>
  new Engine(
    {
      bootId: 'boot',
      token: 'token',
      socketPath: join(dir, 'socket'),
      logPath: join(dir, 'log'),
      recorderDir: null,
      recorderKeepHours: 1,
      latencyHint: 'balanced',
      allowNone: false,
      outputs: [
        { outputId: fm, device: 'FM', backupDevice: 'Spare' },
        { outputId: wired, device: 'Wired', backupDevice: null },
      ],
      cueDevice: null,
      inputs: [],
      ...changes,
    },
    () => undefined,
  )
const ordered = (made: Engine, command: object) => refusal(() => made.handle({ ref: 'r', ...command } as AudioCommand, performance.now()))
const fire = (...outputIds: OutputId[]) =>
  ({ kind: 'fireAlert', cutInId: 'c' as CutInId, alertId, outputIds, mode: 'hot', bodyRepeats: 1, gapMs: 0, resume: null }) as const

test('an alert that is not in memory is not fired, and one that is gone is not either', async () => {
  const made = engine()
  expect(await ordered(made, fire(fm))).toBe('ALERT_NOT_READY')
  await writeFile(join(dir, 'body'), Buffer.alloc(9600))
  expect(await ordered(made, { kind: 'loadAlert', alert: { alertId, attentionPath: null, bodyPath: join(dir, 'none'), gainDb: 0 } })).toBe(
    'ALERT_NOT_READY',
  )
  const load = { kind: 'loadAlert', alert: { alertId, attentionPath: null, bodyPath: join(dir, 'body'), gainDb: 0 } }
  expect(await ordered(made, load)).toBeNull()
  expect(made.welcome('r', -1)).toMatchObject({ loadedAlerts: [{ alertId }] })
  // It is looked whether every output is there before the first of them is touched.
  expect(await ordered(made, fire(fm, nowhere))).toBe('NOT_FOUND')
  expect(await ordered(made, fire(fm))).toBe('AUDIO_UNAVAILABLE')
  expect(await ordered(made, { kind: 'unloadAlert', alertId })).toBeNull()
  expect(await ordered(made, fire(fm))).toBe('ALERT_NOT_READY')
  expect(await ordered(made, { kind: 'unloadAlert', alertId })).toBe('NOT_FOUND')
})

test('STOP is for the outputs it names', async () => {
  const made = engine()
  expect(await ordered(made, { kind: 'stop', outputIds: [wired] })).toBeNull()
  expect(made.welcome('r', -1)).toMatchObject({
    outputs: [
      { outputId: fm, stopped: false },
      { outputId: wired, stopped: true },
    ],
  })
  expect(await ordered(made, { kind: 'next', outputId: wired, fadeMs: 0 })).toBe('STOP_LATCHED')
  expect(await ordered(made, { kind: 'reopen', outputIds: [fm] })).toBe('NOT_STOPPED')
  expect(await ordered(made, { kind: 'reopen', outputIds: [wired] })).toBeNull()
  expect(await ordered(made, { kind: 'next', outputId: wired, fadeMs: 0 })).toBe('NOTHING_NEXT')
})

test.each(['FM', 'Spare', 'Wired'])('there is no preview on %s, which is or may be a programme device', async (cueDevice) => {
  const made = engine({ cueDevice })
  expect(made.welcome('r', -1)).toMatchObject({ missed: [{ kind: 'failure', code: 'CUE_IS_PROGRAMME' }] })
  expect(await ordered(made, { kind: 'stopCue' })).toBe('CUE_IS_PROGRAMME')
})

test('without a preview device a preview is refused as unavailable', async () => {
  expect(await ordered(engine(), { kind: 'stopCue' })).toBe('CUE_UNAVAILABLE')
  expect(await ordered(engine({ cueDevice: 'Cue' }), { kind: 'stopCue' })).toBe('CUE_UNAVAILABLE')
})

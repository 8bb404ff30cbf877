// One output whose device goes and comes back, or was never there: what ends, what keeps its place, and what waits for a hand.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ProgrammeOutput } from '../../../audio/programme-output.ts'
import type { PlayItem } from '../../../shared/audio-protocol.ts'
import { clear, flood, key, mic, microphone, onAir, opening, playing, silence, storm } from '../../support/air-orders.ts'
import { AirRig, firing, output, recording, refusal } from '../../support/air-rig.ts'
let dir = ''
let music: PlayItem
let jingle: PlayItem
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ts-output-'))
  music = await recording(dir, 'music', 30)
  jingle = await recording(dir, 'jingle', 10)
})
afterAll(() => rm(dir, { recursive: true, force: true }))

test.each<[string, (air: AirRig) => void, string, string | null]>([
  ['STOP', ({ output: air }) => air.stop(performance.now()), 'itemEnded stopped', null],
  ['an order to clear', ({ output: air }) => air.programme.clear(0), 'itemEnded cleared', null],
  ['an order for another item', ({ output: air }) => air.playNow(playing(jingle)), 'itemEnded nextTaken', 'jingle playing'],
])(
  '%s given to a device whose clock stands still holds when that device is gone and back: the old item does not come back',
  async (_, order, told, item) => {
    const air = await onAir(music)
    order(air)
    air.output.detach()
    expect(air.told).toContain(told)
    air.attach(air.newBus())
    await air.pass(500)
    expect(air.now().item).toBe(item)
  },
)

test('an item that STOP ended before its first sound is not in the queue again when the device was gone meanwhile', async () => {
  const air = await onAir(music)
  air.output.playNow(playing(jingle))
  // It is read and placed, 21 ms ahead.
  await air.pass(0)
  air.output.stop(performance.now())
  air.output.detach()
  air.attach(air.newBus())
  air.output.reopen([])
  await air.pass(500)
  expect(air.now()).toEqual(silence)
})

test('a device that is opened while STOP is latched stays silent', async () => {
  const air = await onAir(music, { alerts: [storm] })
  air.output.stop(performance.now())
  air.output.detach()
  air.attach(air.newBus())
  expect(air.now()).toEqual({ ...silence, gate: 0 })
  expect(await refusal(() => air.output.fireAlert(firing(storm), storm, 0))).toBe('STOP_LATCHED')
})

test('a device that goes ends a microphone as lost and an alert as failed; the programme keeps its place and goes on there', async () => {
  const { inputs, listening } = microphone()
  // A change of device is no interruption that its policy is for.
  const air = await onAir({ ...music, resume: { kind: 'rewind', ms: 1000 } }, { alerts: [storm], inputs })
  air.output.openInput(opening('duck'))
  await air.pass(500)
  const frame = air.output.state().item?.frame
  air.output.detach()
  expect([air.output.state(), listening()]).toMatchObject([{ device: null, openInputs: [], item: { state: 'interrupted', frame } }, 0])
  expect(air.told.at(-1)).toBe('inputClosed lost')
  air.attach(air.newBus())
  await air.pass(500)
  expect(air.now()).toEqual(clear)
  expect(air.last('itemResumed').frame).toBe(frame)
  air.output.fireAlert(firing(storm), storm, performance.now())
  await air.pass(500)
  air.output.detach()
  expect(air.told.at(-1)).toBe('alertEnded failed')
  expect(await refusal(() => air.output.fireAlert(firing(storm), storm, 0))).toBe('AUDIO_UNAVAILABLE')
  air.attach(air.newBus())
  await air.pass(500)
  expect(air.now()).toEqual(clear)
})

test('a hot key that sounds ends with its device, and is told once; the programme is not lowered for it afterwards', async () => {
  const air = await onAir(music)
  await air.output.playOver(key(jingle))
  await air.pass(500)
  expect(air.now()).toEqual({ ...clear, over: '1', duckDb: -12 })
  air.output.detach()
  air.attach(air.newBus())
  await air.pass(500)
  expect(air.told.filter((told) => told.startsWith('overEnded'))).toEqual(['overEnded lost'])
  expect(air.now()).toEqual(clear)
})

test('a grave alert that ended with its device leaves the programme to a hand, however soon the device is back', async () => {
  const air = await onAir(music, { alerts: [storm] })
  const fire = () => air.output.fireAlert(firing(storm, { resume: { kind: 'hold' } }), storm, performance.now())
  fire()
  await air.pass(500)
  air.output.detach()
  air.attach(air.newBus(), [storm])
  await air.pass(500)
  expect(air.now()).toEqual({ ...clear, item: 'music held' })
  air.output.resumeWith({ kind: 'exact' })
  await air.pass(500)
  expect(air.now()).toEqual(clear)
  // Decided, or replaced, while the device is gone: nothing waits any more when it is back.
  for (const decide of [() => air.output.resumeWith({ kind: 'exact' }), () => air.output.playNow(playing(music))]) {
    fire()
    await air.pass(500)
    air.output.detach()
    decide()
    air.attach(air.newBus(), [storm])
    await air.pass(500)
    expect(air.now()).toEqual(clear)
  }
})

test('over silence a grave alert that ended with its device leaves nothing to wait for', async () => {
  const air = new AirRig({ alerts: [storm] })
  air.output.fireAlert(firing(storm, { resume: { kind: 'hold' } }), storm, performance.now())
  await air.pass(500)
  air.output.detach()
  air.attach(air.newBus())
  air.output.programme.setQueue(1, [music])
  await air.pass(500)
  expect(air.now()).toEqual(clear)
})

test('only a programme may be moved to another device: not an alert, a microphone or a key', async () => {
  const { inputs } = microphone()
  const air = new AirRig({ alerts: [flood], inputs })
  const bus = air.output.bus
  const free = () => bus?.free()
  expect(free()).toBe(true)
  air.output.fireAlert(firing(flood), flood, performance.now())
  expect(free()).toBe(false)
  await air.pass(1000)
  expect(free()).toBe(true)
  air.output.openInput(opening('duck'))
  expect(free()).toBe(false)
  air.output.closeInput(mic)
  await air.output.playOver(key(jingle))
  expect(free()).toBe(false)
  air.output.stopOver(1)
  expect(free()).toBe(true)
})

test('an input nobody configured is refused, and no output without a device takes anything but STOP and the end of a key', async () => {
  expect(await refusal(() => new AirRig().output.openInput(opening('duck')))).toBe('INPUT_NOT_CONFIGURED')
  const alone = new ProgrammeOutput(
    output,
    () => undefined,
    () => null,
    () => undefined,
  )
  expect(await refusal(() => alone.fireAlert(firing(storm), storm, 0))).toBe('AUDIO_UNAVAILABLE')
  expect(await refusal(() => alone.openInput(opening('duck')))).toBe('AUDIO_UNAVAILABLE')
  expect(await refusal(() => alone.stopOver(1)), 'the order may be for other outputs too').toBeNull()
  alone.stop(0)
  expect(alone.state().stopped).toBe(true)
})

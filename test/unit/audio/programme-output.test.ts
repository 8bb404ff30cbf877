// Who has the air of one output, and who is refused it: by rank, latched by STOP.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PlayItem } from '../../../shared/audio-protocol.ts'
import type { CutInId } from '../../../shared/domain/ids.ts'
import {
  clear,
  flood,
  key,
  mic,
  microphone,
  onAir,
  opening,
  playing,
  proceeding,
  silence,
  stopping,
  storm,
} from '../../support/air-orders.ts'
import { AirRig, firing, loadedAlert, recording, refusal } from '../../support/air-rig.ts'
let dir = ''
let music: PlayItem
let jingle: PlayItem
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ts-output-'))
  music = await recording(dir, 'music', 30)
  jingle = await recording(dir, 'jingle', 10)
})
afterAll(() => rm(dir, { recursive: true, force: true }))

test('an alert has the air for itself from the moment it is fired, and the programme goes on at the very frame when it ends', async () => {
  const air = await onAir(music, { alerts: [storm] })
  air.output.fireAlert(firing(storm), storm, performance.now())
  expect(air.now()).toEqual({ ...clear, item: 'music interrupted', alert: 'storm body' })
  expect(air.last('itemInterrupted').ms).toBe(air.last('alertStarted').ms)
  await air.pass(1000)
  expect(air.now().item).toBe('music interrupted')
  await air.pass(4000)
  expect(air.now()).toEqual(clear)
  expect(air.told).toEqual(['itemStarted', 'itemInterrupted', 'alertStarted', 'alertBodyStarted', 'alertEnded finished', 'itemResumed'])
  expect(air.last('alertEnded')).toMatchObject({ ms: 5000, playedMs: 4000 })
  const resumed = air.last('itemResumed')
  expect(resumed.frame).toBe(air.last('itemInterrupted').frame)
  expect(resumed.ms).toBeGreaterThanOrEqual(5000)
  expect(resumed.ms).toBeLessThan(5010)
})

test('what sounded over the programme ends for an alert and does not come back; nothing is opened or played over it', async () => {
  const { inputs, listening } = microphone()
  const air = await onAir(music, { alerts: [storm], inputs })
  await air.output.playOver(key(jingle))
  air.output.openInput(opening('duck'))
  await air.pass(500)
  expect(air.now()).toEqual({ ...clear, over: 'mic 1', duckDb: -20 })
  air.output.fireAlert(firing(storm), storm, performance.now())
  expect(air.told.slice(-3)).toEqual(['inputClosed preempted', 'overEnded preempted', 'alertStarted'])
  await air.pass(500)
  expect([air.now(), listening()]).toEqual([{ ...clear, item: 'music interrupted', alert: 'storm body' }, 0])
  expect(await refusal(() => air.output.openInput(opening('replace')))).toBe('ALERT_HOLDS_AIR')
  expect(await refusal(() => air.output.playOver(key(jingle)))).toBe('ALERT_HOLDS_AIR')
  expect(await refusal(() => air.output.closeInput(mic))).toBe('INPUT_NOT_OPEN')
  await air.pass(4000)
  expect(air.now()).toEqual(clear)
})

test.each(['replace', 'duck'] as const)('an alert over a microphone (%s): afterwards nothing is left of that microphone', async (mode) => {
  const { inputs } = microphone()
  const air = await onAir(music, { alerts: [storm], inputs })
  air.output.openInput(opening(mode))
  await air.pass(500)
  air.output.fireAlert(firing(storm), storm, performance.now())
  await air.pass(4500)
  expect(air.now()).toEqual(clear)
})

test('another cut-in is not stopped or told to go on by mistake; this one is', async () => {
  const air = await onAir(music, { alerts: [storm] })
  const another = 'another' as CutInId
  expect(await refusal(() => air.output.stopAlert(stopping(another)))).toBe('ALERT_NOT_AIRING')
  air.output.fireAlert(firing(storm), storm, performance.now())
  await air.pass(500)
  expect(await refusal(() => air.output.stopAlert(stopping(another)))).toBe('ALERT_NOT_AIRING')
  expect(await refusal(() => air.output.proceedAlert(proceeding(another)))).toBe('ALERT_NOT_AIRING')
  expect(air.now().alert).toBe('storm body')
  air.output.stopAlert(stopping(firing(storm).cutInId))
  await air.pass(500)
  expect(air.now()).toEqual(clear)
  expect(air.told).toContain('alertEnded stopped')
})

test.each<[string, (air: AirRig) => void, string]>([
  ['another item', ({ output: air }) => air.playNow(playing(jingle)), 'jingle playing'],
  ['the next one', ({ output: air }) => air.next(0), 'jingle playing'],
  ['a hold', ({ output: air }) => air.hold(), 'music held'],
  [
    'a hold, and its end,',
    ({ output: air }) => {
      air.hold()
      air.resumeWith({ kind: 'exact' })
    },
    'music playing',
  ],
])('%s ordered during an alert stays behind it, also when its continuation is already placed', async (_, order, afterwards) => {
  const air = await onAir(music, { alerts: [storm] }, [jingle])
  air.output.fireAlert(firing(storm), storm, performance.now())
  // 1 s before its end, which is within the horizon.
  await air.pass(3000)
  order(air)
  await air.pass(300)
  expect(air.now().alert).toBe('storm body')
  const begunBefore = air.events.filter(({ kind, ms }) => (kind === 'itemStarted' || kind === 'itemResumed') && ms > 1000 && ms < 5000)
  await air.pass(1000)
  expect(begunBefore).toEqual([])
  expect(air.now()).toEqual({ ...clear, item: afterwards })
  const begun = air.events.filter(({ kind, ms }) => (kind === 'itemStarted' || kind === 'itemResumed') && ms > 1000)
  for (const { ms } of begun) expect(ms).toBeGreaterThanOrEqual(5000)
})

test('STOP closes the gate in 5 ms, ends everything and latches: whatever would sound is refused until somebody reopens', async () => {
  const { inputs, listening } = microphone()
  const air = await onAir(music, { alerts: [storm], inputs }, [jingle])
  expect(await refusal(() => air.output.reopen([]))).toBe('NOT_STOPPED')
  await air.output.playOver(key(jingle))
  air.output.openInput(opening('duck'))
  await air.pass(300)
  air.output.stop(performance.now())
  await air.pass(5)
  expect(air.now().gate).toBe(0)
  await air.pass(1000)
  expect([air.now(), listening()]).toEqual([{ ...silence, gate: 0 }, 0])
  expect(air.told).toEqual([
    'itemStarted',
    'overStarted',
    'inputOpened',
    'inputClosed stopAll',
    'overEnded stopAll',
    'stopped',
    'itemEnded stopped',
  ])
  for (const order of [
    () => air.output.playNow(playing(jingle)),
    () => air.output.next(0),
    () => air.output.fireAlert(firing(storm), storm, performance.now()),
    () => air.output.openInput(opening('duck')),
    () => air.output.playOver(key(jingle)),
  ])
    expect(await refusal(order), String(order)).toBe('STOP_LATCHED')
  air.output.programme.setQueue(2, [jingle])
  await air.pass(5000)
  expect(air.now()).toEqual({ ...silence, gate: 0 })
  air.output.reopen([storm])
  await air.pass(500)
  expect(air.now()).toEqual({ ...silence, item: 'jingle playing' })
})

test('STOP ends an alert for good: reopened, the output is silent until something is ordered, and the alert can be fired again', async () => {
  const air = await onAir(music, { alerts: [storm] }, [jingle])
  air.output.fireAlert(firing(storm), storm, performance.now())
  await air.pass(500)
  air.output.stop(performance.now())
  await air.pass(500)
  expect(air.now()).toEqual({ ...silence, gate: 0 })
  expect(air.told).toContain('alertEnded stopAll')
  air.output.reopen([storm])
  await air.pass(5000)
  expect(air.now()).toEqual(silence)
  air.output.fireAlert(firing(storm), storm, performance.now())
  expect(air.now()).toEqual({ ...silence, alert: 'storm body' })
  // Made ready anew: it sounds from the next frame.
  expect(air.last('alertStarted').ms).toBe(7000)
})

test('STOP in the last seconds of an item, with the next one placed already: the item ends, and is not heard again', async () => {
  const air = await onAir(await recording(dir, 'short', 3, { itemId: music.itemId }), {}, [jingle])
  await air.pass(1000)
  expect(air.output.state().queuedItemIds).toEqual(['jingle'])
  air.output.stop(performance.now())
  await air.pass(200)
  expect(air.now()).toEqual({ ...silence, gate: 0 })
  expect(air.told).toEqual(['itemStarted', 'stopped', 'itemEnded stopped'])
  air.output.reopen([])
  await air.pass(5000)
  expect(air.now()).toEqual(silence)
})

test('an alert fired while the next item is read and the old one fades: the next one is what goes on afterwards', async () => {
  const air = await onAir(music, { alerts: [flood] })
  air.output.playNow({ ...playing(jingle), fadeMs: 1500 })
  air.output.fireAlert(firing(flood), flood, performance.now())
  await air.pass(1500)
  expect(air.now()).toEqual({ ...clear, item: 'jingle playing' })
  expect(air.told).toContain('itemEnded nextTaken')
})

test('an alert that is held up for longer than it is placed ahead is read to its end, and the programme waits for that end', async () => {
  const long = loadedAlert('long', 0, 10_000)
  const air = await onAir(music, { alerts: [long] })
  air.output.fireAlert(firing(long), long, performance.now())
  await air.pass(200)
  await air.heldUp(8300)
  await air.pass(6500)
  const { frames } = air.last('underrun')
  expect(air.told.filter((told) => told === 'underrun')).toHaveLength(1)
  const [ended, resumed] = [air.last('alertEnded'), air.last('itemResumed')]
  expect(ended.reason).toBe('finished')
  expect(ended.ms).toBe(11_000 + Math.round(frames / 48))
  expect(resumed.ms - ended.ms).toBe(0)
})

test('cold: attention goes round until it is told to proceed, then the text; told twice it is read once', async () => {
  const air = await onAir(music, { alerts: [flood] })
  air.output.fireAlert(firing(flood, { mode: 'cold' }), flood, performance.now())
  await air.pass(5000)
  expect(air.now()).toEqual({ ...clear, item: 'music interrupted', alert: 'flood attention' })
  air.output.proceedAlert(proceeding(firing(flood).cutInId))
  await air.pass(200)
  air.output.proceedAlert(proceeding(firing(flood).cutInId))
  expect(air.now().alert).toBe('flood body')
  await air.pass(400)
  expect(air.now()).toEqual(clear)
  expect(air.told.filter((line) => line === 'alertBodyStarted')).toHaveLength(1)
})

test('a newer alert takes the air from an older one, and the programme waits for the newer one', async () => {
  const air = await onAir(music, { alerts: [storm, flood] })
  air.output.fireAlert(firing(flood, { bodyRepeats: 3 }), flood, performance.now())
  await air.pass(500)
  air.output.fireAlert(firing(storm), storm, performance.now())
  expect(air.now()).toEqual({ ...clear, item: 'music interrupted', alert: 'storm body' })
  await air.pass(4500)
  expect(air.now()).toEqual(clear)
  expect(air.told.filter((line) => line.startsWith('alertEnded'))).toEqual(['alertEnded replaced', 'alertEnded finished'])
  expect(air.last('itemResumed').ms).toBeGreaterThanOrEqual(5500)
})

test('an airing that was cut off goes on where it is told; the attention signal is not heard twice', async () => {
  const air = await onAir(music, { alerts: [flood] })
  air.output.fireAlert(firing(flood, { offsetMs: 600 }), flood, performance.now())
  expect(air.now().alert).toBe('flood body')
  await air.pass(500)
  // 300 ms of attention and 500 ms of text: 200 ms of it were left.
  expect(air.last('alertEnded').playedMs).toBe(200)
  air.output.fireAlert(firing(flood, { mode: 'cold', offsetMs: 100 }), flood, performance.now())
  await air.pass(500)
  air.output.proceedAlert(proceeding(firing(flood).cutInId))
  await air.pass(100)
  expect(air.now().alert).toBe('flood body')
})

test('an alert that ended can be fired again at once', async () => {
  const air = await onAir(music, { alerts: [flood] })
  for (let times = 0; times < 3; times++) {
    air.output.fireAlert(firing(flood), flood, performance.now())
    expect(air.last('alertStarted').ms, 'from the next frame').toBe(1000 + 1000 * times)
    await air.pass(1000)
  }
  expect(air.told.filter((line) => line === 'alertEnded finished')).toHaveLength(3)
  expect(air.now()).toEqual(clear)
})

test('a microphone that has the air for itself silences the programme, which goes on where it was when it is closed', async () => {
  const { inputs } = microphone()
  const air = await onAir(music, { inputs })
  air.output.openInput(opening('replace'))
  expect(await refusal(() => air.output.openInput(opening('replace')))).toBe('INPUT_ALREADY_OPEN')
  await air.pass(1000)
  expect(air.now()).toEqual({ ...clear, item: 'music interrupted', over: 'mic' })
  air.output.closeInput(mic)
  await air.pass(500)
  expect(air.now()).toEqual(clear)
  expect(air.last('itemResumed').frame).toBe(air.last('itemInterrupted').frame)
})

test('a programme that is held goes on only when it is released, whoever else had the air meanwhile', async () => {
  const air = await onAir(music, { alerts: [flood] })
  expect(await refusal(() => air.output.resumeWith({ kind: 'exact' }))).toBe('NOT_HELD')
  air.output.hold()
  expect(await refusal(() => air.output.hold())).toBe('ALREADY_HELD')
  air.output.fireAlert(firing(flood), flood, performance.now())
  await air.pass(3000)
  expect(air.now()).toEqual({ ...clear, item: 'music held' })
  air.output.resumeWith({ kind: 'exact' })
  await air.pass(500)
  expect(air.now()).toEqual(clear)
  expect(air.last('itemResumed').frame).toBe(air.last('itemInterrupted').frame)
})

test.each<[string, PlayItem['resume']]>([
  ['held before the alert', { kind: 'exact' }],
  ['waiting for a decision after it', { kind: 'hold' }],
])('a programme %s, released in the last second of the alert, goes on when the alert is over', async (_, resume) => {
  const air = await onAir({ ...music, resume }, { alerts: [storm] })
  if (resume.kind === 'exact') air.output.hold()
  air.output.fireAlert(firing(storm), storm, performance.now())
  await air.pass(3200)
  expect(air.now()).toEqual({ ...clear, item: 'music held', alert: 'storm body' })
  air.output.resumeWith({ kind: 'exact' })
  await air.pass(1500)
  expect(air.now()).toEqual(clear)
  expect(air.last('itemResumed').ms).toBeGreaterThanOrEqual(5000)
})

test('a fixed time that is still to come does not keep what was interrupted from going on', async () => {
  const air = new AirRig({ alerts: [flood] })
  air.output.programme.setQueue(1, [music, { ...jingle, start: { kind: 'at', atMs: air.wall(20_000) } }])
  await air.pass(1000)
  air.output.fireAlert(firing(flood), flood, performance.now())
  await air.pass(1500)
  expect(air.now()).toEqual(clear)
})

test('what was to start at a fixed time during the alert starts after it, in place of what was interrupted', async () => {
  const air = new AirRig({ alerts: [storm] })
  air.output.programme.setQueue(1, [music, { ...jingle, start: { kind: 'at', atMs: air.wall(3000) } }])
  await air.pass(1000)
  air.output.fireAlert(firing(storm), storm, performance.now())
  await air.pass(4500)
  expect(air.now()).toEqual({ ...clear, item: 'jingle playing' })
  expect(air.told).toContain('itemEnded hardStart')
  expect(air.told, 'not for a moment').not.toContain('itemResumed')
  expect(air.last('itemStarted').ms).toBeGreaterThanOrEqual(5000)
})

test('after a grave alert only a hand lets the programme go on, also where a fixed time fell due meanwhile', async () => {
  const air = new AirRig({ alerts: [storm] })
  air.output.programme.setQueue(1, [music, { ...jingle, start: { kind: 'at', atMs: air.wall(3000) } }])
  await air.pass(1000)
  air.output.fireAlert(firing(storm, { resume: { kind: 'hold' } }), storm, performance.now())
  await air.pass(6000)
  expect(air.now()).toEqual({ ...clear, item: 'music held' })
  air.output.resumeWith({ kind: 'exact' })
  await air.pass(500)
  expect(air.now()).toEqual({ ...clear, item: 'jingle playing' })
})

test('an order that comes while an item is being read from the disk is not undone by that item', async () => {
  const air = new AirRig({ alerts: [storm] })
  air.output.playNow(playing(music))
  air.output.fireAlert(firing(storm), storm, performance.now())
  await air.pass(500)
  expect(air.now()).toEqual({ ...clear, item: 'music interrupted', alert: 'storm body' })
  expect(air.told).toEqual(['alertStarted', 'alertBodyStarted'])
  const stopped = new AirRig()
  stopped.output.playNow(playing(music))
  stopped.output.stop(performance.now())
  await stopped.pass(500)
  stopped.output.reopen([])
  await stopped.pass(500)
  expect(stopped.now()).toEqual(silence)
})

// Recordings, sound devices and clocks that fail, against the whole station.
import { truncateSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import type { DayReview } from '../../../shared/domain/review.ts'
import { addDays, dayOf, epochMs, startOfDay } from '../../../shared/domain/time.ts'
import { fakedClock } from '../../support/faked-clock.ts'
import { rateHz, rmsDb } from '../../support/signals.ts'
import { type RigOptions, StationRig } from '../../support/station-rig.ts'

let rig: StationRig
const open = async (options: RigOptions = {}) => {
  rig = await StationRig.open(options)
}
afterEach(() => rig.close())

test('S9: a recording that is gone before its time is found before, and fill plays in its place', async () => {
  await open()
  await rig.importTone('nền', 5, 300, 'fill')
  const before = new Set(await readdir(join(rig.dir, 'library/air')))
  const cart = await rig.importTone('mất', 20, 500)
  const airCopy = (await readdir(join(rig.dir, 'library/air'))).find((name) => !before.has(name))
  const imported = (await rig.rows()).filter((row) => row.kind === 'library.imported')
  expect(imported.map((row) => [row.actor, row.subject])).toEqual([
    ['api', 'nền'],
    ['api', 'mất'],
  ])
  const startMs = Date.now() + 16_000
  await rig.schedule('mất', cart.cartId, { kind: 'hard', atMs: startMs })
  truncateSync(join(rig.dir, 'library/air', airCopy ?? ''), 0)
  await rig.until('the row is marked', 14_000, async () =>
    (await rig.alarms()).some((alarm) => alarm.code === 'NEXT_UNPLAYABLE' && alarm.params['reason'] === 'empty'),
  )
  const ears = await rig.listen('fm')
  // Found at once or at the next look 10 s later: the row itself is due at its time, whenever that was.
  const waitMs = startMs - Date.now() + 5000
  await rig.until('the row is on air', waitMs, async () => (await rig.output('fm')).now?.title === 'mất')
  expect(Date.now() - startMs).toBeGreaterThan(-250)
  const from = ears.frames
  await ears.hear(rateHz)
  expect(rmsDb(ears.samples(from))).toBeGreaterThan(-40)
})

test('H10: the programme’s sound device is removed: silence and an alarm, no other device sounds, and it is back when the device is', async () => {
  await open()
  await rig.programmeOnAir(90)
  const cue = await rig.listen('cue')
  await rig.sound.removeSink('fm')
  await rig.until('the loss is an alarm', 8000, async () =>
    (await rig.alarms()).some((alarm) => alarm.code === 'DEVICE_OUTPUT_LOST' && alarm.params['device'] === 'FM'),
  )
  const from = cue.frames
  await cue.hear(rateHz)
  expect(rmsDb(cue.samples(from))).toBeLessThan(-90)
  expect((await rig.output('fm')).onAir).not.toBe('measured')
  await rig.sound.addSink({ name: 'fm', label: 'FM' })
  await rig.until('the programme sounds again', 10_000, async () => (await rig.output('fm')).onAir === 'measured')
})

test('H10: an output whose device was gone when the other began the next row plays it after its own, and loses none', async () => {
  await open()
  const titles = ['một', 'hai', 'ba'] as const
  const carts = [await rig.importTone('một', 10, 500), await rig.importTone('hai', 5, 600), await rig.importTone('ba', 20, 700)]
  for (const [index, title] of titles.entries()) {
    const start = index === 0 ? ({ kind: 'hard', atMs: Date.now() + 1500 } as const) : ({ kind: 'follow' } as const)
    await rig.schedule(title, carts[index]?.cartId ?? '', start)
  }
  const on = (output: string, title: string, withinMs = 15_000) =>
    rig.until(`${title} is on ${output}`, withinMs, async () => (await rig.output(output)).now?.title === title)
  await on('fm', 'một')
  await rig.sound.removeSink('fm')
  await on('wired', 'hai')
  await rig.sound.addSink({ name: 'fm', label: 'FM' })
  await on('wired', 'ba')
  await on('fm', 'hai', 20_000)
  const ears = await rig.listen('fm')
  await on('fm', 'ba')
  const from = ears.frames
  await ears.hear(rateHz)
  expect(rmsDb(ears.samples(from))).toBeGreaterThan(-40)
  const aired = (await rig.rows()).filter((row) => row.kind === 'item.aired' && row.outputId === 'fm' && row.phase === 'open')
  expect([...new Set(aired.map((row) => row.subject))]).toEqual(titles)
})

/** One output on this device, no preview and no far end: nothing else has a clock. */
const alone = (device: string): RigOptions => ({
  config: { audio: { cueDevice: null, inputs: [] }, outputs: [{ id: 'fm', name: 'fm', device }], devices: [] },
})
const standing = async (code: string) => (await rig.alarms()).find((alarm) => alarm.code === code)?.params

test('H10: the only sound device is removed: an alarm within 5 s, silence is one too, and all is well when it is back', async () => {
  await open(alone('FM'))
  const cart = await rig.importTone('programme', 90)
  await rig.schedule('programme', cart.cartId, { kind: 'hard', atMs: Date.now() + 1000 })
  const ears = await rig.listen('fm')
  await rig.until('the programme sounds', 15_000, () => ears.frames > rateHz && rmsDb(ears.samples(ears.frames - 4800)) > -40)
  await rig.sound.removeSink('fm')
  await rig.until('the loss is an alarm', 5000, async () => (await standing('DEVICE_OUTPUT_LOST'))?.['device'] === 'FM')
  await rig.until('no screen calls it good', 5000, async () => (await rig.output('fm')).audio.state === 'lost')
  await rig.until('the silence is an alarm', 15_000, async () => (await standing('PROGRAMME_SILENT')) !== undefined)
  expect(await standing('DEVICE_OUTPUT_LOST')).toEqual({ device: 'FM' })
  await rig.sound.addSink({ name: 'fm', label: 'FM' })
  const left = async () => (await rig.alarms()).filter(({ code }) => ['DEVICE_OUTPUT_LOST', 'PROGRAMME_SILENT'].includes(code))
  await rig.until('no alarm is left', 15_000, async () => (await left()).length === 0)
  expect((await rig.output('fm')).now?.title).toBe('programme')
})

test('H10: a station that starts without its sound device says so, in its logbook too, until the device is there', async () => {
  await open(alone('Card'))
  await rig.until('the loss is an alarm', 5000, async () => (await standing('DEVICE_OUTPUT_LOST'))?.['device'] === 'Card')
  expect((await rig.output('fm')).audio.state).toBe('lost')
  await rig.sound.addSink({ name: 'card', label: 'Card' })
  await rig.until('the alarm is over', 10_000, async () => (await standing('DEVICE_OUTPUT_LOST')) === undefined)
  expect((await rig.output('fm')).audio).toMatchObject({ state: 'running', device: 'Card' })
  const told = async () => (await rig.rows()).filter(({ subject }) => subject === 'DEVICE_OUTPUT_LOST').map(({ kind }) => kind)
  await rig.until('both are rows', 3000, async () => (await told()).length === 2)
  expect(await told()).toEqual(['alarm.raised', 'alarm.cleared'])
})

test('H10: with a named backup device the programme goes there, the screen says so, and it comes back by itself', async () => {
  await open({ sinks: [{ name: 'spare', label: 'Spare' }], outputs: { fm: { backupDevice: 'Spare' } } })
  await rig.programmeOnAir(90)
  const spare = await rig.listen('spare')
  await rig.sound.removeSink('fm')
  await rig.until('the backup sounds', 10_000, async () => {
    const output = await rig.output('fm')
    return output.audio.onBackup && output.audio.device === 'Spare'
  })
  const from = spare.frames
  await spare.hear(rateHz)
  expect(rmsDb(spare.samples(from))).toBeGreaterThan(-40)
  await rig.until('the backup is an alarm', 3000, async () => (await rig.alarms()).some((alarm) => alarm.code === 'ON_BACKUP_DEVICE'))
  await rig.sound.addSink({ name: 'fm', label: 'FM' })
  await rig.until('it is back on its own device', 20_000, async () => {
    const output = await rig.output('fm')
    return !output.audio.onBackup && output.audio.device === 'FM' && output.now?.title === 'programme'
  })
  await rig.until('the alarm is over', 3000, async () => !(await rig.alarms()).some((alarm) => alarm.code === 'ON_BACKUP_DEVICE'))
})

test('H10: an alert ends, and may be armed again, where one output’s sound device is missing; that output is named', async () => {
  await open({ microphone: true })
  await rig.programmeOnAir(90)
  await rig.sound.removeSink('fm')
  await rig.until('the loss is an alarm', 8000, async () => (await rig.alarms()).some((alarm) => alarm.code === 'DEVICE_OUTPUT_LOST'))
  const alertId = await rig.armedAlert(3)
  await rig.fire(alertId)
  await rig.until('the alert is on air where it can be', 3000, async () => (await rig.output('wired')).phase === 'cutIn')
  await rig.until('the output without a device is named', 3000, async () =>
    (await rig.alarms()).some((alarm) => alarm.code === 'ALERT_NOT_COVERED' && alarm.params['device'] === 'fm'),
  )
  expect((await rig.output('fm')).phase).not.toBe('cutIn')
  await rig.until('the airing is over', 10_000, async () => (await rig.output('wired')).phase === 'programme')
  const state = async () =>
    (await rig.station.api<{ alertId: string; state: string }[]>('GET', '/alerts')).find((one) => one.alertId === alertId)?.state
  await rig.until('the alert may be used again', 3000, async () => (await state()) === 'aired')
  const cutIns = (await rig.rows()).filter((row) => row.kind === 'cutin')
  expect(
    cutIns
      .filter((row) => row.phase === 'close')
      .map((row) => [row.outputId, row.measured?.['reason']])
      .sort(),
  ).toEqual([
    ['fm', 'failed'],
    ['wired', 'finished'],
  ])
  // A microphone asked for there is not shown open either.
  await rig.station.api('POST', '/onair/inputs/mic/open', { outputIds: ['fm'] })
  await rig.until('the microphone is closed again', 3000, async () => (await rig.output('fm')).phase !== 'liveInput')
  // The device is back and the alert is aired again: it reaches everybody now, and nobody is named any more.
  await rig.sound.addSink({ name: 'fm', label: 'FM' })
  await rig.until('the device is back', 10_000, async () => (await rig.output('fm')).onAir === 'measured')
  await rig.station.api('POST', `/alerts/${alertId}/arm`, {})
  await rig.fire(alertId)
  await rig.until('it is on air on both', 5000, async () =>
    (await rig.outputs()).every((output) => output.cutIn?.outputs.every((one) => one.phase === 'body')),
  )
  expect(
    (await rig.alarms()).filter((alarm) => ['ALERT_NOT_COVERED', 'AUDIO_UNAVAILABLE', 'DEVICE_OUTPUT_LOST'].includes(alarm.code)),
  ).toEqual([])
})

test('H12: preview on a programme device is refused by the configuration, which names the key', async () => {
  await expect(StationRig.open({ config: { audio: { cueDevice: 'FM', inputs: [] } } })).rejects.toThrow(/cueDevice/)
  await open()
})

test('T1: the wall clock jumps by an hour and back in an item: nothing starts twice, nothing on air stops, the jump is a row', async () => {
  const clock = fakedClock()
  await open({ env: clock.env })
  await rig.programmeOnAir(90)
  const next = await rig.importTone('sau', 10, 600)
  await rig.schedule('sau', next.cartId, { kind: 'follow' })
  const started = async () =>
    (await rig.rows()).filter((row) => row.kind === 'item.aired' && row.phase === 'open' && row.outputId === 'fm').map((row) => row.subject)
  // The day by the station's clock moves with the jumps: the rows of the days around are looked through.
  const jumps = async () => {
    const days = [-1, 0, 1].map((offset) => dayOf(epochMs(Date.now() + offset * 86_400_000)))
    const rows = await Promise.all(days.map((day) => rig.station.api<LogRow[]>('GET', `/logbook/${day}?limit=5000`)))
    return rows
      .flat()
      .filter((row) => row.kind === 'clock.jump')
      .map((row) => Math.round(Number(row.measured?.['byMs']) / 1000))
  }
  for (const [index, offset] of [3600, 0, -3600, 0, 3, 0].entries()) {
    clock.offset(offset)
    await rig.until(`the jump to ${offset} is a row`, 8000, async () => (await jumps()).length === index + 1)
    expect((await rig.output('fm')).phase).toBe('programme')
  }
  expect((await jumps()).toSorted((a, b) => a - b)).toEqual([-3600, -3600, -3, 3, 3600, 3600])
  expect((await rig.output('fm')).now?.title).toBe('programme')
  expect(await started()).toEqual(['programme'])
})

test('T5: midnight: a recording over it, the evening’s last row after it and the next day’s first are one sound; each day has its rows', async () => {
  const clock = fakedClock()
  await open({ env: clock.env })
  const late = await rig.importTone('cuối ngày', 8, 500)
  const after = await rig.importTone('sau nửa đêm', 5, 600)
  const early = await rig.importTone('đầu ngày', 12, 700)
  const today = dayOf(epochMs(Date.now()))
  const tomorrow = addDays(today, 1)
  const midnightMs = startOfDay(tomorrow)
  await rig.schedule('cuối ngày', late.cartId, { kind: 'hard', atMs: midnightMs - 4000 }, null, today)
  await rig.schedule('sau nửa đêm', after.cartId, { kind: 'follow' }, null, today)
  await rig.schedule('đầu ngày', early.cartId, { kind: 'follow' }, null, tomorrow)
  const ears = await rig.listen('fm')
  clock.offset(Math.round((midnightMs - 12_000 - Date.now()) / 1000))
  const heard = (title: string) => rig.until(`${title} is on`, 25_000, async () => (await rig.output('fm')).now?.title === title)
  await heard('cuối ngày')
  await ears.hear(rateHz)
  const from = ears.frames
  await heard('sau nửa đêm')
  await heard('đầu ngày')
  await ears.hear(3 * rateHz)
  const sound = ears.samples(from)
  const aired = async (day: string) =>
    (await rig.station.api<LogRow[]>('GET', `/logbook/${day}?limit=5000`))
      .filter((row) => row.kind === 'item.aired' && row.outputId === 'fm' && row.phase === 'open')
      .map((row) => row.subject)
  await rig.until('the row of the new day', 5000, async () => (await aired(tomorrow)).includes('đầu ngày'))
  expect(await aired(today)).toEqual(['cuối ngày'])
  expect(await aired(tomorrow)).toEqual(['sau nửa đêm', 'đầu ngày'])
  // Each is counted with the day it was planned for, and of neither day is it said that something was missing or unplanned.
  const [evening, morning] = await Promise.all([today, tomorrow].map((day) => rig.station.api<DayReview>('GET', `/logbook/${day}/review`)))
  const titles = (bars: readonly { readonly title: string }[] | undefined) => [...new Set(bars?.map((bar) => bar.title))]
  expect(titles(evening?.sent)).toEqual(['cuối ngày', 'sau nửa đêm'])
  expect(titles(morning?.sent)).toEqual(['đầu ngày'])
  expect(titles(morning?.carried.sent)).toEqual(['cuối ngày', 'sau nửa đêm'])
  expect([evening, morning].flatMap((review) => review?.differences.filter((each) => each.kind !== 'silence') ?? [null])).toEqual([])
  // The longest silence in it, in pieces of 10 ms: the seams of three recordings are none.
  const pieces = Array.from({ length: Math.floor(sound.length / 480) }, (_, index) => rmsDb(sound, index * 480, 480))
  const silentAtMs = pieces.flatMap((db, index) => (db < -50 ? [index * 10] : []))
  expect(silentAtMs.length, `silent at ${silentAtMs.join(', ')} ms of ${pieces.length * 10}`).toBeLessThan(3)
})

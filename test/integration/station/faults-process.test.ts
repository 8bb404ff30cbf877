// What a killed process leaves behind, against the whole station: nothing replays by itself, what was opened is closed,
// and what the devices are is read, not assumed. With an alert on air: faults-alert-process.test.ts.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { pairs } from '../../support/row-pairs.ts'
import { rateHz, rmsDb } from '../../support/signals.ts'
import { coils, type RigOptions, StationRig } from '../../support/station-rig.ts'

let rig: StationRig
const open = async (options: RigOptions = {}) => {
  rig = await StationRig.open(options)
}
afterEach(() => rig.close())

/** How often the sound goes through zero upwards or downwards. */
function crossings(samples: Float32Array): number {
  return samples.reduce((count, value, index) => count + (index > 0 && value >= 0 !== (samples[index - 1] ?? 0) >= 0 ? 1 : 0), 0)
}

test('P1: station and audio killed mid-programme: back within 10 s, joined at the wall-clock offset, the gap is a row', async () => {
  await open()
  await rig.programmeOnAir(90)
  const before = await rig.output('fm')
  await rig.killBoth()
  const deadMs = performance.now()
  await rig.restart()
  await rig.until('programme is on', 10_000, async () => (await rig.output('fm')).now?.title === 'programme')
  expect(performance.now() - deadMs).toBeLessThan(10_000)
  const after = await rig.output('fm')
  const offsetMs = (after.now?.positionMs ?? 0) - (Date.now() - (before.now?.startedAtMs ?? 0))
  expect(Math.abs(offsetMs)).toBeLessThan(1000)
  const closed = (await rig.rows()).find((row) => row.kind === 'item.aired' && row.phase === 'close')
  expect(closed?.measured).toMatchObject({ interrupted: true })
  const gaps = async () => (await rig.rows()).filter((row) => row.kind === 'audio.gap' && row.subject === 'restart')
  await rig.until('the gap is a row of each output', 5000, async () => (await gaps()).length === 2)
  expect((await gaps()).map((row) => row.outputId).sort()).toEqual(['fm', 'wired'])
  const toldMs = Number((await gaps())[0]?.measured?.['silentMs'])
  expect(toldMs).toBeGreaterThan(100)
  expect(toldMs).toBeLessThan(performance.now() - deadMs + 1000)
})

test('P1: the station alone is killed: adopted in 5 s; by the devices’ own records no relay opened and no carrier fell', async () => {
  await open()
  await rig.programmeOnAir(120)
  const sinceMs = Date.now()
  await rig.station.kill9()
  const deadMs = performance.now()
  // Longer than a refresh of the timed outputs (5 s), shorter than they last (15 s).
  await rig.until('a refresh has been missed', 12_000, () => performance.now() - deadMs > 8000)
  const restartMs = performance.now()
  await rig.restart()
  await rig.until('it is adopted', 5000, async () => (await rig.rows()).some((row) => row.kind === 'station.adopted'))
  expect(performance.now() - restartMs).toBeLessThan(5000)
  await rig.until('both outputs are measured', 10_000, async () => (await rig.outputs()).every((output) => output.onAir === 'measured'))
  // What was keyed before the death would have lapsed by now: it lives by the successor's renewals.
  await rig.until('the old leases would be over', 20_000, () => performance.now() - deadMs > 17_000)
  const opened = rig.relay.record.filter((record) => record.atMs >= sinceMs && record.what === 'coil' && record.detail['on'] === false)
  expect(opened).toEqual([])
  const fell = rig.transmitter.record.filter(
    (record) => record.atMs >= sinceMs && record.what === 'carrier' && record.detail['on'] === false,
  )
  expect(fell).toEqual([])
  expect(rig.transmitter.radiating).toBe(true)
  expect(rig.relay.coils()[coils.zone1]).toBe(true)
  const airings = (await rig.rows()).filter((row) => row.kind === 'item.aired' && row.outputId === 'fm')
  expect(airings.map((row) => row.phase)).toEqual(['open'])
})

test('S4, C6: rows edited by hand before the station is killed: its successor adopts what is on air, and the alarm names the first', async () => {
  await open()
  await rig.programmeOnAir(120)
  const db = new Database(join(rig.dir, 'station.sqlite'))
  db.exec(`DROP TRIGGER logbook_no_update; UPDATE logbook SET measured = '{"' WHERE seq = 2;
    UPDATE logbook SET sent = 'không phải JSON' WHERE phase = 'open' AND seq > 2;
    UPDATE logbook SET measured = replace(measured, ':', ': ') WHERE seq > 2 AND measured IS NOT NULL`)
  db.close()
  await rig.station.kill9()
  await rig.restart()
  await rig.until('it is adopted', 5000, async () => (await rig.rows()).some((row) => row.kind === 'station.adopted'))
  const broken = async () => (await rig.alarms()).filter((alarm) => alarm.code === 'CHAIN_BROKEN')
  await rig.until('the chain was passed', 10_000, async () => (await broken()).length > 0)
  expect(await broken()).toMatchObject([{ params: { seq: 2 }, priority: 1 }])
  expect((await rig.output('fm')).now?.title).toBe('programme')
  // A note beside it says no more than that a busy disk wrote it late.
  const airings = (await rig.rows()).filter((row) => row.kind === 'item.aired' && row.outputId === 'fm' && row.phase !== 'note')
  expect(airings.map((row) => [row.phase, row.sent])).toEqual([['open', { unreadable: 'không phải JSON' }]])
})

test('P1: the station dies while the audio process is being replaced: the programme is joined in its empty successor', async () => {
  await open()
  await rig.programmeOnAir(90)
  const died = await rig.station.audioPid()
  process.kill(died, 'SIGKILL')
  await rig.until('a successor is started', 5000, async () => (await rig.station.audioPid()) !== died)
  await rig.station.kill9()
  // A station that comes before it answers does not wait for it, but starts another.
  const { socketPath } = JSON.parse(await readFile(join(rig.dir, 'audio.json'), 'utf8')) as { socketPath: string }
  await rig.until('it listens', 10_000, () => Promise.resolve(existsSync(socketPath)))
  await rig.restart()
  expect((await rig.rows()).some((row) => row.kind === 'station.adopted')).toBe(true)
  await rig.until('the programme is on', 5000, async () => (await rig.output('fm')).now?.title === 'programme')
  const ears = await rig.listen('fm')
  await ears.hear(rateHz)
  expect(rmsDb(ears.samples())).toBeGreaterThan(-40)
})

test('P1 U7: STOP is latched also in an audio process that the station died before it could tell', async () => {
  await open()
  await rig.programmeOnAir(90)
  await rig.station.api('POST', '/onair/stop', {})
  const latches = async () => pairs(await rig.rows()).open.filter((id) => id.startsWith('stop/'))
  await rig.until('it is written', 5000, async () => (await latches()).length === 2)
  const died = await rig.station.audioPid()
  process.kill(died, 'SIGKILL')
  await rig.until('a successor is started', 5000, async () => (await rig.station.audioPid()) !== died)
  await rig.station.kill9()
  const ears = await rig.listen('fm')
  await rig.restart()
  expect((await rig.outputs()).map((output) => output.phase)).toEqual(['stopped', 'stopped'])
  await ears.hear(3 * rateHz)
  expect(rmsDb(ears.samples())).toBe(Number.NEGATIVE_INFINITY)
  await rig.station.api('POST', '/onair/reopen', {})
  await rig.until('the programme is joined', 10_000, async () => (await rig.output('fm')).now?.title === 'programme')
  await rig.until('its rows are closed', 5000, async () => (await latches()).length === 0)
})

test('P6: a microphone opened while the audio process is dead is open in its successor, and the screen says so', async () => {
  await open({ microphone: true })
  await rig.programmeOnAir(90)
  process.kill(await rig.station.audioPid(), 'SIGKILL')
  await rig.station.api('POST', '/onair/inputs/mic/open', {})
  await rig.until('the death is a row', 5000, async () => (await rig.rows()).some((row) => row.kind === 'audio.died'))
  const shown = async () => (await rig.outputs()).map((output) => [output.phase, ...output.openInputs])
  const live = ['fm', 'wired'].map(() => ['liveInput', 'mic'])
  await rig.until('it is open', 8000, async () => JSON.stringify(await shown()) === JSON.stringify(live))
})

test('P1: killed under a microphone opened as an emergency: it is one still, with every zone called', async () => {
  await open({ microphone: true })
  await rig.programmeOnAir(90)
  await rig.station.api('POST', '/onair/inputs/mic/open', { emergency: true })
  await rig.until('every zone is called', 5000, () => rig.relay.coils()[coils.allCall] === true)
  const sinceMs = Date.now()
  await rig.station.kill9()
  await rig.restart()
  const restartedMs = Date.now()
  const orders = () => rig.relay.record.filter((record) => record.atMs >= restartedMs && record.what === 'write')
  await rig.until('the relays are ordered anew', 12_000, () => orders().length > 0)
  await rig.until('the zones are measured', 10_000, async () => (await rig.output('wired')).carriers.every((each) => each.state === 'up'))
  expect(rig.relay.coils()[coils.allCall]).toBe(true)
  const fell = rig.relay.record.filter((record) => record.atMs >= sinceMs && record.what === 'coil' && record.detail['on'] === false)
  expect(fell).toEqual([])
})

test('P6: station, then audio killed under an open microphone: what the screen calls open is open', async () => {
  await open({ microphone: true })
  await rig.programmeOnAir(90)
  await rig.station.api('POST', '/onair/inputs/mic/open', {})
  const opened = async () => (await rig.outputs()).map((output) => [output.phase, ...output.openInputs])
  const live = [
    ['liveInput', 'mic'],
    ['liveInput', 'mic'],
  ]
  await rig.until('it is open', 5000, async () => JSON.stringify(await opened()) === JSON.stringify(live))
  await rig.station.kill9()
  await rig.restart()
  expect(await opened()).toEqual(live)
  process.kill(await rig.station.audioPid(), 'SIGKILL')
  await rig.until('the death is a row', 5000, async () => (await rig.rows()).some((row) => row.kind === 'audio.died'))
  await rig.until('there is sound again', 8000, async () => (await rig.outputs()).every((output) => output.audio.state === 'running'))
  expect(await opened()).toEqual(live)
  await rig.station.api('POST', '/onair/inputs/mic/close', {})
  await rig.until('the programme is back', 8000, async () => (await rig.outputs()).every((output) => output.phase === 'programme'))
})

test('P6: three deaths of the audio process in a minute: fill sounds under the item’s own name, with an alarm', async () => {
  await open()
  await rig.importTone('nền', 5, 300, 'fill')
  await rig.programmeOnAir(120)
  const running = async () => (await rig.output('fm')).audio.state
  for (let death = 1; death <= 3; death += 1) {
    const died = async () => (await rig.rows()).filter((row) => row.kind === 'audio.died').length
    process.kill(await rig.station.audioPid(), 'SIGKILL')
    await rig.until(`death ${death} is a row`, 5000, async () => (await died()) === death)
    await rig.until('there is a successor', 5000, async () => ['running', 'lost'].includes(await running()))
  }
  await rig.until('the alarm', 3000, async () => (await rig.alarms()).some((alarm) => alarm.code === 'AUDIO_LOST'))
  const ears = await rig.listen('fm')
  await ears.hear(rateHz)
  // 300 Hz of the fill crosses zero 600 times a second, 440 Hz of the item 880 times.
  expect(crossings(ears.samples(ears.frames - rateHz / 2))).toBeCloseTo(300, -1)
  expect((await rig.output('fm')).now?.title).toBe('programme')
})

test('P8: a second station on the same folder is refused and disturbs nothing', async () => {
  await open()
  await rig.programmeOnAir(60)
  const { spawn } = await import('node:child_process')
  const second = spawn(process.execPath, ['station/main.ts', '--data', rig.dir, '--config', `${rig.dir}/config.json`], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...rig.sound.env },
  })
  const code = await new Promise((resolve) => second.once('exit', resolve))
  expect(code).toBe(3)
  expect((await rig.output('fm')).onAir).toBe('measured')
})

// Processes that are killed or frozen while an alert is fired, read or released, against the whole station: the alert is read to its end
// or told as cut off with where, nothing replays by itself, and every row is opened and closed once.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { AlertView } from '../../../shared/domain/alert.ts'
import { AudioWire } from '../../support/audio-process.ts'
import { pairs } from '../../support/row-pairs.ts'
import { lfsrNoise, locate, rateHz, rmsDb, toWav } from '../../support/signals.ts'
import { deskChannels, type RigOptions, StationRig } from '../../support/station-rig.ts'

let rig: StationRig
const open = async (options: RigOptions = {}) => {
  rig = await StationRig.open(options)
}
afterEach(() => rig.close())

/** The programme's fader is where no alert would put it. By the desk's own record it is there again when all is over, the microphone muted. */
function deskBeforeAnAlert(): { givenBack(): Promise<void> } {
  rig.desk.moveByHand(deskChannels.programme, { fader: 614 / 1023 })
  return {
    async givenBack() {
      await rig.until('the desk is given back', 5000, () => Math.abs(rig.desk.strip(deskChannels.programme).fader - 614 / 1023) < 0.002)
      expect(rig.desk.strip(deskChannels.mic).on).toBe(false)
    },
  }
}

/** How the rows say that the airings ended. */
async function cutInEnds(): Promise<unknown[]> {
  return (await rig.rows()).filter((row) => row.kind === 'cutin' && row.phase === 'close').map((row) => row.measured?.['reason'])
}

/** How the airings ended, asked of the audio process itself while no station is there. */
async function alertEnds(): Promise<string[]> {
  const { socketPath, token } = JSON.parse(await readFile(join(rig.dir, 'audio.json'), 'utf8')) as Record<'socketPath' | 'token', string>
  const wire = await AudioWire.open(socketPath)
  const { missed } = await wire.hello(token)
  wire.close()
  return missed.flatMap((event) => (event.kind === 'alertEnded' ? [event.reason] : []))
}

test('P1: killed while a cold alert waits for a transmitter that never comes: read when its 20 s are over; what was held is held', async () => {
  await open({ transmitterRampMs: 60_000 })
  const cart = await rig.importTone('programme', 90)
  await rig.schedule('programme', cart.cartId, { kind: 'hard', atMs: Date.now() + 1000 })
  await rig.until('the programme is on', 10_000, async () => (await rig.output('fm')).now?.title === 'programme')
  const phase = async () => (await rig.output('fm')).phase
  await rig.station.api('POST', '/onair/fm/hold', {})
  await rig.until('it is held', 5000, async () => (await phase()) === 'held')
  const alertId = await rig.armedAlert(4)
  const firedMs = performance.now()
  await rig.fire(alertId)
  await rig.until('it airs', 5000, async () => (await phase()) === 'cutIn')
  await rig.station.kill9()
  await rig.restart()
  expect(await phase()).toBe('cutIn')
  const reading = async () => (await rig.output('fm')).cutIn?.outputs.find((each) => each.outputId === 'fm')?.phase
  await rig.until('it is read', 25_000, async () => (await reading()) === 'body')
  expect(performance.now() - firedMs).toBeGreaterThan(15_000)
  await rig.until('it is over', 15_000, async () => (await phase()) !== 'cutIn')
  expect(await phase()).toBe('held')
})

test('P1: an alert ends while the station is dead: it is aired with its rows closed, and no later boot takes it for cut off', async () => {
  await open()
  await rig.programmeOnAir(90)
  const alertId = await rig.armedAlert(3)
  const ears = await rig.listen('fm')
  await rig.fire(alertId)
  await rig.station.kill9()
  await ears.hear(5 * rateHz)
  const settled = async () => {
    await rig.restart()
    const cutIns = (await rig.rows())
      .filter((row) => row.kind === 'cutin')
      .map((row) => [row.outputId, row.phase, row.measured?.['reason']])
    const { state } = await rig.station.api<AlertView>('GET', `/alerts/${alertId}`)
    const cutOff = (await rig.alarms()).some((alarm) => alarm.code === 'ALERT_INTERRUPTED')
    return { cutIns: cutIns.sort(), state, cutOff }
  }
  const closed = {
    state: 'aired',
    cutOff: false,
    cutIns: ['fm', 'wired'].flatMap((id) => [
      [id, 'close', 'finished'],
      [id, 'open', undefined],
    ]),
  }
  expect(await settled()).toEqual(closed)
  await rig.killBoth()
  expect(await settled()).toEqual(closed)
})

test('P1: an alert loses its sound devices while the station is dead: it is not called aired, the card says where it was cut off', async () => {
  await open()
  await rig.programmeOnAir(90)
  const alertId = await rig.armedAlert(30)
  const ears = await rig.listen('fm')
  await rig.fire(alertId)
  await rig.until('it is read', 5000, async () => (await rig.output('fm')).cutIn?.outputs[0]?.phase === 'body')
  await ears.hear(2 * rateHz)
  await rig.station.kill9()
  for (const sink of ['fm', 'wired']) await rig.sound.removeSink(sink)
  await rig.until('the audio process has given both up', 15_000, async () => (await alertEnds()).length === 2)
  await rig.restart()
  const card = await rig.station.api<AlertView>('GET', `/alerts/${alertId}`)
  expect(card).toMatchObject({ state: 'ready', interrupted: { continues: false } })
  expect(card.interrupted?.positionMs).toBeGreaterThan(1000)
  await rig.until('both airings are closed', 3000, async () => (await cutInEnds()).length === 2)
  expect(await cutInEnds()).toEqual(['failed', 'failed'])
  await rig.killBoth()
  await rig.restart()
  expect(await rig.station.api<AlertView>('GET', `/alerts/${alertId}`)).toMatchObject({ state: 'ready', interrupted: card.interrupted })
})

test('P2: killed between fired and keyed: unkeyed on reconcile, the card says what was cut off, nothing is replayed', async () => {
  await open({ transmitterRampMs: 60_000 })
  const alertId = await rig.armedAlert(20)
  await rig.fire(alertId)
  await rig.until('the transmitter is ordered on', 8000, () =>
    rig.transmitter.record.some((record) => JSON.stringify(record.detail).includes('ON')),
  )
  await rig.killBoth()
  await rig.restart()
  await rig.until('the interrupted alert is named', 5000, async () =>
    (await rig.alarms()).some((alarm) => alarm.code === 'ALERT_INTERRUPTED'),
  )
  const offOrders = () => rig.transmitter.record.filter((record) => JSON.stringify(record.detail).includes('OFF')).length
  await rig.until('the transmitter is ordered off', 8000, () => offOrders() > 0)
  expect((await rig.outputs()).map((output) => output.phase)).toEqual(['silent', 'silent'])
  const card = await rig.station.api<AlertView>('GET', `/alerts/${alertId}`)
  expect(card).toMatchObject({ state: 'ready', interrupted: { positionMs: 0, continues: false } })
  const airings = (await rig.rows()).filter((row) => row.kind === 'cutin' && row.phase === 'open')
  expect(airings).toHaveLength(2)
  expect(pairs(await rig.rows())).toMatchObject({ openedTwice: [], closedTwice: [] })
})

test('P2: killed while an alert is read: the card says where, also after another death; it goes on from there when ordered, never by itself', async () => {
  await open()
  const noise = lfsrNoise(0x92, 20 * rateHz, 0.2)
  const query = new URLSearchParams({ name: 'tin.wav', title: 'tin', contentType: 'speech' })
  const answer = await rig.station.raw('POST', `/library/files?${query}`, toWav(noise, 2), 'audio/wav')
  const { cartId } = JSON.parse(answer.toString('utf8')) as { cartId: string }
  const alertId = await rig.armedAlert(1, { source: { kind: 'file', cartId } })
  const card = () => rig.station.api<AlertView>('GET', `/alerts/${alertId}`)
  const ears = await rig.listen('fm')
  await rig.fire(alertId)
  await rig.until('both outputs read it', 25_000, async () =>
    (await rig.outputs()).every((output) => output.cutIn?.outputs.every((each) => each.phase === 'body')),
  )
  await ears.hear(4 * rateHz)
  const half = rateHz / 2
  const heard = ears.samples(ears.frames - half)
  await rig.killBoth()
  await rig.restart()
  const last = locate(heard, noise)
  expect(last?.score).toBeGreaterThan(0.9)
  const heardMs = ((last?.frame ?? 0) + half) / 48
  const cutOff = (await card()).interrupted
  expect(Math.abs((cutOff?.positionMs ?? 0) - heardMs)).toBeLessThan(1000)
  await rig.killBoth()
  await rig.restart()
  expect(await card()).toMatchObject({ state: 'ready', interrupted: cutOff })
  expect((await rig.alarms()).find((alarm) => alarm.code === 'ALERT_INTERRUPTED')?.params).toMatchObject({ title: 'Tin thử' })
  expect((await rig.outputs()).map((output) => output.phase)).toEqual(['silent', 'silent'])
  await rig.station.api('POST', `/alerts/${alertId}/arm`, { from: 'interruption' })
  const from = ears.frames
  await rig.fire(alertId)
  const at = Math.floor((cutOff?.positionMs ?? 0) * 48)
  await rig.until('it is heard from there', 25_000, async () => {
    await ears.hear(half)
    return (locate(noise.subarray(at, at + half), ears.samples(from))?.score ?? 0) > 0.9
  })
  // Not a moment of what had been read before is read again.
  expect(locate(noise.subarray(at - half, at), ears.samples(from))?.score ?? 0).toBeLessThan(0.5)
  expect((await card()).interrupted).toBeUndefined()
  expect((await rig.alarms()).some((alarm) => alarm.code === 'ALERT_INTERRUPTED')).toBe(false)
  const rows = await rig.rows()
  expect(rows.findLast((row) => row.kind === 'alert.armed')?.sent).toMatchObject({ from: 'interruption', offsetMs: cutOff?.positionMs })
  expect(rows.filter((row) => row.kind === 'cutin' && row.phase === 'open')).toHaveLength(4)
})

test('P2: killed in an alert of risk level 3: the programme waits for a hand, as it would have after the alert', async () => {
  await open()
  await rig.programmeOnAir(90)
  await rig.fire(await rig.armedAlert(20, { riskLevel: 3 }))
  await rig.until('it is read', 5000, async () => (await rig.output('fm')).cutIn?.outputs[0]?.phase === 'body')
  await rig.killBoth()
  await rig.restart()
  const ears = await rig.listen('fm')
  for (let boot = 0; boot < 2; boot++) {
    expect((await rig.outputs()).map((output) => output.phase)).toEqual(['awaitingResume', 'awaitingResume'])
    await rig.until('what waits is named', 3000, async () =>
      (await rig.outputs()).every((output) => output.phase === 'awaitingResume' && output.awaiting?.title === 'programme'),
    )
    await ears.hear(2 * rateHz)
    if (boot > 0) continue
    await rig.killBoth()
    await rig.restart()
  }
  expect(rmsDb(ears.samples())).toBe(Number.NEGATIVE_INFINITY)
  await rig.station.api('POST', '/onair/fm/resume', { policy: { kind: 'rejoin' } })
  await rig.until('the programme is measured', 15_000, async () => (await rig.output('fm')).onAir === 'measured')
  expect((await rig.output('wired')).phase).toBe('awaitingResume')
  const airings = (await rig.rows()).filter((row) => row.kind === 'item.aired' && row.outputId === 'fm').map((row) => row.phase)
  expect(airings).toEqual(['open', 'close', 'open'])
})

test('P3: killed while releasing a cut-in: adopted, read back, the correction a row, and every row closed once', async () => {
  await open()
  const desk = deskBeforeAnAlert()
  await rig.programmeOnAir(90)
  const cutInId = await rig.fire(await rig.armedAlert(20))
  await rig.until('the alert is read', 5000, async () => (await rig.output('fm')).cutIn?.outputs[0]?.phase === 'body')
  await rig.station.api('POST', `/cut-ins/${cutInId}/stop`, {})
  await rig.station.kill9()
  // While nobody is there the transmitter is switched off at its front panel.
  rig.transmitter.switchByHand(false)
  const afterHand = rig.transmitter.record.length
  await rig.restart()
  await rig.until('the programme is measured on air', 10_000, async () =>
    (await rig.outputs()).every((output) => output.phase === 'programme' && output.onAir === 'measured'),
  )
  await rig.until(
    'both airings are closed',
    3000,
    async () => (await rig.rows()).filter((row) => row.kind === 'cutin' && row.phase === 'close').length === 2,
  )
  await desk.givenBack()
  const corrected = (await rig.rows()).filter(
    (row) => row.kind === 'device.order' && row.subject === 'tx' && row.measured?.['corrected'] === true,
  )
  expect(corrected.map((row) => [row.sent?.['reason'], row.measured?.['carrierOn']])).toEqual([['is off, wished on', false]])
  const forced = rig.transmitter.record.slice(afterHand).filter((record) => record.what === 'write')
  expect(forced.map((record) => record.detail)).toEqual([{ name: 'TX.OPMODE', value: 'ON' }])
  const state = pairs(await rig.rows())
  expect(state).toMatchObject({ openedTwice: [], closedTwice: [] })
  expect(state.open.filter((id) => !id.startsWith('item/'))).toEqual([])
  expect(await rig.station.api('POST', '/logbook/verify', {})).toMatchObject({ ok: true })
})

test('P6: the audio process is killed in an alert: the alert goes on where it was, its row is closed once', async () => {
  await open()
  await rig.programmeOnAir(90)
  await rig.fire(await rig.armedAlert(15))
  await rig.until('the alert is read', 5000, async () => (await rig.output('fm')).cutIn?.outputs[0]?.phase === 'body')
  process.kill(await rig.station.audioPid(), 'SIGKILL')
  await rig.until('the alert is over and the programme back', 30_000, async () =>
    (await rig.outputs()).every((output) => output.phase === 'programme'),
  )
  const cutIns = (await rig.rows()).filter((row) => row.kind === 'cutin')
  expect(cutIns.map((row) => [row.outputId, row.phase]).sort()).toEqual([
    ['fm', 'close'],
    ['fm', 'open'],
    ['wired', 'close'],
    ['wired', 'open'],
  ])
  expect(pairs(await rig.rows())).toMatchObject({ openedTwice: [], closedTwice: [] })
})

test.each([
  ['dead', 'SIGKILL'],
  ['frozen', 'SIGSTOP'],
] as const)('P6: an alert fired while the audio process is %s is aired by its successor', async (_how, signal) => {
  await open()
  await rig.programmeOnAir(90)
  const alertId = await rig.armedAlert(8)
  process.kill(await rig.station.audioPid(), signal)
  await rig.fire(alertId)
  await rig.until('the alert is read on both outputs', 8000, async () =>
    (await rig.outputs()).every((output) => output.cutIn?.outputs.every((each) => each.phase === 'body')),
  )
  await rig.until('the programme is back', 30_000, async () => (await rig.outputs()).every((output) => output.phase === 'programme'))
  const cutIns = (await rig.rows()).filter((row) => row.kind === 'cutin' && row.phase === 'close')
  expect(cutIns.map((row) => row.measured?.['reason'])).toEqual(['finished', 'finished'])
  expect((await rig.station.api<AlertView>('GET', `/alerts/${alertId}`)).state).toBe('aired')
  expect(pairs(await rig.rows())).toMatchObject({ openedTwice: [], closedTwice: [] })
})

test('P6: an alert whose sound is gone when the audio process dies is not called on air, nor aired: cut off where it was, with alarms', async () => {
  await open()
  await rig.programmeOnAir(90)
  const alertId = await rig.armedAlert(20)
  await rig.fire(alertId)
  const startedAtMs = async () => (await rig.output('fm')).cutIn?.outputs[0]?.startedAtMs ?? Date.now()
  await rig.until('a second of it is read', 5000, async () => Date.now() - (await startedAtMs()) > 1000)
  await rm(join(rig.dir, 'alerts'), { recursive: true })
  process.kill(await rig.station.audioPid(), 'SIGKILL')
  await rig.until('the death is a row', 5000, async () => (await rig.rows()).some((row) => row.kind === 'audio.died'))
  await rig.until('the programme is what is on air', 8000, async () =>
    (await rig.outputs()).every((output) => output.phase === 'programme'),
  )
  await rig.until('both airings are closed', 3000, async () => (await cutInEnds()).length === 2)
  expect(await cutInEnds()).toEqual(['failed', 'failed'])
  expect((await rig.alarms()).filter((alarm) => alarm.code === 'ALERT_NOT_COVERED')).toHaveLength(2)
  const card = () => rig.station.api<AlertView>('GET', `/alerts/${alertId}`)
  await rig.until('it is offered to go on', 3000, async () => (await card()).interrupted !== undefined)
  const { state, interrupted } = await card()
  expect([state, interrupted?.continues]).toEqual(['ready', false])
  expect(interrupted?.positionMs).toBeGreaterThan(0)
  expect((await rig.alarms()).some((alarm) => alarm.code === 'ALERT_INTERRUPTED')).toBe(true)
})

test('P6: station, then audio killed in the same alert: it goes on all the same and ends once', async () => {
  await open()
  const desk = deskBeforeAnAlert()
  await rig.programmeOnAir(120)
  const alertId = await rig.armedAlert(25)
  await rig.fire(alertId)
  await rig.until('the alert is read', 5000, async () => (await rig.output('fm')).cutIn?.outputs[0]?.phase === 'body')
  await rig.station.kill9()
  await rig.restart()
  await rig.until('it is adopted', 5000, async () => (await rig.output('fm')).phase === 'cutIn')
  const state = async () => (await rig.station.api<{ state: string }>('GET', `/alerts/${alertId}`)).state
  expect(await state()).toBe('airing')
  process.kill(await rig.station.audioPid(), 'SIGKILL')
  const audioBack = async () => (await rig.outputs()).every((output) => output.audio.state === 'running')
  await rig.until('the death is noticed', 3000, async () => (await rig.rows()).some((row) => row.kind === 'audio.died'))
  await rig.until('there is sound again', 5000, audioBack)
  expect((await rig.outputs()).map((output) => output.phase)).toEqual(['cutIn', 'cutIn'])
  const ears = await rig.listen('fm')
  await ears.hear(rateHz)
  expect(rmsDb(ears.samples())).toBeGreaterThan(-40)
  await rig.until('it is over', 40_000, async () => (await rig.outputs()).every((output) => output.phase === 'programme'))
  expect(await state()).toBe('aired')
  await desk.givenBack()
  const cutIns = (await rig.rows()).filter((row) => row.kind === 'cutin' && row.phase === 'close')
  expect(cutIns.map((row) => row.measured?.['reason'])).toEqual(['finished', 'finished'])
})

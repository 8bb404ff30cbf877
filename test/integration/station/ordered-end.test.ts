// An ordered end (SIGTERM) and what outlives it, against the whole station: what was cut off is a closed row and a card, what a
// hand silenced stays silent, and a restarted station knows the rank of what it takes over.
import { afterEach, expect, test } from 'vitest'
import type { AlertView } from '../../../shared/domain/alert.ts'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import { rateHz } from '../../support/signals.ts'
import { coils, type RigOptions, StationRig } from '../../support/station-rig.ts'

let rig: StationRig
const open = async (options: RigOptions = {}) => {
  rig = await StationRig.open(options)
}
afterEach(() => rig.close())

const ofPhase = (rows: readonly LogRow[], phase: LogRow['phase']) => rows.filter((row) => row.phase === phase)
const phases = async () => (await rig.outputs()).map((output) => output.phase)

test('P11: SIGTERM in an alert over the programme: silent, unkeyed and every row closed within 5 s; the card says where, the programme is joined', async () => {
  await open()
  await rig.programmeOnAir(180)
  const alertId = await rig.armedAlert(60)
  await rig.fire(alertId)
  await rig.until('both outputs read it', 10_000, async () =>
    (await rig.outputs()).every((output) => output.cutIn?.outputs.every((each) => each.phase === 'body')),
  )
  // How far it is was measured, and kept, which happens every half second.
  await (await rig.listen('fm')).hear(1.5 * rateHz)
  const before = (await rig.rows()).length
  expect(await rig.station.stop()).toBeLessThan(5000)
  expect(rig.transmitter.radiating).toBe(false)
  expect(rig.relay.coils().some(Boolean)).toBe(false)

  await rig.restart()
  const rows = await rig.rows()
  const ended = rows.slice(before).filter((row) => row.measured?.['reason'] === 'stationStopped')
  expect(ended.map((row) => [row.kind, row.outputId, row.phase]).sort()).toEqual([
    ['cutin', 'fm', 'close'],
    ['cutin', 'wired', 'close'],
    ['item.aired', 'fm', 'close'],
    ['item.aired', 'wired', 'close'],
  ])
  const closed = ofPhase(rows, 'close').map((row) => row.actionId)
  expect(new Set(closed).size).toBe(closed.length)
  expect(ofPhase(rows.slice(0, before), 'open').filter((row) => !closed.includes(row.actionId))).toEqual([])
  const cutIn = ended.find((row) => row.kind === 'cutin')
  const card = await rig.station.api<AlertView>('GET', `/alerts/${alertId}`)
  expect(card.state).toBe('ready')
  // Kept every half second; the row has the last measured moment.
  expect(Number(cutIn?.measured?.['positionMs']) - (card.interrupted?.positionMs ?? 0)).toBeLessThan(1000)
  expect(card.interrupted?.positionMs).toBeGreaterThan(0)
  expect((await rig.alarms()).map((alarm) => alarm.code)).toContain('ALERT_INTERRUPTED')
  await rig.until('the programme is joined', 10_000, async () => (await phases()).every((phase) => phase === 'programme'))
  expect((await rig.rows()).filter((row) => row.kind === 'cutin' && row.phase === 'open')).toHaveLength(2)
})

test('U7: a STOP outlives an ordered end, a dead PC and a dead station; only a hand opens it, and its row is closed once', async () => {
  await open()
  await rig.programmeOnAir(120)
  await rig.station.api('POST', '/onair/stop', {})
  const since = async () => (await rig.outputs()).map((output) => [output.phase, output.stoppedSinceMs])
  const stopped = await since()
  expect(stopped.map(([phase]) => phase)).toEqual(['stopped', 'stopped'])
  const aired = async () => (await rig.rows()).filter((row) => row.kind === 'item.aired' && row.phase === 'open').length
  const before = await aired()
  const ends = [() => rig.station.stop(), () => rig.killBoth(), () => rig.station.kill9()]
  for (const end of ends) {
    await end()
    await rig.restart()
    expect(await since()).toEqual(stopped)
    await expect(rig.fire(await rig.armedAlert(2))).rejects.toThrow('STOP_LATCHED')
    expect(rig.transmitter.radiating).toBe(false)
  }
  expect(await aired()).toBe(before)
  await rig.station.api('POST', '/onair/reopen', {})
  await rig.until('the programme is joined', 10_000, async () => (await phases()).every((phase) => phase === 'programme'))
  const rows = (await rig.rows()).filter((row) => row.kind === 'stop' && row.phase !== 'note')
  expect(rows.map((row) => [row.outputId, row.phase]).sort()).toEqual([
    ['fm', 'close'],
    ['fm', 'open'],
    ['wired', 'close'],
    ['wired', 'open'],
  ])
})

test('an emergency microphone keeps its rank and its all-call over the death of the station', async () => {
  await open({ microphone: true })
  const chime = await rig.importTone('chuông', 2, 1000, 'jingle')
  await rig.station.api('POST', '/onair/hot-keys/1', { cartId: chime.cartId })
  await rig.station.api('POST', '/onair/inputs/mic/open', { emergency: true })
  await rig.until('every zone is called', 10_000, () => rig.relay.coils()[coils.allCall] === true)
  await rig.station.kill9()
  const deadMs = Date.now()
  await rig.restart()
  expect(await phases()).toEqual(['liveInput', 'liveInput'])
  await expect(rig.station.api('POST', '/onair/hot-keys/1/play', {})).rejects.toThrow('ALERT_HOLDS_AIR')
  const renewed = () => rig.relay.record.some((record) => record.atMs > deadMs && record.what === 'write')
  await rig.until('the successor has written to the relays', 12_000, renewed)
  expect(rig.relay.coils()[coils.allCall]).toBe(true)
  await rig.station.api('POST', '/onair/inputs/mic/close', {})
  await rig.until('the call is over', 10_000, () => rig.relay.coils()[coils.allCall] === false)
})

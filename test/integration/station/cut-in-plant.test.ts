// What a cut-in does beside the sound, against the whole station: the all-call zone, the warm-up of an amplifier, and that after a
// grave alert nothing returns to music by itself. The oracle is what the relay board recorded.
import { afterEach, expect, test } from 'vitest'
import { coils, type RigOptions, StationRig } from '../../support/station-rig.ts'

let rig: StationRig
const open = async (options: RigOptions = {}) => {
  rig = await StationRig.open(options)
}
afterEach(() => rig.close())

const switched = (coil: number) => rig.relay.record.filter((record) => record.what === 'coil' && record.detail['coil'] === coil)

test('an alert of risk level 3 goes all-call, and after it the programme waits for a hand', async () => {
  await open()
  await rig.programmeOnAir(60)
  expect(switched(coils.allCall)).toEqual([])
  const before = (await rig.output('wired')).now?.itemId
  await rig.fire(await rig.armedAlert(2, { riskLevel: 3 }))
  await rig.until('the all-call relay closes', 3000, () => rig.relay.coils()[coils.allCall] === true)
  await rig.until('the alert is over', 10_000, async () => (await rig.outputs()).every((output) => output.phase === 'awaitingResume'))
  await rig.until('the all-call relay opens', 5000, () => rig.relay.coils()[coils.allCall] === false)
  expect((await rig.output('wired')).awaiting).toMatchObject({ itemId: before })
  expect((await rig.rows()).filter((row) => row.kind === 'item.resumed')).toEqual([])
  await rig.station.api('POST', '/onair/wired/resume', { policy: { kind: 'exact' } })
  await rig.until('it goes on by hand', 5000, async () => (await rig.output('wired')).phase === 'programme')
  expect((await rig.output('fm')).phase).toBe('awaitingResume')
})

test('programme never goes all-call; an alert of no level does, and resumes by itself', async () => {
  await open()
  await rig.programmeOnAir(60)
  await rig.fire(await rig.armedAlert(2, { riskLevel: null }))
  await rig.until('the programme is back', 12_000, async () => (await rig.outputs()).every((output) => output.phase === 'programme'))
  await rig.until('the all-call relay is open again', 5000, () => rig.relay.coils()[coils.allCall] === false)
  expect(switched(coils.allCall).map((record) => record.detail['on'])).toEqual([true, false])
})

test('a zone counts as up only after its amplifier has warmed up', async () => {
  const warmUpMs = 3000
  await open({ zoneWarmUpMs: warmUpMs })
  const cart = await rig.importTone('programme', 30)
  await rig.schedule('programme', cart.cartId, { kind: 'hard', atMs: Date.now() + 1000 })
  await rig.until('the relay closes', 10_000, () => switched(coils.zone1).length > 0)
  await rig.until('the zone is up', 10_000, async () => (await rig.output('wired')).carriers.every((carrier) => carrier.state === 'up'))
  // The board's clock is ours; the station may only have seen it later, never sooner.
  expect(Date.now() - (switched(coils.zone1)[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(warmUpMs - 50)
})

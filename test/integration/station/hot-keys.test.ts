// Hot keys pressed on a panel while no window is anywhere: heard, and in the logbook like everything else, also
// when the audio process dies under them. The panel is the far end of a real socket.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  simulatedStreamDeckProductId,
  startStreamDeckSimulator,
  type StreamDeckSimulator,
} from '../../../hardware/surfaces/streamdeck/simulator.ts'
import { systemClock } from '../../../shared/domain/clock.ts'
import { rateHz, rmsDb } from '../../support/signals.ts'
import { StationRig } from '../../support/station-rig.ts'

const jingleKey = 3
const micKey = 4
let panel: StreamDeckSimulator
let rig: StationRig

beforeAll(async () => {
  panel = await startStreamDeckSimulator(systemClock)
  const options = {
    productId: simulatedStreamDeckProductId,
    actions: [
      { key: jingleKey, action: 'hotKey1' },
      { key: micKey, action: 'microphone' },
    ],
  }
  const device = { id: 'keys', driver: 'streamdeck', label: 'Phím nóng', transport: panel.address, options }
  rig = await StationRig.open({ config: { devices: [device] }, microphone: true })
  const jingle = await rig.importTone('Nhạc hiệu', 2, 1300, 'jingle')
  await rig.station.api('POST', '/onair/hot-keys/1', { cartId: jingle.cartId, loop: true })
}, 60_000)
afterAll(async () => {
  await (rig as StationRig | undefined)?.close()
  await panel.close()
}, 60_000)

const press = (key: number) => {
  panel.press(key)
  panel.release(key)
}
/** Without the note that a busy disk adds. */
const keyRows = async () => (await rig.rows()).filter((row) => row.kind === 'hotkey' && row.outputId === 'fm' && row.phase !== 'note')
const playing = async () => (await rig.output('fm')).hotKeysPlaying.length > 0

test('a key is heard, and its row says who pressed it', async () => {
  await rig.until('the panel shows the key', 10_000, () => panel.imageCount(jingleKey) > 0)
  const ears = await rig.listen('fm')
  await ears.hear(rateHz / 2)
  expect(rmsDb(ears.samples())).toBeLessThan(-90)
  press(jingleKey)
  await rig.until('it plays', 5000, playing)
  await ears.hear(rateHz)
  expect(rmsDb(ears.samples(ears.frames - rateHz / 2))).toBeGreaterThan(-40)
  await rig.until('its row', 5000, async () => (await keyRows()).length === 1)
  expect((await keyRows())[0]).toMatchObject({ phase: 'open', actor: 'surface', subject: 'Nhạc hiệu', sent: { slot: 1, via: 'surface' } })
})

test('the audio process dies under it: its row is closed, and the next press has a row of its own', async () => {
  process.kill(await rig.station.audioPid(), 'SIGKILL')
  await rig.until('the row is closed', 10_000, async () => (await keyRows()).some((row) => row.phase === 'close'))
  expect((await keyRows()).find((row) => row.phase === 'close')?.measured).toMatchObject({ reason: 'audioDied' })
  await rig.until('there is sound again', 10_000, async () => (await rig.output('fm')).audio.state === 'running')
  press(jingleKey)
  await rig.until('it plays', 5000, playing)
  await rig.until('its row', 5000, async () => (await keyRows()).filter((row) => row.phase === 'open').length === 2)
  await rig.station.api('POST', '/onair/hot-keys/1/stop', {})
  await rig.until('its end', 5000, async () => (await keyRows()).filter((row) => row.phase === 'close').length === 2)
})

test('one key opens the microphone and closes it', async () => {
  press(micKey)
  await rig.until('it is open', 5000, async () => (await rig.output('fm')).openInputs.length === 1)
  press(micKey)
  await rig.until('it is closed', 5000, async () => (await rig.output('fm')).openInputs.length === 0)
  await rig.until('its two rows', 5000, async () => {
    const rows = (await rig.rows()).filter((row) => row.kind === 'input.live' && row.outputId === 'fm' && row.phase !== 'note')
    return rows.map((row) => row.phase).join() === 'open,close'
  })
})

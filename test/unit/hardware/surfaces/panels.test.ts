// Key panels at the far end of a real socket (HID bridge): press and release, lamps and words, and what happens when the
// cable is pulled in the middle of a hold. Assertions about lamps are made on what the panel shows by its own reading.
import { execFileSync } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import type { Driver, DriverEntry } from '../../../../hardware/contract/driver.ts'
import type { SurfaceDesired, SurfaceEvent } from '../../../../hardware/contract/kinds.ts'
import { hidEmergencyKey } from '../../../../hardware/surfaces/hid-emergency-key/driver.ts'
import { simulatedKeyOptions, startEmergencyKeySimulator } from '../../../../hardware/surfaces/hid-emergency-key/simulator.ts'
import type { SurfaceCommand } from '../../../../hardware/surfaces/panel-state.ts'
import { streamDeck } from '../../../../hardware/surfaces/streamdeck/driver.ts'
import { simulatedStreamDeckProductId, startStreamDeckSimulator } from '../../../../hardware/surfaces/streamdeck/simulator.ts'
import { xkeys } from '../../../../hardware/surfaces/xkeys/driver.ts'
import { simulatedXkeysProductId, startXkeysSimulator } from '../../../../hardware/surfaces/xkeys/simulator.ts'
import { systemClock } from '../../../../shared/domain/clock.ts'
import type { SurfaceObserved } from '../../../../shared/domain/device.ts'
import { recordedContext } from '../../../support/driver-context.ts'
import { until } from '../../../support/until.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
const signal = new AbortController().signal

async function connect<Config>(
  entry: DriverEntry<Config, SurfaceDesired, SurfaceObserved, SurfaceCommand, SurfaceEvent>,
  panel: { readonly address: string; close(): Promise<void> },
  options: Record<string, unknown>,
) {
  const context = recordedContext<SurfaceObserved, SurfaceEvent>(panel.address)
  const driver: Driver<SurfaceDesired, SurfaceObserved, SurfaceCommand> = entry.create(context, entry.configSchema.parse(options))
  closing.push(
    () => driver.close(),
    () => panel.close(),
  )
  driver.open()
  await until('the panel is online', () => driver.status.state === 'online' && driver.observed !== null)
  const keys = () => context.events.map((event) => `${event.kind} ${event.key}`)
  const show = async (lamps: SurfaceDesired['keys']) => {
    for (const { command } of driver.plan(driver.observed, { keys: lamps, causeId: 'test' })) await driver.send(command, signal)
  }
  return { context, driver, keys, show }
}

const startKey = () => startEmergencyKeySimulator(systemClock)

test('emergency key: press and release with monotonic times, so that a hold can be judged', async () => {
  const panel = await startKey()
  const { context, keys, driver } = await connect(hidEmergencyKey, panel, simulatedKeyOptions)
  panel.press(0)
  await until('pressed', () => context.events.length === 1)
  expect(driver.observed?.pressed).toEqual([0])
  const from = performance.now()
  panel.press(1)
  panel.release(0)
  panel.release(1)
  await until('released', () => context.events.length === 4)
  expect(keys()).toEqual(['pressed 0', 'pressed 1', 'released 0', 'released 1'])
  expect(context.events[1]?.atMonotonicMs).toBeGreaterThanOrEqual(from)
  expect(driver.observed?.pressed).toEqual([])
})

test('emergency key: the lamp and the word that the box shows', async () => {
  const panel = await startKey()
  const { driver, show } = await connect(hidEmergencyKey, panel, simulatedKeyOptions)
  const wish: SurfaceDesired['keys'] = [
    { key: 0, text: 'Phát khẩn cấp', colour: 'red', flash: false },
    { key: 1, text: 'NGẮT', colour: 'white', flash: false },
  ]
  await show(wish)
  await until('shown', () => panel.shown().lamps[1] === 'white')
  expect(panel.shown()).toEqual({ lamps: ['red', 'white'], word: 'PHAT KHAN CAP' })
  expect(driver.plan(driver.observed, { keys: wish, causeId: 'again' })).toEqual([])
})

test('emergency key: a flashing lamp goes dark and lit, slower than 3 a second, and the word stays', async () => {
  const panel = await startKey()
  const { show } = await connect(hidEmergencyKey, panel, simulatedKeyOptions)
  const from = performance.now()
  await show([{ key: 0, text: 'SẴN SÀNG', colour: 'amber', flash: true }])
  await until('lit', () => panel.shown().lamps[0] === 'amber')
  await until('dark', () => panel.shown().lamps[0] === 'off')
  expect(panel.shown().word).toBe('SAN SANG')
  await until('lit again', () => panel.shown().lamps[0] === 'amber')
  expect(performance.now() - from).toBeGreaterThan(900)
})

test('pulling the cable in the middle of a hold releases the key, and a re-plug is found within 2 s with the lamps to be sent again', async () => {
  const panel = await startKey()
  const { context, driver, keys, show } = await connect(hidEmergencyKey, panel, simulatedKeyOptions)
  const wish: SurfaceDesired['keys'] = [{ key: 0, text: 'A', colour: 'green', flash: false }]
  await show(wish)
  panel.press(0)
  await until('pressed', () => context.events.length === 1)
  panel.unplug()
  await until('released by the loss', () => context.events.length === 2)
  expect(keys()).toEqual(['pressed 0', 'released 0'])
  await until('lost', () => driver.status.state === 'lost')
  expect(driver.observed).toBeNull()
  await expect(driver.send({ kind: 'setKey', key: 0, text: '', colour: 'off', flash: false }, signal)).rejects.toMatchObject({
    code: 'lost',
  })
  const from = performance.now()
  panel.plug()
  await until('online again', () => driver.status.state === 'online' && driver.observed !== null)
  expect(performance.now() - from).toBeLessThan(2000)
  expect(driver.plan(driver.observed, { keys: wish, causeId: 'again' })).toHaveLength(1)
})

test('a hung panel is lost, and a garbling bridge never becomes a key press', async () => {
  const panel = await startKey()
  const { context, driver } = await connect(hidEmergencyKey, panel, simulatedKeyOptions)
  panel.garble()
  await until('degraded', () => driver.status.state === 'degraded')
  panel.silent = true
  await until('lost', () => driver.status.state === 'lost')
  panel.silent = false
  await until('online again', () => driver.status.state === 'online')
  expect(context.events).toEqual([])
})

test('close while an order waits cancels it', async () => {
  const panel = await startKey()
  const { driver } = await connect(hidEmergencyKey, panel, simulatedKeyOptions)
  await driver.close()
  const order = driver.send({ kind: 'setKey', key: 0, text: '', colour: 'off', flash: false }, signal)
  await expect(order).rejects.toMatchObject({ code: 'cancelled' })
})

/** Decodes a received key image with ffmpeg, which knows nothing of our encoder, and counts its pixels of ink. */
function look(image: Buffer | null, isInk: (red: number, green: number, blue: number) => boolean) {
  const decode = ['-v', 'error', '-f', 'mjpeg', '-i', 'pipe:0', '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1']
  const pixels = execFileSync('ffmpeg', decode, { input: image ?? Buffer.alloc(0) })
  let ink = 0
  for (let at = 0; at < pixels.length; at += 3) if (isInk(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0)) ink += 1
  return { pixels: pixels.length / 3, ink, corner: [...pixels.subarray(0, 3)] }
}

test('Stream Deck: keys go down and up, and a key shows its word on its colour', async () => {
  const panel = await startStreamDeckSimulator(systemClock)
  const { context, driver, keys, show } = await connect(streamDeck, panel, { productId: simulatedStreamDeckProductId, brightness: 60 })
  expect(driver.observed?.keyCount).toBe(15)
  await until('brightness set', () => panel.brightness() === 60)
  panel.press(0)
  panel.press(14)
  panel.release(0)
  await until('three events', () => context.events.length === 3)
  expect(keys()).toEqual(['pressed 0', 'pressed 14', 'released 0'])

  await show([
    { key: 0, text: 'Ngắt tiếng', colour: 'red', flash: false },
    { key: 1, text: '', colour: 'red', flash: false },
  ])
  await until('both images whole', () => panel.imageOf(1) !== null)
  const white = (red: number, green: number, blue: number) => red > 180 && green > 180 && blue > 180
  const worded = look(panel.imageOf(0), white)
  const blank = look(panel.imageOf(1), white)
  expect(worded.pixels).toBe(72 * 72)
  expect(worded.ink).toBeGreaterThan(200)
  expect(blank.ink).toBe(0)
  expect(blank.corner[0]).toBeGreaterThan(150)
  expect(blank.corner[1]).toBeLessThan(60)
})

test('Stream Deck: a hung panel is lost although its socket is open', async () => {
  const panel = await startStreamDeckSimulator(systemClock)
  const { driver } = await connect(streamDeck, panel, { productId: simulatedStreamDeckProductId })
  panel.silent = true
  await until('lost', () => driver.status.state === 'lost')
})

test('X-keys: keys go down and up; red lights only for red and amber, because there is no green', async () => {
  const panel = await startXkeysSimulator(systemClock)
  const { context, driver, keys, show } = await connect(xkeys, panel, { productId: simulatedXkeysProductId })
  expect(driver.observed?.keyCount).toBe(24)
  panel.press(1)
  panel.press(8)
  panel.release(1)
  await until('three events', () => context.events.length === 3)
  expect(keys()).toEqual(['pressed 1', 'pressed 8', 'released 1'])
  await show([
    { key: 1, text: 'STOP', colour: 'red', flash: true },
    { key: 8, text: 'MIC', colour: 'green', flash: false },
  ])
  await until('lamps', () => panel.ledsOf(8).blue === 1)
  expect(panel.ledsOf(1)).toEqual({ blue: 0, red: 2 })
  expect(panel.ledsOf(8)).toEqual({ blue: 1, red: 0 })
})

test('X-keys: a key held or stuck while the panel is plugged in presses nothing until it was up', async () => {
  const panel = await startXkeysSimulator(systemClock)
  panel.press(3)
  const { context, keys } = await connect(xkeys, panel, { productId: simulatedXkeysProductId })
  panel.press(4)
  await until('the other key', () => context.events.length === 1)
  panel.release(3)
  panel.press(3)
  await until('now it counts', () => context.events.length === 2)
  expect(keys()).toEqual(['pressed 4', 'pressed 3'])
})

test('an unknown model is refused by name', () => {
  const context = recordedContext<SurfaceObserved, SurfaceEvent>('tcp://127.0.0.1:9')
  expect(() => streamDeck.create(context, streamDeck.configSchema.parse({ productId: 1 }))).toThrow(/no Stream Deck with product id 1/)
  expect(() => xkeys.create(context, xkeys.configSchema.parse({}))).toThrow(/no X-keys with product id missing/)
})

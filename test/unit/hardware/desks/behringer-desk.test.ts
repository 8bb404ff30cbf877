// The desk driver against simulated desks on real UDP sockets, in real time. Every assertion about what was done is made on
// the desk's own record.
import { afterEach, expect, test } from 'vitest'
import type { Driver } from '../../../../hardware/contract/driver.ts'
import type { DeskDesired, DeskEvent } from '../../../../hardware/contract/kinds.ts'
import { behringerX32 } from '../../../../hardware/desks/behringer-x32/driver.ts'
import { type DeskSimulator, startX32Simulator } from '../../../../hardware/desks/behringer-x32/simulator.ts'
import { behringerXair } from '../../../../hardware/desks/behringer-xair/driver.ts'
import { startXairSimulator } from '../../../../hardware/desks/behringer-xair/simulator.ts'
import type { DeskCommand } from '../../../../hardware/desks/desk-plan.ts'
import { systemClock } from '../../../../shared/domain/clock.ts'
import { deskAfterCutIn, deskForCutIn, DeskRoles } from '../../../../shared/domain/desk-roles.ts'
import type { DeskObserved } from '../../../../shared/domain/device.ts'
import { type RecordedContext, recordedContext } from '../../../support/driver-context.ts'
import { until } from '../../../support/until.ts'
import { VirtualClock } from '../../../support/virtual-clock.ts'

const roles = { programmeChannels: ['ch/09'], micChannels: ['ch/01', 'ch/02'], otherChannels: ['ch/05'] }
const models = [
  { name: 'X32', entry: behringerX32, start: startX32Simulator, main: '/main/st/mix' },
  { name: 'X-Air', entry: behringerXair, start: startXairSimulator, main: '/lr/mix' },
] as const

interface Rig {
  readonly desk: DeskSimulator
  readonly driver: Driver<DeskDesired, DeskObserved, DeskCommand>
  readonly context: RecordedContext<DeskObserved, DeskEvent>
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function rig(model: (typeof models)[number], options: Record<string, unknown> = roles): Promise<Rig> {
  const desk = await model.start(systemClock)
  const rigged = await connect(model, desk, options)
  closing.push(() => desk.close())
  return rigged
}

async function connect(model: (typeof models)[number], desk: DeskSimulator, options: Record<string, unknown> = roles): Promise<Rig> {
  const context = recordedContext<DeskObserved, DeskEvent>(desk.address)
  const driver = model.entry.create(context, model.entry.configSchema.parse(options))
  driver.open()
  closing.unshift(() => driver.close())
  await until('the desk is online and read', () => driver.status.state === 'online' && driver.observed !== null)
  return { desk, driver, context }
}

const signal = new AbortController().signal
const setsOf = (desk: DeskSimulator) =>
  desk.record.filter((row) => row.what === 'set').map((row) => `${row.detail.address} ${row.detail.value}`)
const strip = (observed: DeskObserved | null, channel: string) => observed?.channels.find((candidate) => candidate.channel === channel)

test.each(models)('$name: reads every channel at the start and sets nothing', async (model) => {
  const { desk, driver } = await rig(model)
  expect(driver.observed?.channels.map((channel) => channel.channel).sort()).toEqual(['ch/01', 'ch/02', 'ch/05', 'ch/09', 'main'])
  expect(setsOf(desk)).toEqual([])
  expect(desk.clientCount()).toBe(1)
})

test.each(models)('$name: a set is confirmed by the desk, within a step, and is no hand move', async (model) => {
  const { desk, driver, context } = await rig(model)
  const ack = await driver.send({ kind: 'setFader', channel: 'main', faderDb: -10 }, signal)
  await driver.send({ kind: 'setMute', channel: 'main', muted: false }, signal)
  expect(ack.answeredAtMs - ack.sentAtMs).toBeLessThan(1000)
  expect(setsOf(desk)).toEqual([`${model.main}/fader ${512 / 1023}`, `${model.main}/on 1`])
  expect(strip(driver.observed, 'main')?.faderDb).toBeCloseTo(-10, 1)
  // A word of the desk after the sets: what an echo would have told has been told by then.
  desk.moveByHand('ch/05', { on: true })
  await until('the hand move arrives', () => context.events.length > 0)
  expect(context.events.map((event) => event.channel)).toEqual(['ch/05'])
})

test.each(models)('$name: a hand on the desk is told and shown', async (model) => {
  const { desk, driver, context } = await rig(model)
  desk.moveByHand('ch/01', { fader: 0.75, on: true })
  await until('two events', () => context.events.length === 2)
  expect(context.events[1]).toEqual({ kind: 'handMoved', channel: 'ch/01', faderDb: expect.closeTo(0, 1), muted: false })
  expect(strip(driver.observed, 'ch/01')).toMatchObject({ muted: false })
})

test.each(models)('$name: cut-in takes the desk, and after it an open microphone is muted (U9)', async (model) => {
  const { desk, driver } = await rig(model)
  const parsed = DeskRoles.parse(roles)
  desk.moveByHand('ch/01', { fader: 0.75, on: true })
  desk.moveByHand('ch/05', { fader: 0.5, on: true })
  await until(
    'hand moves shown',
    () => strip(driver.observed, 'ch/05')?.muted === false && strip(driver.observed, 'ch/01')?.muted === false,
  )
  const before = driver.observed
  const carryOut = async (channels: DeskDesired['channels'], causeId: string) => {
    for (const { command } of driver.plan(driver.observed, { channels, causeId })) await driver.send(command, signal)
  }
  await carryOut(deskForCutIn(before, parsed), 'cut-in')
  expect([desk.strip('ch/01').on, desk.strip('ch/05').on, desk.strip('ch/09').on, desk.strip('main').on]).toEqual([
    false,
    false,
    true,
    true,
  ])
  await carryOut(deskAfterCutIn(before, parsed), 'after')
  expect(desk.strip('ch/01').on, 'the microphone stays muted').toBe(false)
  expect(desk.strip('ch/05')).toMatchObject({ on: true, fader: expect.closeTo(0.5, 2) })
  expect(desk.strip('ch/09').on).toBe(false)
  expect(driver.plan(driver.observed, { channels: deskAfterCutIn(before, parsed), causeId: 'again' })).toEqual([])
})

test('lost datagrams either way: the set is sent again until it is read back', async () => {
  const { desk, driver } = await rig(models[0])
  desk.faults.loseIncoming = 3
  await driver.send({ kind: 'setMute', channel: 'ch/09', muted: false }, signal)
  expect(desk.strip('ch/09').on).toBe(true)
  desk.faults.loseOutgoing = 3
  await driver.send({ kind: 'setFader', channel: 'ch/09', faderDb: -20 }, signal)
  expect(desk.strip('ch/09').fader).toBeCloseTo(0.375, 2)
})

test('two orders for one key go one after the other: the last one stands, and neither is sent again over it', async () => {
  const { desk, driver } = await rig(models[0])
  await Promise.all([false, true].map((muted) => driver.send({ kind: 'setMute', channel: 'ch/09', muted }, signal)))
  expect(setsOf(desk)).toEqual(['/ch/09/mix/on 1', '/ch/09/mix/on 0'])
  expect(desk.strip('ch/09').on).toBe(false)
})

test('H5 (desk): sets that are acknowledged by nothing are refused as nak, and the desk needs hands until it reads right', async () => {
  const { desk, driver, context } = await rig(models[0])
  desk.faults.ignoreSets = true
  await expect(driver.send({ kind: 'setMute', channel: 'ch/09', muted: false }, signal)).rejects.toMatchObject({ code: 'nak' })
  expect(driver.status.state).toBe('faulted')
  expect(strip(driver.observed, 'ch/09')?.muted, 'never shown as done').toBe(true)
  desk.faults.ignoreSets = false
  await driver.send({ kind: 'setMute', channel: 'ch/09', muted: false }, signal)
  expect(driver.status.state).toBe('online')
  expect(context.events).toEqual([])
})

test('a late desk is still confirmed, a garbling one is degraded and comes back', async () => {
  const { desk, driver, context } = await rig(models[0])
  desk.faults.lateMs = 300
  await driver.send({ kind: 'setMute', channel: 'ch/09', muted: false }, signal)
  expect(desk.strip('ch/09').on).toBe(true)
  desk.faults.lateMs = 0
  desk.faults.garbleOutgoing = 3
  await until('degraded', () => context.statuses.some((status) => status.state === 'degraded'))
  await until('online again', () => driver.status.state === 'online')
})

test('a silent desk is lost (H1 has the figure), unknown while lost, and found again on its own', async () => {
  const { desk, driver, context } = await rig(models[0])
  const silentFrom = performance.now()
  desk.faults.silent = true
  const order = driver.send({ kind: 'setMute', channel: 'ch/09', muted: false }, signal)
  await expect(order).rejects.toMatchObject({ code: expect.stringMatching(/timeout|lost/) })
  await until('lost', () => driver.status.state === 'lost')
  expect(performance.now() - silentFrom).toBeLessThan(4000)
  expect(driver.observed).toBeNull()
  desk.faults.silent = false
  const backFrom = performance.now()
  await until('online again', () => driver.status.state === 'online' && driver.observed !== null)
  expect(performance.now() - backFrom).toBeLessThan(6000)
  expect(context.events, 'what is read after a gap is nobody’s move').toEqual([])
})

test('the fifth client of an X32 is not told changes: they are found by reading, and it is said', async () => {
  const desk = await startX32Simulator(systemClock)
  closing.push(() => desk.close())
  for (let client = 0; client < 4; client++) await connect(models[0], desk)
  const fifth = await connect(models[0], desk, { micChannels: ['ch/01'], main: null })
  await until('refused in silence', () => desk.record.some((row) => row.what === 'clientRefusedSilently'))
  for (const fader of [0.5, 0.75]) {
    const heard = fifth.context.events.length
    desk.moveByHand('ch/01', { fader })
    await until('found by reading', () => fifth.context.events.length > heard)
  }
  await until('said', () => fifth.context.statuses.some((status) => status.state === 'degraded' && status.reason.includes('more clients')))
})

test('meters arrive as levels, at most every 100 ms', async () => {
  for (const model of models) {
    const { desk, driver, context } = await rig(model)
    desk.setLevel('ch/01', -18)
    await until('a level', () => Math.abs((driver.observed?.levelsDb['ch/01'] ?? 0) + 18) < 0.1)
    const from = context.observations.length
    const start = performance.now()
    await until('ten more', () => context.observations.length >= from + 10)
    expect(performance.now() - start).toBeGreaterThan(850)
  }
})

test.each(models)('$name: a meter that stops is no level: what was heard a while ago proves nothing', async (model) => {
  const { desk, driver } = await rig(model)
  desk.setLevel('ch/09', -18)
  await until('a level', () => Math.abs((driver.observed?.levelsDb['ch/09'] ?? 0) + 18) < 0.1)
  desk.faults.noMeters = true
  await until('no level', () => driver.observed !== null && driver.observed.levelsDb['ch/09'] === undefined, 3000)
  expect(driver.status.state, 'the desk itself is there').toBe('online')
  desk.faults.noMeters = false
  await until('a level again', () => driver.observed?.levelsDb['ch/09'] !== undefined)
})

test('an abort ends an order, close ends what is in flight and leaves nothing', async () => {
  const { desk, driver } = await rig(models[0])
  desk.faults.silent = true
  const abort = new AbortController()
  const given = driver.send({ kind: 'setMute', channel: 'ch/09', muted: false }, abort.signal)
  abort.abort()
  await expect(given).rejects.toMatchObject({ code: 'cancelled' })
  const inFlight = driver.send({ kind: 'setMute', channel: 'ch/09', muted: false }, signal)
  const outcome = expect(inFlight).rejects.toMatchObject({ code: 'cancelled' })
  await driver.close()
  await driver.close()
  await outcome
  await expect(driver.send({ kind: 'setMute', channel: 'ch/09', muted: false }, signal)).rejects.toMatchObject({ code: 'cancelled' })
  await expect(driver.send({ kind: 'setMute', channel: 'ch/31', muted: false }, signal)).rejects.toMatchObject({ code: 'out-of-range' })
})

test('a channel the desk does not have is refused in the options, by name', () => {
  expect(() => behringerXair.configSchema.parse({ micChannels: ['ch/17'] })).toThrow(/X-Air has no channel ch\/17/)
  expect(() => behringerX32.configSchema.parse({ microphones: ['ch/01'] })).toThrow(/microphones/)
})

test.each(models)(
  '$name: a minute passes with one renewal in three lost: the desk never drops us, levels go on, and a hand move arrives',
  async (model) => {
    const clock = new VirtualClock()
    const desk = await model.start(clock)
    closing.push(() => desk.close())
    const context = recordedContext<DeskObserved, DeskEvent>(desk.address, clock)
    const driver = model.entry.create(context, model.entry.configSchema.parse(roles))
    driver.open()
    closing.unshift(() => driver.close())
    desk.setLevel('ch/01', -20)
    await clock.advance(2000)
    for (let second = 0; second < 60; second++) {
      if (second % 12 === 0) desk.faults.loseRenewals = 1
      await clock.advance(1000)
      expect(driver.observed?.levelsDb['ch/01'], `after ${second} s`).toBeCloseTo(-20, 1)
      expect(desk.clientCount()).toBe(1)
    }
    expect(desk.faults.loseRenewals, 'the losses happened').toBe(0)
    expect(desk.record.filter((row) => row.what === 'client')).toHaveLength(1)
    expect(context.statuses.map((status) => status.state)).toEqual(['online'])
    desk.moveByHand('ch/01', { fader: 0.5 })
    await until('told at once, without time passing', () => context.events.length === 1)
    await driver.close()
    await desk.close()
    expect(clock.pendingTimers).toBe(0)
  },
)

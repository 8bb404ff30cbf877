// The soft desk keeps the same contract with no wire: what it observes is what was set, and it says what it is.
import { expect, test } from 'vitest'
import type { DeskEvent } from '../../../../hardware/contract/kinds.ts'
import { noWire, SoftDesk, softDesk } from '../../../../hardware/desks/soft-desk/driver.ts'
import { SoftDeskConfig } from '../../../../hardware/desks/soft-desk/protocol.ts'
import { deskAfterCutIn, deskForCutIn } from '../../../../shared/domain/desk-roles.ts'
import type { DeskObserved } from '../../../../shared/domain/device.ts'
import { recordedContext } from '../../../support/driver-context.ts'
import { VirtualClock } from '../../../support/virtual-clock.ts'

const signal = new AbortController().signal

function open() {
  const clock = new VirtualClock()
  const context = recordedContext<DeskObserved, DeskEvent>(noWire, clock)
  const config = SoftDeskConfig.parse({})
  const desk = new SoftDesk(context, config)
  desk.open()
  return { clock, context, config, desk }
}

test('starts online with microphones closed, and says that it is soft', () => {
  const { desk, clock } = open()
  expect(desk.status.state).toBe('online')
  expect(desk.observed?.channels.map(({ channel, muted }) => `${channel} ${muted ? 'muted' : 'open'}`)).toEqual([
    'programme open',
    'mic muted',
    'other muted',
    'main open',
  ])
  expect(softDesk.label).toContain('không có bàn trộn thật')
  expect(softDesk.capabilities.meters).toBe(false)
  expect(clock.pendingTimers).toBe(0)
})

test('U9: cut-in and restore through plan and send; the microphone comes back muted', async () => {
  const { desk, config, context } = open()
  desk.moveByHand('mic', { muted: false, faderDb: -3 })
  const before = desk.observed
  const carryOut = async (channels: ReturnType<typeof deskForCutIn>) => {
    for (const { command } of desk.plan(desk.observed, { channels, causeId: 'test' })) await desk.send(command, signal)
  }
  await carryOut(deskForCutIn(before, config))
  expect(desk.observed?.channels.find((channel) => channel.channel === 'mic')?.muted).toBe(true)
  await carryOut(deskAfterCutIn(before, config))
  expect(desk.observed?.channels.find((channel) => channel.channel === 'mic')).toMatchObject({ muted: true, faderDb: -3 })
  expect(context.events, 'only the hand is told as a hand').toEqual([{ kind: 'handMoved', channel: 'mic', faderDb: -3, muted: false }])
})

test('refuses a channel it does not have, and orders while closed', async () => {
  const { desk } = open()
  await expect(desk.send({ kind: 'setMute', channel: 'ch/01', muted: true }, signal)).rejects.toMatchObject({ code: 'out-of-range' })
  await desk.close()
  await expect(desk.send({ kind: 'setMute', channel: 'mic', muted: true }, signal)).rejects.toMatchObject({ code: 'lost' })
  expect(desk.observed).toBeNull()
})

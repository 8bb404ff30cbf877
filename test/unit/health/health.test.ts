import { describe, expect, test } from 'vitest'
import { type EpochMs, epochMs, type MonotonicMs } from '../../../shared/domain/time.ts'
import { AlarmsService } from '../../../station/health/alarms-service.ts'
import { clockTrust, wallJump, watchClock } from '../../../station/health/clock-watch.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const november = epochMs(Date.UTC(2026, 10, 21))

describe('the clock', () => {
  test('is not trusted before 2025 or far behind the logbook', () => {
    expect(clockTrust(epochMs(0), null)).toMatchObject({ trusted: false })
    expect(clockTrust(november, epochMs(november + 3_600_000))).toMatchObject({ trusted: false })
    expect(clockTrust(november, epochMs(november - 3_600_000))).toEqual({ trusted: true, reason: null })
  })

  test('T1: a jump is measured against monotonic time; a slow drift is not one', () => {
    const reading = (wall: number, monotonic: number) => ({ wallMs: wall as EpochMs, monotonicMs: monotonic as MonotonicMs })
    expect(wallJump(reading(0, 0), reading(3_600_500, 500))).toBe(3_600_000)
    expect(wallJump(reading(0, 0), reading(-2_999_500, 500))).toBe(-3_000_000)
    expect(wallJump(reading(0, 0), reading(1500, 500))).toBe(0)
  })

  test('T1: each jump is reported once', async () => {
    const clock = new VirtualClock()
    const jumps: number[] = []
    const watch = watchClock(clock, (byMs) => jumps.push(byMs))
    await clock.advance(5000)
    clock.jumpWall(3_600_000)
    await clock.advance(5000)
    watch.cancel()
    expect(jumps).toEqual([3_600_000])
  })
})

function heardAlarms() {
  const heard: string[] = []
  const note = (what: string) => (alarm: { code: string }) => void heard.push(`${what} ${alarm.code}`)
  const alarms = new AlarmsService(new VirtualClock(), {
    onChanged: () => undefined,
    onRaised: note('raised'),
    onCleared: note('cleared'),
    onAcknowledged: note('seen'),
  })
  return { alarms, heard }
}

test('an alarm stands once per cause, is seen once, and goes with its cause', () => {
  const { alarms, heard } = heardAlarms()
  alarms.raise('DEVICE_LOST', 'tx', { device: 'TX' })
  alarms.raise('DEVICE_LOST', 'tx', { device: 'TX' })
  alarms.raise('PROGRAMME_SILENT', 'fm', { output: 'FM' })
  expect(alarms.views().map((alarm) => alarm.code)).toEqual(['PROGRAMME_SILENT', 'DEVICE_LOST'])
  expect(alarms.acknowledge('PROGRAMME_SILENT:fm', 'operator')).toBe(true)
  expect(alarms.acknowledge('PROGRAMME_SILENT:fm', 'operator')).toBe(true)
  expect(alarms.views().map((alarm) => alarm.code)).toEqual(['DEVICE_LOST', 'PROGRAMME_SILENT'])
  alarms.clear('DEVICE_LOST', 'tx')
  alarms.clear('DEVICE_LOST', 'tx')
  expect(alarms.acknowledge('DEVICE_LOST:tx', 'operator')).toBe(false)
  expect(heard).toEqual(['raised DEVICE_LOST', 'raised PROGRAMME_SILENT', 'seen PROGRAMME_SILENT', 'cleared DEVICE_LOST'])
})

test('an alarm that is raised again in other words says the new ones, as seen as it was, and is told once', () => {
  const { alarms, heard } = heardAlarms()
  alarms.raise('NEXT_UNPLAYABLE', 'item', { title: 'Bản tin', reason: 'changed' })
  alarms.acknowledge('NEXT_UNPLAYABLE:item', 'operator')
  alarms.raise('NEXT_UNPLAYABLE', 'item', { title: 'Bản tin', reason: 'empty' })
  expect(alarms.views().map(({ params, acknowledgedAtMs }) => [params, acknowledgedAtMs !== null])).toEqual([
    [{ title: 'Bản tin', reason: 'empty' }, true],
  ])
  expect(heard).toEqual(['raised NEXT_UNPLAYABLE', 'seen NEXT_UNPLAYABLE'])
})

test('an alarm of what is past goes when it is seen, and comes again with the next', () => {
  const { alarms, heard } = heardAlarms()
  alarms.raise('ITEM_FAILED', 'fm', { reason: 'torn' })
  expect(alarms.acknowledge('ITEM_FAILED:fm', 'operator')).toBe(true)
  expect(alarms.views()).toEqual([])
  alarms.raise('ITEM_FAILED', 'fm', { reason: 'torn again' })
  expect(heard).toEqual(['raised ITEM_FAILED', 'seen ITEM_FAILED', 'cleared ITEM_FAILED', 'raised ITEM_FAILED'])
})

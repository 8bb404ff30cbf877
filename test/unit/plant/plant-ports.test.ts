// What the plant tells becomes alarms and rows: a lapse that is over is told anew when it comes again.
import { expect, test } from 'vitest'
import { AlarmsService } from '../../../station/health/index.ts'
import { plantPorts } from '../../../station/house/plant-ports.ts'
import { fm } from '../../support/plant-rig.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

test('a lapse is an alarm until it is over, and a later one is an alarm again; a test that ended is a row', () => {
  const clock = new VirtualClock()
  const raised: string[] = []
  const rows: unknown[] = []
  const quiet = () => undefined
  const alarms = new AlarmsService(clock, {
    onChanged: quiet,
    onRaised: ({ alarmId }) => void raised.push(alarmId),
    onCleared: quiet,
    onAcknowledged: quiet,
  })
  const config = { outputs: [{ id: fm, name: 'FM' }] }
  const ports = plantPorts({ clock, config, outputIds: [fm], alarms, rows: { note: (row: unknown) => void rows.push(row) } } as never)
  ports.onLapsed(fm)
  ports.onLapseOver(fm)
  expect(alarms.views()).toEqual([])
  ports.onLapsed(fm)
  expect(raised).toEqual(['LEASE_LAPSED:fm', 'LEASE_LAPSED:fm'])
  ports.onTestOver('tx' as never)
  expect(rows.at(-1)).toMatchObject({ kind: 'device.lease', subject: 'test over', sent: { device: 'tx' } })
})

test('a row never says confirmed of an order whose effect was not seen', () => {
  const rows: { measured: unknown }[] = []
  const ports = plantPorts({ config: { outputs: [] }, outputIds: [], rows: { note: (row: never) => void rows.push(row) } } as never)
  const order = { reason: 'is off, wished on', causeId: 'item-1', sentAtMs: 0 as never }
  ports.onOrder('tx' as never, 'confirmed', order, { tookMs: 800 })
  ports.onOrder('tx' as never, 'superseded', order, { afterMs: 7_200_000 })
  ports.onOrder('tx' as never, 'sent', order, {})
  ports.onOrder('relay' as never, 'superseded', { ...order, reason: 'lease renewed' }, {})
  expect(rows.map(({ measured }) => measured)).toEqual([
    { confirmed: true, tookMs: 800 },
    { confirmed: false, superseded: true, afterMs: 7_200_000 },
  ])
})

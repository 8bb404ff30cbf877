// The registry walks: every id has its entry, and a wrong configuration names its field, its value and what to write.
import { describe, expect, test } from 'vitest'
import { createDriver, driverIds, registry } from '../../../hardware/registry.ts'
import { createWireHub } from '../../../hardware/transport/wire-hub.ts'
import { DeviceConfig } from '../../../shared/config.ts'
import { OperatorError } from '../../../shared/domain/errors.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined }
const sink = { onStatus: () => undefined, onObserved: () => undefined, onDeskEvent: () => undefined, onSurfaceEvent: () => undefined }

function makerOfDrivers() {
  const clock = new VirtualClock()
  const deps = { clock, log: silentLog, wires: createWireHub(clock), sink }
  return (config: Record<string, unknown>) =>
    createDriver(DeviceConfig.parse({ id: 'one', transport: 'tcp://127.0.0.1:4001', ...config }), deps)
}

function refusal(make: () => unknown): OperatorError['detail'] {
  try {
    make()
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'CONFIG_INVALID') return error.detail
    throw error
  }
  throw new Error('nothing was refused')
}

test.each(driverIds)('%s is listed under its own id, with a source and a kind', (id) => {
  const entry = registry[id]
  expect(entry.id).toBe(id)
  expect(entry.label).not.toBe('')
  expect(entry.protocolRef).not.toBe('')
})

describe('createDriver', () => {
  test('gives a transmitter with what the plant must know of it', () => {
    const made = makerOfDrivers()({ driver: 'crown-fme', options: { powerSetW: 300, onAirThresholdW: 150 } })
    expect(made).toMatchObject({ kind: 'transmitter', powerSetW: 300, onAirThresholdW: 150, label: 'Crown FME' })
  })

  test('gives zones with their defaults', () => {
    const made = makerOfDrivers()({
      driver: 'waveshare-relay-8',
      label: 'Tăng âm',
      options: { zones: [{ id: 'z1', label: 'Khu 1', coil: 0 }] },
    })
    expect(made).toMatchObject({ kind: 'zones', label: 'Tăng âm', coilCount: 8, zones: [{ id: 'z1', coil: 0, warmUpMs: 0, outputs: [] }] })
  })

  test.each([
    [{ driver: 'no-such' }, { field: 'devices.one.driver', value: 'no-such' }],
    [
      { driver: 'crown-fme', options: {} },
      { field: 'devices.one.options.onAirThresholdW', value: 'missing' },
    ],
    [
      { driver: 'crown-fme', options: { onAirThresholdW: 50, colour: 1 } },
      { field: 'devices.one.options.colour', value: '1' },
    ],
    [
      { driver: 'waveshare-relay-8', options: { slave: 0 } },
      { field: 'devices.one.options.slave', value: '0' },
    ],
    [
      { driver: 'waveshare-relay-8', options: { zones: [{ id: 'a', label: 'A', coil: 8 }] } },
      { field: 'devices.one.options.zones.0.coil', value: '8' },
    ],
    [
      {
        driver: 'waveshare-relay-8',
        options: {
          zones: [
            { id: 'a', label: 'A', coil: 1 },
            { id: 'b', label: 'B', coil: 1 },
          ],
        },
      },
      { field: 'devices.one.options.zones.1.coil', value: '1' },
    ],
    [
      { driver: 'waveshare-relay-8', transport: 'serial:/dev/ttyUSB0?baud=fast' },
      { field: 'devices.one.transport.baud', value: 'fast' },
    ],
  ])('refuses %j by name', (config, detail) => {
    expect(refusal(() => makerOfDrivers()(config))).toMatchObject(detail)
  })

  test('two boards share a bus; the same station address twice, or a stranger on the bus, is refused by name', () => {
    const make = makerOfDrivers()
    const bus = { driver: 'waveshare-relay-8', transport: 'serial:/dev/ttyUSB0' }
    make({ ...bus, id: 'first', options: { slave: 1 } })
    make({ ...bus, id: 'second', options: { slave: 2 } })
    expect(refusal(() => make({ ...bus, id: 'third', options: { slave: 2 } }))).toMatchObject({
      field: 'devices.third.transport',
      remedy: expect.stringContaining('second'),
    })
    expect(refusal(() => make({ ...bus, id: 'fourth', transport: 'serial:/dev/ttyUSB0?baud=19200', options: { slave: 4 } }))).toMatchObject(
      { field: 'devices.fourth.transport' },
    )
    expect(
      refusal(() => make({ id: 'tx', driver: 'crown-fme', transport: 'serial:/dev/ttyUSB0?baud=9600', options: { onAirThresholdW: 1 } })),
    ).toMatchObject({
      field: 'devices.tx.transport',
      remedy: expect.stringContaining('its own wire'),
    })
  })
})

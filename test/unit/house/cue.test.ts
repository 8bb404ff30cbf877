// Where a preview is heard: never, not even possibly, on a programme device.
import { expect, test } from 'vitest'
import { StationConfig } from '../../../shared/config.ts'
import { cueOf } from '../../../station/house/alert-ports.ts'

const config = (devices: readonly (string | null)[], cueDevice: string | null) =>
  StationConfig.parse({
    station: { id: 's', name: 'S' },
    outputs: devices.map((device, index) => ({ id: `o${index}`, name: `O${index}`, device })),
    audio: { cueDevice },
  })

test('on the cue device where there is one', () => {
  expect(cueOf(config(['FM', null], 'Cue'), false)).toMatchObject({ via: 'device', device: 'Cue' })
})

test('in the browser only where no programme may be on the system’s default output', () => {
  expect(cueOf(config(['FM', 'Wired'], null), false).via).toBe('browser')
  expect(cueOf(config(['FM', null], null), false)).toMatchObject({ via: 'none', device: null })
  expect(cueOf(config([null], null), true).via, 'in training nothing is on air').toBe('browser')
})

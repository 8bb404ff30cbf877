// The training station's config.json. Written whole on the first start; later only what the district itself decides (where its
// devices are, which sound devices there are) is brought up to date, so that a trainer's own changes stay.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { StationConfig } from '../../shared/config.ts'
import { programmeChannels } from './desk.ts'
import { bypassRelay } from './relay-board.ts'
import { cueSink, fmSink, micSource, wiredSink } from './sound-devices.ts'
import type { VirtualDevice } from './virtual-device.ts'

const micInput = { id: 'mic-1', label: 'Micro phòng thu', device: micSource.label, kind: 'microphone' } as const
/** The desk's meter of the programme, which the sound server feeds. */
const fmProbe = { deviceId: 'desk-1', channel: programmeChannels[0], minDb: -50 } as const
const sinkOfOutput: Readonly<Record<string, string>> = { fm: fmSink.label, wired: wiredSink.label }

const Written = z.looseObject({
  audio: z
    .looseObject({ cueDevice: z.string().nullable().optional(), inputs: z.array(z.looseObject({ id: z.string() })).default([]) })
    .prefault({}),
  outputs: z.array(z.looseObject({ id: z.string(), device: z.string().nullable().optional(), levelProbe: z.unknown().optional() })),
  devices: z.array(z.looseObject({ id: z.string() })).default([]),
})
type Written = z.infer<typeof Written>

/** Writes the file; throws when the result would not be taken by the station. */
export function writeTrainingConfig(path: string, devices: readonly VirtualDevice[], sound: boolean): void {
  const before = readWritten(path)
  const config = bringUpToDate(before ?? firstConfig(devices), devices, sound)
  StationConfig.parse(config)
  const next = `${path}.next`
  writeFileSync(next, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 })
  renameSync(next, path)
}

function readWritten(path: string): Written | null {
  try {
    return Written.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw cause
  }
}

function firstConfig(devices: readonly VirtualDevice[]): Written {
  return Written.parse({
    station: { id: 'tap-huan', name: 'Đài tập huấn Mù Cang Chải', place: ['Lào Cai', 'Mù Cang Chải'] },
    outputs: [
      {
        id: 'fm',
        name: 'FM 64,2 MHz',
        bypass: { deviceId: 'relay-1', coil: bypassRelay },
      },
      { id: 'wired', name: 'Hữu tuyến' },
    ],
    devices: devices.map(({ id, config }) => ({ id, ...config })),
  })
}

function bringUpToDate(config: Written, devices: readonly VirtualDevice[], sound: boolean): Written {
  const otherInputs = config.audio.inputs.filter((input) => input.id !== micInput.id)
  const mic = config.audio.inputs.find((input) => input.id === micInput.id) ?? micInput
  return {
    ...config,
    audio: { ...config.audio, cueDevice: sound ? cueSink.label : null, inputs: sound ? [mic, ...otherInputs] : otherInputs },
    outputs: config.outputs.map((output) => ({
      ...output,
      device: sound ? (sinkOfOutput[output.id] ?? output.device ?? null) : null,
      // Nothing can be measured where nothing sounds.
      levelProbe: sound ? (output.levelProbe ?? (output.id === 'fm' ? fmProbe : null)) : null,
    })),
    devices: config.devices.map((device) => {
      const virtual = devices.find((one) => one.id === device.id)
      return virtual === undefined ? device : { ...device, driver: virtual.config.driver, transport: virtual.config.transport }
    }),
  }
}

// The training station's config.json. Written whole on the first start; later only what the district itself decides (where its
// devices are, which sound devices there are) is brought up to date, so that a trainer's own changes stay.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { StationConfig } from '../../shared/config.ts'
import { programmeChannels } from './desk.ts'
import { bypassRelay } from './relay-board.ts'
import { cueSink, fmSink, micSource, wiredSink } from './sound-devices.ts'
import { trainingStation } from './training-station.ts'
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

/** What the province says of itself when it is ready. */
export const ProvinceAddress = z.looseObject({
  url: z.string(),
  caFile: z.string(),
  tokenFiles: z.record(z.string(), z.string()),
  trustedKeys: z.array(z.object({ kid: z.string(), publicKey: z.string() })),
  mqttUrl: z.string().nullable(),
})
export type ProvinceAddress = z.infer<typeof ProvinceAddress>

/** Writes the file; throws when the result would not be taken by the station. */
export function writeTrainingConfig(
  path: string,
  devices: readonly VirtualDevice[],
  sound: boolean,
  province: ProvinceAddress | null,
): void {
  const before = readWritten(path)
  const config = { ...bringUpToDate(before ?? firstConfig(devices), devices, sound), ...provinceSection(before, province) }
  StationConfig.parse(config)
  const next = `${path}.next`
  writeFileSync(next, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 })
  renameSync(next, path)
}

/** The district's own province; one that a trainer configured is left alone, and so is everything where none runs. */
function provinceSection(before: Written | null, province: ProvinceAddress | null): { province?: unknown } {
  const written = z.looseObject({ folder: z.string().nullable().optional() }).safeParse(before?.['province'])
  if (province === null || (written.success && written.data.folder != null)) return {}
  const { url, caFile, tokenFiles, trustedKeys, mqttUrl } = province
  const kept = written.success ? written.data : {}
  return { province: { ...kept, adapter: 'http', url, caFile, tokenFile: tokenFiles[trainingStation.id] ?? null, trustedKeys, mqttUrl } }
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
    station: trainingStation,
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

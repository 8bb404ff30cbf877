// DIR/config.json, validated. A wrong key names itself; what is missing gets the default written here.
import { z } from 'zod'
import { CartId, DeviceId, InputId, OutputId } from './domain/ids.ts'

const clockTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'HH:mm')

/** `serial:/dev/ttyUSB0?baud=9600&parity=none` · `tcp://host:port` · `udp://host:port` · `hid:vendor:product[:serial]` (hex ids) · `soft:` (no wire). */
const Transport = z
  .string()
  .regex(/^(serial:[^?]+(\?.*)?|tcp:\/\/[^/]+:\d+|udp:\/\/[^/]+:\d+|hid:[0-9a-fA-F]{4}:[0-9a-fA-F]{4}(:.+)?|soft:)$/, {
    error: 'serial:PATH?baud=9600 | tcp://host:port | udp://host:port | hid:vendor:product[:serial]',
  })

export const DeviceConfig = z.strictObject({
  id: DeviceId,
  driver: z.string(),
  transport: Transport,
  label: z.string().optional(),
  /** Programme outputs this device belongs to; empty = all. */
  outputs: z.array(OutputId).default([]),
  /** A device of the training district. In training only such devices are opened, and outside it none is. */
  simulated: z.boolean().default(false),
  /** Checked by the driver's own schema. */
  options: z.record(z.string(), z.unknown()).default({}),
})
export type DeviceConfig = z.infer<typeof DeviceConfig>

export const StationConfig = z.strictObject({
  station: z.strictObject({
    id: z.string().min(1).max(64),
    name: z.string().min(1).max(200),
    /** From the top of the organisation tree down, such as ["Lào Cai", "Mù Cang Chải"]. */
    place: z.array(z.string()).default([]),
  }),
  /** Automatic starts happen only inside these windows of the day (station time); one that ends before it begins goes over midnight. */
  broadcastWindows: z
    .array(z.strictObject({ from: clockTime, to: clockTime }).refine(({ from, to }) => from !== to, 'from and to are the same time'))
    .default([{ from: '00:00', to: '24:00' }]),
  audio: z
    .strictObject({
      /** Device labels as the sound system lists them. null = no device: only in training. */
      cueDevice: z.string().nullable().default(null),
      latencyHint: z.enum(['balanced', 'playback']).default('balanced'),
      recorderKeepHours: z.number().positive().default(24),
      airCheck: z
        .strictObject({
          keepDays: z.number().int().min(184).default(200),
          maxGb: z.number().positive().nullable().default(null),
        })
        .prefault({}),
      inputs: z
        .array(z.strictObject({ id: InputId, label: z.string(), device: z.string(), kind: z.enum(['microphone', 'line']) }))
        .default([]),
    })
    .prefault({}),
  outputs: z
    .array(
      z.strictObject({
        id: OutputId,
        name: z.string(),
        device: z.string().nullable().default(null),
        /** A named backup device; without it a lost device is an alarm and silence, never another card. */
        backupDevice: z.string().nullable().default(null),
        /** Where the level that reaches the transmitter is measured (a desk channel); null = nowhere. */
        levelProbe: z
          .strictObject({ deviceId: DeviceId, channel: z.string(), minDb: z.number().default(-50) })
          .nullable()
          .default(null),
        /** Priority relay that feeds the transmitter directly when an alert does not reach it 2 s after its start. */
        bypass: z
          .strictObject({ deviceId: DeviceId, coil: z.number().int().min(0).max(63) })
          .nullable()
          .default(null),
      }),
    )
    .min(1)
    .default([{ id: 'main' as OutputId, name: 'Chương trình', device: null, backupDevice: null, levelProbe: null, bypass: null }]),
  library: z
    .strictObject({ targetLufs: z.number().min(-31).max(-14).default(-23), maxDurationMinutes: z.number().positive().default(360) })
    .prefault({}),
  schedule: z
    .strictObject({
      defaultFillCartId: CartId.nullable().default(null),
      /** Fade between an item that is cut by a hard start and the one that cuts it. */
      hardStartFadeMs: z.number().int().min(0).max(5000).default(500),
      /** Resume after an interruption, by content type. */
      resume: z
        .strictObject({
          speech: z.enum(['exact', 'rewind', 'rejoin', 'skip']).default('rewind'),
          music: z.enum(['exact', 'rewind', 'rejoin', 'skip']).default('exact'),
          jingle: z.enum(['exact', 'rewind', 'rejoin', 'skip']).default('skip'),
          fill: z.enum(['exact', 'rewind', 'rejoin', 'skip']).default('exact'),
          relay: z.enum(['exact', 'rewind', 'rejoin', 'skip']).default('rejoin'),
        })
        .prefault({}),
      rewindMs: z.number().int().min(0).max(60_000).default(5000),
    })
    .prefault({}),
  alerts: z
    .strictObject({
      /** Outside training an alert may go out live only with this set; the screen then carries a standing warning. */
      liveFiring: z.boolean().default(false),
      voice: z.enum(['vi', 'vi-vn-x-central', 'vi-vn-x-south']).default('vi'),
      /** Level of the programme under an input that is opened over it (mode `duck`). */
      micDuckDb: z.number().max(0).default(-14),
    })
    .prefault({}),
  hotKeys: z
    .array(z.strictObject({ slot: z.number().int().min(1).max(8), title: z.string(), cartId: CartId, loop: z.boolean().default(false) }))
    .default([]),
  devices: z.array(DeviceConfig).default([]),
  province: z
    .strictObject({
      adapter: z.enum(['none', 'http', 'folder']).default('none'),
      /** http: where the provincial source system answers. */
      url: z
        .url({ protocol: /^https$/ })
        .nullable()
        .default(null),
      /** PEM of the authority that signed the server's certificate; null = those of the system. Relative to the data folder. */
      caFile: z.string().nullable().default(null),
      /** One line: the bearer token by which the province knows this station. Relative to the data folder. */
      tokenFile: z.string().nullable().default(null),
      /** folder: a USB stick or a synced folder. */
      folder: z.string().nullable().default(null),
      /** Keys whose signature on a manifest is trusted: `kid` and the 32 bytes of an Ed25519 public key, base64url. */
      trustedKeys: z
        .array(
          z.strictObject({
            kid: z.string().min(1).max(200),
            publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/, '43 characters of base64url'),
          }),
        )
        .default([]),
      /** The doorbell; null = HTTPS alone carries everything. */
      mqttUrl: z
        .url({ protocol: /^mqtts?$/ })
        .nullable()
        .default(null),
      pollIntervalS: z.number().min(1).max(3600).default(60),
    })
    .prefault({}),
})
export type StationConfig = z.infer<typeof StationConfig>

/** `key` is the path of the wrong key, such as `devices.0.transport`; empty = the file as a whole. */
export interface ConfigProblem {
  readonly key: string
  readonly problem: string
}

export type CheckedConfig =
  | { readonly ok: true; readonly config: StationConfig }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/** The configuration with its defaults, or every key that is wrong: unknown, malformed, or at odds with another. */
export function checkConfig(value: unknown): CheckedConfig {
  const parsed = StationConfig.safeParse(value)
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.flatMap(issueProblems) }
  const problems = crossProblems(parsed.data)
  return problems.length === 0 ? { ok: true, config: parsed.data } : { ok: false, problems }
}

function issueProblems(issue: z.core.$ZodIssue): ConfigProblem[] {
  const keyOf = (...more: PropertyKey[]) => [...issue.path, ...more].map(String).join('.')
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ key: keyOf(key), problem: 'unknown key' }))
  return [{ key: keyOf(), problem: issue.message }]
}

/** What no single key can show: ids used twice, references to nothing, a cue that is a programme device (FAULTS H12). */
function crossProblems(config: StationConfig): ConfigProblem[] {
  const outputIds = new Set<string>(config.outputs.map((output) => output.id))
  const unknownOutputs = config.devices.flatMap((device, index) =>
    device.outputs
      .filter((outputId) => !outputIds.has(outputId))
      .map((outputId) => ({ key: `devices.${index}.outputs`, problem: `no output is called ${outputId}` })),
  )
  const programme = config.outputs.flatMap((output) => [output.device, output.backupDevice])
  const cue = config.audio.cueDevice
  const sharedCue = cue !== null && programme.includes(cue)
  return [
    ...usedTwice('outputs', config.outputs),
    ...usedTwice('devices', config.devices),
    ...usedTwice('audio.inputs', config.audio.inputs),
    ...unknownOutputs,
    ...provinceProblems(config.province),
    ...(sharedCue ? [{ key: 'audio.cueDevice', problem: `${cue} is a programme device: a preview would go on air` }] : []),
  ]
}

function provinceProblems({ adapter, url, folder, trustedKeys }: StationConfig['province']): ConfigProblem[] {
  if (adapter === 'none') return []
  const missing = [
    ...(adapter === 'http' && url === null ? [{ key: 'province.url', problem: 'adapter http needs an address' }] : []),
    ...(adapter === 'folder' && folder === null ? [{ key: 'province.folder', problem: 'adapter folder needs a folder' }] : []),
    ...(trustedKeys.length === 0 ? [{ key: 'province.trustedKeys', problem: 'without a key no manifest can be trusted' }] : []),
  ]
  const twice = usedTwice(
    'province.trustedKeys',
    trustedKeys.map(({ kid }) => ({ id: kid })),
  )
  return [...missing, ...twice.map(({ key, problem }) => ({ key: key.replace(/id$/, 'kid'), problem }))]
}

function usedTwice(list: string, entries: readonly { readonly id: string }[]): ConfigProblem[] {
  return entries.flatMap((entry, index) =>
    entries.findIndex((other) => other.id === entry.id) < index
      ? [{ key: `${list}.${index}.id`, problem: `${entry.id} is used twice` }]
      : [],
  )
}

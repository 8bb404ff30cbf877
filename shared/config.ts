// DIR/config.json, validated. A wrong key names itself; what is missing gets the default written here.
import { z } from 'zod'
import { CartId, DeviceId, InputId, OutputId } from './domain/ids.ts'

const clockTime = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/, 'HH:mm')

/** `serial:/dev/ttyUSB0?baud=9600&parity=none` · `tcp://host:port` · `udp://host:port` · `hid:vendor:product[:serial]` (hex ids). */
const Transport = z.string().regex(/^(serial:[^?]+(\?.*)?|tcp:\/\/[^/]+:\d+|udp:\/\/[^/]+:\d+|hid:[0-9a-fA-F]{4}:[0-9a-fA-F]{4}(:.+)?)$/, {
  error: 'serial:PATH?baud=9600 | tcp://host:port | udp://host:port | hid:vendor:product[:serial]',
})

export const DeviceConfig = z.strictObject({
  id: DeviceId,
  driver: z.string(),
  transport: Transport,
  label: z.string().optional(),
  /** Programme outputs this device belongs to; empty = all. */
  outputs: z.array(OutputId).default([]),
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
  /** Automatic starts happen only inside these windows of the day (station time). */
  broadcastWindows: z.array(z.strictObject({ from: clockTime, to: clockTime })).default([{ from: '00:00', to: '24:00' }]),
  audio: z
    .strictObject({
      /** Device labels as the sound system lists them. null = no device: only in training. */
      cueDevice: z.string().nullable().default(null),
      latencyHint: z.enum(['balanced', 'playback']).default('balanced'),
      recorderKeepHours: z.number().positive().default(24),
      inputs: z.array(z.strictObject({ id: InputId, label: z.string(), device: z.string(), kind: z.enum(['microphone', 'line']) })).default([]),
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
      }),
    )
    .min(1)
    .default([{ id: 'main' as OutputId, name: 'Chương trình', device: null, backupDevice: null }]),
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
      micDuckDb: z.number().max(0).default(-60),
    })
    .prefault({}),
  hotKeys: z
    .array(z.strictObject({ slot: z.number().int().min(1).max(8), title: z.string(), cartId: CartId, loop: z.boolean().default(false) }))
    .default([]),
  devices: z.array(DeviceConfig).default([]),
})
export type StationConfig = z.infer<typeof StationConfig>

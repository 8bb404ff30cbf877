// Options of a relay board in DIR/config.json. The transport address names the bus; several boards on one bus differ by `slave`.
import { z } from 'zod'
import { OutputId } from '../../../shared/domain/ids.ts'

export const RelayZone = z.strictObject({
  id: z.string().min(1),
  label: z.string().min(1),
  /** Relay of the board, 0 = the first. */
  coil: z.number().int().min(0).max(7),
  /** Time from the closing of the relay until the amplifier sounds, ms. */
  warmUpMs: z.number().int().min(0).max(60_000).default(0),
  /** Programme outputs this zone plays; empty = those of the device. */
  outputs: z.array(OutputId).default([]),
  /** Closed only for an all-call (alert), never for programme. */
  allCallOnly: z.boolean().default(false),
})
export type RelayZone = z.infer<typeof RelayZone>

export const RelayConfig = z
  .strictObject({
    /** Modbus address of the board; 1 as delivered. */
    slave: z.number().int().min(1).max(247).default(1),
    zones: z.array(RelayZone).default([]),
    /** `timed`: relays are energised for the length of the lease and fall off by themselves. `latched`: boards without that. */
    outputs: z.enum(['timed', 'latched']).default('timed'),
    pollMs: z.number().int().min(100).max(1000).default(500),
    /** A reply later than this is late. */
    replyTimeoutMs: z.number().int().min(50).max(800).default(300),
    /** Slowest reply the board may give; the bus stays quiet for this long after a timeout. */
    worstReplyMs: z.number().int().min(50).max(1000).default(600),
  })
  .superRefine(({ zones }, context) => {
    for (const key of ['id', 'coil'] as const) {
      const seen = new Set<string | number>()
      zones.forEach((zone, index) => {
        if (seen.has(zone[key]))
          context.addIssue({ code: 'custom', path: ['zones', index, key], message: `${key} ${zone[key]} is used twice` })
        seen.add(zone[key])
      })
    }
  })
export type RelayConfig = z.infer<typeof RelayConfig>

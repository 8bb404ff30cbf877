// The soft desk has no wire. What stands for a protocol is its strip: what a fader and a mute can hold.
import { z } from 'zod'
import { DeskRoles, faderOffDb } from '../../../shared/domain/desk-roles.ts'
import { faderTopDb } from '../fader-law.ts'

/** Without options: one programme channel, the microphones, everything else, and main. */
export const SoftDeskConfig = DeskRoles.extend({
  programmeChannels: z.array(z.string()).default(['programme']),
  micChannels: z.array(z.string()).default(['mic']),
  otherChannels: z.array(z.string()).default(['other']),
  labels: z.record(z.string(), z.string()).default({ programme: 'Chương trình', mic: 'Micrô', other: 'Nguồn khác', main: 'Tổng' }),
})
export type SoftDeskConfig = z.infer<typeof SoftDeskConfig>

export interface SoftStrip {
  readonly faderDb: number
  readonly muted: boolean
}

/** Starting position: programme and main open at 0 dB, microphones and the rest closed, so that nothing is open unasked. */
export function initialStrip(channel: string, config: SoftDeskConfig): SoftStrip {
  const open = config.programmeChannels.includes(channel) || channel === config.main
  return { faderDb: 0, muted: !open }
}

/** A fader position the soft desk can hold, dB. */
export function clampFaderDb(faderDb: number): number {
  return Math.min(Math.max(faderDb, faderOffDb), faderTopDb)
}

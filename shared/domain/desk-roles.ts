// What a cut-in wishes of the mixing desk, and what is wished after it: pure, so that preview, station and tests agree.
// Roles come from the desk's `options`. A microphone that was open when the alert took the desk comes back muted (U9);
// only a hand opens it again.
import { z } from 'zod'
import type { DeskChannel, DeskObserved } from './device.ts'

/** A fader at the bottom of its travel (−∞ on the desk) is written as this, dB: JSON has no infinity. */
export const faderOffDb = -90

const channelKey = z.string().regex(/^[a-z]+(\/[a-z0-9]+)?$/, { error: 'a channel such as ch/01, auxin/03, bus/02, dca/1, main' })

export const DeskRoles = z.strictObject({
  /** Channels that carry our programme (and with it the alert). */
  programmeChannels: z.array(channelKey).default([]),
  micChannels: z.array(channelKey).default([]),
  /** Everything else that can be heard: players, telephone, guests. */
  otherChannels: z.array(channelKey).default([]),
  main: channelKey.nullable().default('main'),
  /** What an alert does to the other channels. */
  otherOnCutIn: z.enum(['mute', 'duck']).default('mute'),
  duckDb: z.number().min(faderOffDb).max(0).default(-40),
  /** Fader of a programme channel while an alert is on air, dB. */
  takeDb: z.number().min(-30).max(10).default(0),
})
export type DeskRoles = z.infer<typeof DeskRoles>

/** One wish for one channel; null is left to the hand on the desk. Same shape as DeskDesired's channels. */
export interface DeskChannelWish {
  readonly channel: string
  readonly faderDb: number | null
  readonly muted: boolean | null
}

interface DeskChannels {
  readonly channels: readonly DeskChannel[]
}

/** All channels that have a role, each once. */
export function channelsWithRoles(roles: DeskRoles): readonly string[] {
  const main = roles.main === null ? [] : [roles.main]
  return [...new Set([...roles.programmeChannels, ...roles.micChannels, ...roles.otherChannels, ...main])]
}

/**
 * The desk while an alert is on air: programme taken, the others muted or ducked, main open.
 * `microphone: 'live'` is the emergency live microphone over the desk: open microphones stay as the hand left them.
 * The fader of main is a hand's (it sets the modulation), unless it is so low that nothing would be heard.
 */
export function deskForCutIn(
  before: DeskChannels | null,
  roles: DeskRoles,
  microphone: 'off' | 'live' = 'off',
): readonly DeskChannelWish[] {
  const wishes: DeskChannelWish[] = []
  if (microphone === 'off') for (const channel of roles.micChannels) wishes.push({ channel, faderDb: null, muted: true })
  for (const channel of roles.otherChannels) {
    const was = find(before, channel)
    if (roles.otherOnCutIn === 'mute') wishes.push({ channel, faderDb: null, muted: true })
    else if (was === null || was.faderDb > roles.duckDb) wishes.push({ channel, faderDb: roles.duckDb, muted: null })
  }
  for (const channel of roles.programmeChannels) wishes.push({ channel, faderDb: roles.takeDb, muted: false })
  if (roles.main !== null) {
    const was = find(before, roles.main)
    const unheard = was !== null && was.faderDb < unheardDb
    wishes.push({ channel: roles.main, faderDb: unheard ? roles.takeDb : null, muted: false })
  }
  return wishes
}

/**
 * The desk after the alert: as it was, except that every microphone stays muted. What a hand moved meanwhile
 * (`movedByHand`) is that hand's decision and is left alone.
 */
export function deskAfterCutIn(
  before: DeskChannels | null,
  roles: DeskRoles,
  movedByHand: ReadonlySet<string> = new Set(),
): readonly DeskChannelWish[] {
  const wishes: DeskChannelWish[] = []
  for (const channel of channelsWithRoles(roles)) {
    if (movedByHand.has(channel)) continue
    const was = find(before, channel)
    if (roles.micChannels.includes(channel)) wishes.push({ channel, faderDb: null, muted: true })
    else if (was !== null) wishes.push({ channel, faderDb: was.faderDb, muted: was.muted })
  }
  return wishes
}

/** Below this a fader on the programme path is as good as closed, dB. */
const unheardDb = -40

/** Why an alert would not be heard through the desk as it stands now (H9): shown before air. */
export interface DeskObstacle {
  readonly channel: string
  readonly problem: 'muted' | 'faderLow' | 'unknown'
  readonly faderDb: number | null
}

/** Programme and main channels that would keep the programme from the transmitter at this moment. */
export function deskObstacles(observed: DeskObserved | null, roles: DeskRoles): readonly DeskObstacle[] {
  const path = [...roles.programmeChannels, ...(roles.main === null ? [] : [roles.main])]
  return path.flatMap((channel): DeskObstacle[] => {
    const is = find(observed, channel)
    if (is === null) return [{ channel, problem: 'unknown', faderDb: null }]
    if (is.muted) return [{ channel, problem: 'muted', faderDb: is.faderDb }]
    return is.faderDb < unheardDb ? [{ channel, problem: 'faderLow', faderDb: is.faderDb }] : []
  })
}

function find(observed: DeskChannels | null, channel: string) {
  return observed?.channels.find((candidate) => candidate.channel === channel) ?? null
}

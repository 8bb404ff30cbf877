// From wish to orders for any desk: pure. Order matters to the ear: mute first, then move faders, then open,
// so that nothing is opened at a level it should not have.
import type { DeskObserved } from '../../shared/domain/device.ts'
import type { Planned } from '../contract/driver.ts'
import type { DeskDesired } from '../contract/kinds.ts'
import { dbToFader } from './fader-law.ts'

export type DeskCommand =
  | { readonly kind: 'setFader'; readonly channel: string; readonly faderDb: number }
  | { readonly kind: 'setMute'; readonly channel: string; readonly muted: boolean }

/** Orders that bring the desk from what it is (null: unknown) to what it should be; empty when it already is. */
export function planDesk(observed: DeskObserved | null, desired: DeskDesired): readonly Planned<DeskCommand>[] {
  const mutes: Planned<DeskCommand>[] = []
  const moves: Planned<DeskCommand>[] = []
  const opens: Planned<DeskCommand>[] = []
  for (const { channel, faderDb, muted } of desired.channels) {
    const is = observed?.channels.find((candidate) => candidate.channel === channel) ?? null
    if (muted !== null && is?.muted !== muted) {
      const was = is === null ? 'unknown' : is.muted ? 'muted' : 'open'
      const order: Planned<DeskCommand> = {
        command: { kind: 'setMute', channel, muted },
        reason: `${channel}: ${was} → ${muted ? 'muted' : 'open'}`,
        causeId: desired.causeId,
      }
      if (muted) mutes.push(order)
      else opens.push(order)
    }
    if (faderDb !== null && (is === null || dbToFader(is.faderDb) !== dbToFader(faderDb))) {
      moves.push({
        command: { kind: 'setFader', channel, faderDb },
        reason: `${channel}: fader ${is === null ? 'unknown' : `${is.faderDb.toFixed(1)} dB`} → ${faderDb.toFixed(1)} dB`,
        causeId: desired.causeId,
      })
    }
  }
  return [...mutes, ...moves, ...opens]
}

export function showsDesk(observed: DeskObserved, command: DeskCommand): boolean {
  const { channel } = command
  const asked =
    command.kind === 'setFader' ? { channel, faderDb: command.faderDb, muted: null } : { channel, faderDb: null, muted: command.muted }
  return planDesk(observed, { channels: [asked], causeId: '' }).length === 0
}

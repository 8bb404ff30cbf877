// A desk that was taken, as it is remembered until it is given back: also beyond the life of the station that took it. Pure.
import { z } from 'zod'
import { DeskChannel } from '../../shared/domain/device.ts'
import type { DeskChannelWish } from '../../shared/domain/desk-roles.ts'
import { DeviceId, OutputId } from '../../shared/domain/ids.ts'

const Wish = z.object({ channel: z.string(), faderDb: z.number().nullable(), muted: z.boolean().nullable() })

/** What an earlier station leaves to its successor. */
export const DeskHoldings = z.object({
  /** Who holds the desks; an alert closes their microphones, a microphone over the desk does not. */
  takes: z.array(z.object({ outputId: OutputId, microphone: z.enum(['off', 'live']) })),
  desks: z.array(
    z.object({
      deviceId: DeviceId,
      /** Its channels before it was taken; null = they could not be read. */
      before: z.array(DeskChannel).nullable(),
      /** What it was made to be; empty = nothing was ordered yet. */
      taken: z.array(Wish),
      /** Channels that a hand moved since: that hand's. */
      moved: z.array(z.string()),
    }),
  ),
})
export type DeskHoldings = z.infer<typeof DeskHoldings>

/**
 * unread: it is to be taken as soon as it was read, so that what it had before is known
 * taken: the wish of the cut-in stands
 * returning: the wish to have it as before stands
 * owed: it is to be given back as soon as it was read: nobody saw meanwhile what hands did to it
 */
export interface Held {
  readonly before: readonly DeskChannel[] | null
  readonly taken: readonly DeskChannelWish[]
  readonly moved: ReadonlySet<string>
  readonly phase: 'unread' | 'taken' | 'returning' | 'owed'
}

/**
 * What to give back at the end of a taking that begins now: where an earlier one was not given back yet, what was before that, but
 * for what a hand moved since.
 */
export function beforeNow(held: Held | undefined, read: readonly DeskChannel[] | null): readonly DeskChannel[] | null {
  if (held?.before == null) return read
  const its = held.before.filter(({ channel }) => !held.moved.has(channel))
  return [...its, ...(read ?? []).filter(({ channel }) => held.moved.has(channel))]
}

/** Channels that are neither as they were before nor as they were made: while nobody looked, a hand moved them. */
export function movedUnseen({ before, taken }: Held, isAs: (wish: DeskChannelWish) => boolean): string[] {
  return taken.flatMap((wish) => {
    const was = before?.find(({ channel }) => channel === wish.channel)
    if (was === undefined || isAs(wish)) return []
    const as = { ...wish, faderDb: wish.faderDb === null ? null : was.faderDb, muted: wish.muted === null ? null : was.muted }
    return isAs(as) ? [] : [wish.channel]
  })
}

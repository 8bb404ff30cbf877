// What a desk is known to hold, and whose hand it was: pure bookkeeping over OSC addresses, time handed in.
// A change we ordered ourselves is never a hand's: X-Air echoes sets to their setter, and an echo may come late.
import type { DeskChannel } from '../../shared/domain/device.ts'
import type { MonotonicMs } from '../../shared/domain/time.ts'
import type { ChannelAddresses } from './behringer-desk-profile.ts'
import { faderToDb, sameFaderStep } from './fader-law.ts'

/** An echo of our own set that comes later than this is taken for a hand, ms. */
const echoWindowMs = 1000
const keptOwnSets = 8

interface Watched {
  readonly channel: string
  readonly part: 'fader' | 'on' | 'name'
}

/** first: learned, nobody moved it · same: no news · own: our set arrived · hand: somebody else changed it. */
export type Taken = { readonly as: 'unwatched' | 'first' | 'same' | 'own' } | { readonly as: 'hand'; readonly channel: string }

export class DeskMemory {
  readonly #channels: ReadonlyMap<string, ChannelAddresses>
  readonly #watched = new Map<string, Watched>()
  readonly #values = new Map<string, number | string>()
  readonly #ownSets = new Map<string, { value: number; atMs: MonotonicMs }[]>()

  constructor(channels: ReadonlyMap<string, ChannelAddresses>) {
    this.#channels = channels
    for (const [channel, { fader, on, name }] of channels) {
      this.#watched.set(fader, { channel, part: 'fader' })
      this.#watched.set(on, { channel, part: 'on' })
      if (name !== null) this.#watched.set(name, { channel, part: 'name' })
    }
  }

  /** The wire was down: what the desk holds now is unknown, and what is learned next is nobody's move. */
  forget(): void {
    this.#values.clear()
    this.#ownSets.clear()
  }

  noteOwnSet(address: string, value: number, atMs: MonotonicMs): void {
    const recent = (this.#ownSets.get(address) ?? []).slice(1 - keptOwnSets)
    this.#ownSets.set(address, [...recent, { value, atMs }])
  }

  take(address: string, value: number | string, atMs: MonotonicMs): Taken {
    const watched = this.#watched.get(address)
    if (watched === undefined || (watched.part === 'name') !== (typeof value === 'string')) return { as: 'unwatched' }
    const known = this.#values.get(address)
    const own = typeof value === 'number' && this.#isOwn(address, value, watched.part, atMs)
    // A late echo of an earlier own set must not overwrite what the read-back said since.
    if (own && known !== undefined && !this.#isLatestOwn(address, value, watched.part)) return { as: 'own' }
    this.#values.set(address, value)
    if (known === undefined) return { as: 'first' }
    if (same(known, value, watched.part)) return { as: 'same' }
    return own || watched.part === 'name' ? { as: 'own' } : { as: 'hand', channel: watched.channel }
  }

  /** Addresses whose value is not known yet. */
  missing(): readonly string[] {
    return [...this.#watched.keys()].filter((address) => !this.#values.has(address))
  }

  /** Fader and mute of every channel are known; a missing name delays nothing. */
  get complete(): boolean {
    return [...this.#channels.values()].every(({ fader, on }) => this.#values.has(fader) && this.#values.has(on))
  }

  channel(channel: string): DeskChannel | null {
    const addresses = this.#channels.get(channel)
    if (addresses === undefined) return null
    const position = this.#values.get(addresses.fader)
    const on = this.#values.get(addresses.on)
    if (typeof position !== 'number' || typeof on !== 'number') return null
    const name = addresses.name === null ? undefined : this.#values.get(addresses.name)
    const label = typeof name === 'string' && name !== '' ? name : channel
    return { channel, label, faderDb: faderToDb(position), muted: on === 0 }
  }

  channels(): DeskChannel[] {
    return [...this.#channels.keys()].flatMap((channel) => this.channel(channel) ?? [])
  }

  #isOwn(address: string, value: number, part: Watched['part'], atMs: MonotonicMs): boolean {
    return (this.#ownSets.get(address) ?? []).some((set) => atMs - set.atMs <= echoWindowMs && same(set.value, value, part))
  }

  #isLatestOwn(address: string, value: number, part: Watched['part']): boolean {
    const latest = this.#ownSets.get(address)?.at(-1)
    return latest !== undefined && same(latest.value, value, part)
  }
}

function same(a: number | string, b: number | string, part: Watched['part']): boolean {
  return part === 'fader' && typeof a === 'number' && typeof b === 'number' ? sameFaderStep(a, b) : a === b
}

// The driver of a Behringer/Midas OSC desk (X32/M32 and X-Air by profile). UDP knows no delivery: liveness is polled, every
// set is read back and resent until it shows, and every channel is re-read in turn in case a change was lost on the way.
// Own sets are never reported as a hand's.
import type { DeskObserved, DriverStatus } from '../../shared/domain/device.ts'
import { DriverError } from '../../shared/domain/errors.ts'
import type { Timer } from '../../shared/domain/clock.ts'
import type { MonotonicMs } from '../../shared/domain/time.ts'
import type { Ack, Driver, DriverContext, Planned } from '../contract/driver.ts'
import type { DeskDesired, DeskEvent } from '../contract/kinds.ts'
import { decodeOsc, encodeOsc, type OscArgument } from '../framing/osc.ts'
import { Lifetime } from '../transport/lifetime.ts'
import { Supervisor } from '../transport/supervisor.ts'
import { readReport, type ChannelAddresses, type DeskProfile } from './behringer-desk-profile.ts'
import { DeskMemory } from './desk-memory.ts'
import { planDesk, showsDesk, type DeskCommand } from './desk-plan.ts'
import { dbToFader, sameFaderStep } from './fader-law.ts'
import { ReadBacks } from './read-backs.ts'

const pollMs = 500
/** `/xremote` and meter subscriptions end after 10 s: one lost renewal must not end them. */
const renewMs = 4000
/** A read-back that has not come by then is asked for again, with the set before it, ms. */
const readBackMs = 120
const readBackTries = 8
/** After a wrong answer: a change told by the desk may have crossed our set, so a second word is waited for, ms. */
const secondWordMs = 40
const levelsEveryMs = 100
/** A level older than this proves nothing: an alert would pass for heard by a meter that stopped. */
const levelsFreshMs = 1000
/** The desk counts a changed value found by our own reading, not told: one may be a lost datagram, two are a pattern. */
const untoldBeforeComplaint = 2
const missingPerPoll = 48

export class BehringerDesk implements Driver<DeskDesired, DeskObserved, DeskCommand> {
  readonly #context: DriverContext<DeskObserved, DeskEvent>
  readonly #profile: DeskProfile
  readonly #channels: ReadonlyMap<string, ChannelAddresses>
  readonly #memory: DeskMemory
  readonly #supervisor: Supervisor
  readonly #lifetime: Lifetime
  readonly #readBacks: ReadBacks
  /** Orders for one address follow each other; different addresses do not wait for one another. */
  readonly #turns = new Map<string, Promise<unknown>>()
  readonly #polled = new Set<string>()
  /** Address → why the desk needs hands. */
  readonly #unconfirmed = new Map<string, string>()
  /** The last levels of each meter page. */
  readonly #levels = new Map<string, { readonly levelsDb: Readonly<Record<string, number>>; readonly atMs: MonotonicMs }>()
  #observed: DeskObserved | null = null
  #levelsShownAt: MonotonicMs | null = null
  #subscribed = false
  #renewTimer: Timer | null = null
  #nextRead = 0
  #untold = 0

  /** @param channels every channel to watch and set; each must exist on this profile. */
  constructor(context: DriverContext<DeskObserved, DeskEvent>, profile: DeskProfile, channels: readonly string[]) {
    this.#context = context
    this.#profile = profile
    this.#channels = new Map(channels.map((channel) => [channel, addressesOf(profile, channel, context.deviceId)]))
    this.#memory = new DeskMemory(this.#channels)
    this.#lifetime = new Lifetime(context.deviceId)
    this.#readBacks = new ReadBacks(context.clock)
    this.#supervisor = new Supervisor({
      deviceId: context.deviceId,
      clock: context.clock,
      log: context.log,
      transport: context.transport,
      pollMs,
      poll: () => this.#poll(),
      onBytes: (bytes) => this.#take(bytes),
      onDown: (reason) => this.#lost(reason),
      onStatus: (status) => context.onStatus(status),
    })
  }

  get status(): DriverStatus {
    return this.#supervisor.status
  }

  /** null until every watched channel was read, and again while the desk is lost. */
  get observed(): DeskObserved | null {
    return this.#observed
  }

  open(): void {
    this.#lifetime.begin()
    this.#supervisor.open()
  }

  async close(): Promise<void> {
    this.#lifetime.end()
    await this.#supervisor.close()
  }

  plan(observed: DeskObserved | null, desired: DeskDesired): readonly Planned<DeskCommand>[] {
    return planDesk(observed, desired)
  }

  shows(observed: DeskObserved, command: DeskCommand): boolean {
    return showsDesk(observed, command)
  }

  async send(command: DeskCommand, signal: AbortSignal): Promise<Ack> {
    const addresses = this.#channels.get(command.channel)
    if (addresses === undefined) throw this.#error('out-of-range', `channel ${command.channel} is not configured`)
    const [address, argument]: [string, OscArgument & { value: number }] =
      command.kind === 'setFader'
        ? [addresses.fader, { type: 'f', value: dbToFader(command.faderDb) }]
        : [addresses.on, { type: 'i', value: command.muted ? 0 : 1 }]
    const before = this.#turns.get(address) ?? Promise.resolve()
    const take = () => this.#lifetime.run(signal, (either) => this.#setAndConfirm(address, argument, either))
    const turn = before.then(take, take)
    this.#turns.set(address, turn)
    try {
      return await turn
    } finally {
      if (this.#turns.get(address) === turn) this.#turns.delete(address)
    }
  }

  async #setAndConfirm(address: string, argument: OscArgument & { value: number }, signal: AbortSignal): Promise<Ack> {
    const sentAtMs = this.#context.clock.now()
    let seen: number | null = null
    for (let attempt = 1; attempt <= readBackTries; attempt++) {
      signal.throwIfAborted()
      this.#memory.noteOwnSet(address, argument.value, this.#context.clock.monotonic())
      // The answer can arrive before `write` resolves, so the ear is opened first.
      const answer = this.#readBacks.next(address, readBackMs, signal)
      answer.catch(() => undefined)
      await this.#write(address, [argument])
      await this.#write(address, [])
      const first = await answer
      const value =
        first === null || isSame(argument, first) ? first : ((await this.#readBacks.next(address, secondWordMs, signal)) ?? first)
      if (value !== null) seen = value
      if (value !== null && isSame(argument, value)) {
        this.#confirmed(address)
        return { sentAtMs, answeredAtMs: this.#context.clock.now() }
      }
    }
    const problem = seen === null ? 'no read-back' : `sent, and the desk still says ${seen}`
    if (seen === null) this.#supervisor.misheard(`${address}: ${problem}`)
    else {
      this.#unconfirmed.set(address, `${address}: ${problem}`)
      this.#supervisor.fault(`${address}: ${problem}`)
    }
    throw this.#error(seen === null ? 'timeout' : 'nak', `${address}: ${problem}`)
  }

  #take(bytes: Uint8Array): void {
    const decoded = decodeOsc(bytes)
    if (!decoded.ok) {
      this.#supervisor.misheard(`not understood: ${decoded.reason}`)
      return
    }
    const report = readReport(decoded.message)
    switch (report.kind) {
      case 'meters':
        this.#takeMeters(report.page, report.blob)
        return
      case 'value':
        this.#takeValue(report.address, report.value)
        break
      case 'alive':
      case 'other':
        break
    }
    this.#supervisor.heard()
    this.#subscribe()
  }

  #takeValue(address: string, value: number | string): void {
    const taken = this.#memory.take(address, value, this.#context.clock.monotonic())
    const asked = this.#polled.delete(address)
    if (typeof value === 'number') this.#readBacks.settle(address, value)
    if (taken.as === 'hand') {
      this.#untold = asked ? this.#untold + 1 : 0
      if (this.#untold >= untoldBeforeComplaint)
        this.#supervisor.misheard('the desk does not tell its changes: more clients than it serves?')
      const now = this.#memory.channel(taken.channel)
      if (now !== null) this.#context.onEvent({ kind: 'handMoved', channel: now.channel, faderDb: now.faderDb, muted: now.muted })
      this.#confirmed(address)
    }
    if (taken.as === 'hand' || taken.as === 'own' || taken.as === 'first') this.#show()
  }

  #takeMeters(page: string, blob: Uint8Array): void {
    const levelsDb = this.#profile.decodeMeters(page, blob)
    if (levelsDb === null) {
      this.#supervisor.misheard(`${page}: not a meter blob of this desk`)
      return
    }
    const now = this.#context.clock.monotonic()
    const watched = Object.entries(levelsDb).filter(([channel]) => this.#channels.has(channel))
    this.#levels.set(page, { levelsDb: Object.fromEntries(watched), atMs: now })
    if (this.#levelsShownAt === null || now - this.#levelsShownAt >= levelsEveryMs) this.#show()
  }

  /** A meter page that stopped is forgotten; true when one was. */
  #forgetStaleLevels(): boolean {
    const oldestMs = this.#context.clock.monotonic() - levelsFreshMs
    const stale = [...this.#levels].filter(([, { atMs }]) => atMs < oldestMs)
    for (const [page] of stale) this.#levels.delete(page)
    return stale.length > 0
  }

  #show(): void {
    if (!this.#memory.complete) return
    this.#forgetStaleLevels()
    this.#levelsShownAt = this.#context.clock.monotonic()
    const levelsDb = Object.fromEntries([...this.#levels.values()].flatMap((page) => Object.entries(page.levelsDb)))
    this.#observed = { channels: this.#memory.channels(), levelsDb, atMs: this.#context.clock.now() }
    this.#context.onObserved(this.#observed)
  }

  /** First word of the desk on this wire: a dead address must not take one of its few client places. */
  #subscribe(): void {
    if (this.#subscribed) return
    this.#subscribed = true
    void this.#attempt(() => this.#renew())
    this.#renewTimer = this.#context.clock.every(renewMs, () => void this.#attempt(() => this.#renew()))
    void this.#attempt(() => this.#read(this.#memory.missing().slice(0, missingPerPoll)))
  }

  async #renew(): Promise<void> {
    await this.#write('/xremote', [])
    for (const page of this.#profile.meterPages) await this.#write('/meters', [{ type: 's', value: page }])
  }

  async #poll(): Promise<void> {
    await this.#write('/info', [])
    if (this.#forgetStaleLevels()) this.#show()
    if (!this.#subscribed) return
    const missing = this.#memory.missing()
    if (missing.length > 0) return this.#read(missing.slice(0, missingPerPoll))
    const strips = [...this.#channels.values()]
    const strip = strips[this.#nextRead++ % strips.length]
    if (strip === undefined) return
    this.#polled.add(strip.fader)
    this.#polled.add(strip.on)
    await this.#read([strip.fader, strip.on])
  }

  async #read(addresses: readonly string[]): Promise<void> {
    for (const address of addresses) await this.#write(address, [])
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (cause) {
      // The supervisor hears of a broken wire by itself; the next renewal or poll asks again.
      this.#context.log.info('desk request failed', {
        deviceId: this.#context.deviceId,
        cause: cause instanceof Error ? cause.message : String(cause),
      })
    }
  }

  #write(address: string, args: readonly OscArgument[]): Promise<void> {
    return this.#supervisor.write(encodeOsc({ address, args }))
  }

  #confirmed(address: string): void {
    if (this.#unconfirmed.delete(address) && this.#unconfirmed.size === 0) this.#supervisor.repaired()
  }

  #lost(reason: string): void {
    this.#renewTimer?.cancel()
    this.#renewTimer = null
    this.#subscribed = false
    this.#untold = 0
    this.#polled.clear()
    this.#unconfirmed.clear()
    this.#memory.forget()
    this.#levels.clear()
    this.#observed = null
    this.#readBacks.failAll(this.#error('lost', reason))
  }

  #error(code: DriverError['code'], message: string): DriverError {
    return new DriverError(code, this.#context.deviceId, message)
  }
}

function isSame(argument: OscArgument & { value: number }, value: number): boolean {
  return argument.type === 'f' ? sameFaderStep(argument.value, value) : argument.value === value
}

function addressesOf(profile: DeskProfile, channel: string, deviceId: string): ChannelAddresses {
  const addresses = profile.channelAddresses(channel)
  if (addresses === null) throw new DriverError('out-of-range', deviceId, `${profile.model} has no channel ${channel}`)
  return addresses
}

// The mixing desk under a cut-in: what was open is noted, taken, and given back when the last taker lets go. A wish stands while an
// alert is on air; whatever a hand moves, on the desk or on a screen, is that hand's from then on. What is given back is wished only
// until the desk shows it: afterwards the desk is the hands' again, and a microphone that came back muted can be opened. An output
// holds the desk once, whatever takes its air: an alert that follows a microphone or another alert is the same holding. A desk that is
// lost is taken when it is read again, and given back then, also by the next station: what is not as the cut-in left it was a hand's.
import type { DeskDesired } from '../../hardware/contract/kinds.ts'
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import { channelsWithRoles, deskAfterCutIn, type DeskChannelWish, deskForCutIn } from '../../shared/domain/desk-roles.ts'
import type { DeviceId, OutputId } from '../../shared/domain/ids.ts'
import { beforeNow, type DeskHoldings, type Held, movedUnseen } from './desk-holding.ts'
import type { Device, PlantDevices, PlantDriver } from './plant-devices.ts'

type Desk = Extract<PlantDriver, { kind: 'desk' }>

interface Standing {
  readonly channels: readonly DeskChannelWish[]
  readonly causeId: string
}

const nothing: Standing = { channels: [], causeId: 'idle' }
/** How long the reading of a desk that answers is waited for before it is taken from ignorance, ms: an alert must come through. */
const firstReadingMs = 1000

export class DeskTakes {
  readonly #devices: PlantDevices
  readonly #clock: Clock
  readonly #keep: (held: DeskHoldings | null) => void
  readonly #takes = new Map<OutputId, 'off' | 'live'>()
  readonly #held = new Map<DeviceId, Held>()
  readonly #standing = new Map<DeviceId, Standing>()
  readonly #waits = new Map<DeviceId, Timer>()
  /** What the station before this one held. */
  #left: DeskHoldings['takes'] = []
  /** Nothing is given back before it is known what still holds. */
  #begun = false
  #causeId = nothing.causeId

  /** @param keep called with what the next station must know; null = nothing is held */
  constructor(devices: PlantDevices, clock: Clock, keep: (held: DeskHoldings | null) => void) {
    this.#devices = devices
    this.#clock = clock
    this.#keep = keep
  }

  /** What an earlier station held and did not give back. */
  left({ takes, desks }: DeskHoldings): void {
    this.#left = takes
    for (const { deviceId, moved, ...rest } of desks)
      if (this.#devices.find(deviceId)) this.#held.set(deviceId, { ...rest, moved: new Set(moved), phase: 'owed' })
  }

  /** This output holds on to what an earlier station took for it: it was stopped in the middle. */
  holdOn(outputId: OutputId): void {
    const take = this.#left.find((one) => one.outputId === outputId)
    if (take) this.take(outputId, 'STOP', take.microphone)
  }

  /** Whatever was taken over is: what nobody holds any more is given back. */
  begin(): void {
    this.#begun = true
    if (this.#takes.size === 0) this.#causeId = 'station'
    for (const { device, made } of this.#devices.ofKind('desk')) this.#giveOwed(device, made)
  }

  /** A hand on the desk: nothing is wished of this channel any more. */
  movedByHand(deviceId: DeviceId, channel: string): void {
    const device = this.#devices.find(deviceId)
    if (device === undefined) return
    this.#noteHand(device, channel)
    const { channels, causeId } = this.#of(device)
    const left = channels.filter((wish) => wish.channel !== channel)
    if (left.length < channels.length) this.#want(device, { channels: left, causeId })
  }

  /** A hand on the screen: this one channel as wished, everything else as it stands. */
  moveOnScreen(device: Device, { channel, faderDb, muted }: DeskChannelWish, actor: string): void {
    this.#noteHand(device, channel)
    const { channels } = this.#of(device)
    const was = channels.find((wish) => wish.channel === channel)
    const merged = { channel, faderDb: faderDb ?? was?.faderDb ?? null, muted: muted ?? was?.muted ?? null }
    this.#want(device, { channels: [...channels.filter((wish) => wish !== was), merged], causeId: actor })
  }

  /** The desk was read. Call it before the reconciler is told: what it has now is noted before anything is ordered. */
  observed(device: Device, made: Desk): void {
    const held = this.#held.get(device.id)
    if (held?.phase === 'unread') this.#orderNow(device, made, held)
    else if (held?.phase === 'owed') this.#giveOwed(device, made)
    else if (held?.phase !== 'taken' && this.#of(device).channels.length + (held ? 1 : 0) > 0 && device.reconciler.settled) {
      // What it was given back, it has.
      this.#want(device, nothing)
      this.#forget(device)
    }
  }

  /** It was lost, or answers again. */
  statusChanged(device: Device): void {
    const held = this.#held.get(device.id)
    if (held === undefined) return
    if (device.status.state !== 'lost') {
      if (held.phase === 'unread') this.#waitForReading(device)
      return
    }
    this.#waits.get(device.id)?.cancel()
    this.#waits.delete(device.id)
    // What was ordered of a desk nobody had read may never have reached it: its next reading tells what it has.
    const phase = held.phase === 'returning' ? 'owed' : held.phase === 'taken' && held.before === null ? 'unread' : held.phase
    if (phase === held.phase) return
    this.#held.set(device.id, { ...held, phase })
    this.#want(device, nothing)
  }

  /** What was open is noted, the programme is taken, microphones are muted unless one of them is all that airs. */
  take(outputId: OutputId, causeId: string, microphone: 'off' | 'live'): void {
    const first = this.#takes.size === 0
    const before = this.#microphone
    this.#takes.set(outputId, microphone)
    if (!first && this.#microphone === before) return
    this.#causeId = causeId
    for (const { device, made } of this.#devices.ofKind('desk')) {
      const old = this.#held.get(device.id)
      const read = made.driver.observed?.channels ?? null
      const goesOn = old?.phase === 'unread' || old?.phase === 'taken'
      const held: Held = goesOn ? old : { before: beforeNow(old, read), taken: old?.taken ?? [], moved: new Set(), phase: 'unread' }
      this.#held.set(device.id, held)
      if (read === null && held.phase === 'unread') this.#waitForReading(device)
      else this.#order(device, made, held)
    }
    this.#tell()
  }

  /** As it was, except that every microphone stays muted and what a hand moved meanwhile is left alone. */
  restore(outputId: OutputId, causeId: string): void {
    if (!this.#takes.delete(outputId)) return
    if (this.#takes.size === 0) {
      this.#causeId = causeId
      for (const { device, made } of this.#devices.ofKind('desk')) this.#letGo(device, made)
    }
    this.#tell()
  }

  /** True while a desk is being given back. */
  isReturning(device: Device): boolean {
    return this.#held.get(device.id)?.phase === 'returning'
  }

  close(): void {
    for (const timer of this.#waits.values()) timer.cancel()
  }

  /** One output that reads an alert closes the desk's microphones for all of them. */
  get #microphone(): 'off' | 'live' {
    return [...this.#takes.values()].includes('off') ? 'off' : 'live'
  }

  /** @param held unread so far, or taken in another way: then all of it is taken anew */
  #order(device: Device, made: Desk, held: Held): void {
    const read = made.driver.observed
    const before = held.before ?? read?.channels ?? null
    const onPath = new Set([...made.roles.programmeChannels, made.roles.main])
    // An alert must come through: what carries it is taken again, whoever closed it while nobody looked.
    const unseen = read === null ? [] : movedUnseen(held, (wish) => isAs(made, wish)).filter((channel) => !onPath.has(channel))
    const moved = new Set([...held.moved, ...unseen])
    const taken = deskForCutIn(before === null ? null : { channels: before }, made.roles, this.#microphone)
    const hands = held.phase === 'unread' ? moved : new Set(unseen)
    const byHand = this.#of(device).channels.filter(({ channel }) => hands.has(channel))
    this.#held.set(device.id, { before, taken, moved, phase: 'taken' })
    this.#want(device, { channels: [...taken.filter(({ channel }) => !hands.has(channel)), ...byHand], causeId: this.#causeId })
  }

  /** What was waited for has come. */
  #orderNow(device: Device, made: Desk, held: Held): void {
    this.#order(device, made, held)
    this.#tell()
  }

  #letGo(device: Device, made: Desk): void {
    const held = this.#held.get(device.id)
    if (held === undefined) return
    // Nothing was ordered of it: there is nothing to give back.
    if (held.phase === 'unread' && held.taken.length === 0) return this.#forget(device)
    if (held.phase === 'unread' || made.driver.observed === null) {
      this.#held.set(device.id, { ...held, phase: 'owed' })
      this.#want(device, nothing)
    } else this.#giveBack(device, made, held, held.moved)
  }

  /** Nobody saw what hands did to it: only what is still as the cut-in left it is given back. */
  #giveOwed(device: Device, made: Desk): void {
    const held = this.#held.get(device.id)
    if (!this.#begun || held?.phase !== 'owed' || made.driver.observed === null) return
    const asLeft = new Set(held.taken.filter((wish) => isAs(made, wish)).map(({ channel }) => channel))
    const hands = channelsWithRoles(made.roles).filter((channel) => !asLeft.has(channel))
    this.#giveBack(device, made, held, new Set([...held.moved, ...hands]))
  }

  #giveBack(device: Device, made: Desk, held: Held, hands: ReadonlySet<string>): void {
    const channels = deskAfterCutIn(held.before === null ? null : { channels: held.before }, made.roles, hands)
    this.#held.set(device.id, { ...held, moved: hands, phase: 'returning' })
    this.#want(device, { channels, causeId: this.#causeId })
  }

  #waitForReading(device: Device): void {
    if (device.status.state === 'lost' || this.#waits.has(device.id)) return
    const wait = this.#clock.after(firstReadingMs, () => {
      this.#waits.delete(device.id)
      const held = this.#held.get(device.id)
      if (held?.phase === 'unread' && device.made.kind === 'desk') this.#orderNow(device, device.made, held)
    })
    this.#waits.set(device.id, wait)
  }

  #noteHand(device: Device, channel: string): void {
    const held = this.#held.get(device.id)
    if (held === undefined || held.moved.has(channel)) return
    this.#held.set(device.id, { ...held, moved: new Set([...held.moved, channel]) })
    this.#tell()
  }

  #forget(device: Device): void {
    if (this.#held.delete(device.id)) this.#tell()
  }

  #tell(): void {
    if (this.#held.size === 0) return this.#keep(null)
    const takes = [...this.#takes].map(([outputId, microphone]) => ({ outputId, microphone }))
    const desks = [...this.#held].map(([deviceId, { before, taken, moved }]) => ({
      deviceId,
      before: before === null ? null : [...before],
      taken: [...taken],
      moved: [...moved],
    }))
    this.#keep({ takes, desks })
  }

  #of(device: Device): Standing {
    return this.#standing.get(device.id) ?? nothing
  }

  #want(device: Device, standing: Standing): void {
    this.#standing.set(device.id, standing)
    device.reconciler.want(standing satisfies DeskDesired as never)
  }
}

/** The desk says that this channel is as wished. */
function isAs({ driver }: Desk, wish: DeskChannelWish): boolean {
  return driver.plan(driver.observed, { channels: [wish], causeId: nothing.causeId }).length === 0
}

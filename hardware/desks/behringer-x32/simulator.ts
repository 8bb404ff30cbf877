// A desk of the Behringer OSC family on a real UDP socket, with the behaviour that hurts: `/xremote` lapses after 10.5 s,
// one client too many is served in silence, the X32 does not echo a set to its setter (the X-Air does), sets are taken in
// 1/1023 steps. Faults are knobs; `record` is what the desk understood and did, the oracle of the tests.
import { createSocket, type Socket } from 'node:dgram'
import type { Clock, Timer } from '../../../shared/domain/clock.ts'
import type { DeviceSimulator, SimulatorRecord } from '../../contract/driver.ts'
import { type DeskTraits, x32Traits } from './simulator-traits.ts'
import { buildWire, parseWire, type WireMessage } from './simulator-wire.ts'

export interface DeskFaults {
  /** Nothing is answered or sent: cable pulled, desk dead. */
  silent: boolean
  /** The next so many datagrams from the driver are lost. */
  loseIncoming: number
  /** The next so many datagrams to the driver are lost. */
  loseOutgoing: number
  /** The next so many datagrams to the driver are garbled. */
  garbleOutgoing: number
  /** Every answer comes this much later, ms. */
  lateMs: number
  /** Sets are understood and not carried out (acknowledged by nothing, visible only by read-back). */
  ignoreSets: boolean
  /** The same for one channel. */
  ignoreSetsOf: string | null
  /** The next so many renewals (`/xremote` with the meters that follow it) are lost. */
  loseRenewals: number
  /** No meters are sent, whoever asked for them; everything else goes on. */
  noMeters: boolean
}

export interface DeskSimulator extends DeviceSimulator {
  readonly faults: DeskFaults
  /** What the desk holds for a channel: fader 0..1 and whether it is open. */
  strip(channel: string): { readonly fader: number; readonly on: boolean }
  /** A hand on the desk: changes and tells every client. */
  moveByHand(channel: string, change: { readonly fader?: number; readonly on?: boolean }): void
  setLevel(channel: string, levelDb: number): void
  /** Clients now served with changes. */
  clientCount(): number
}

const xremoteLastsMs = 10_500
const metersLastMs = 10_000
const metersEveryMs = 50
const maxRecords = 20_000

interface Peer {
  readonly address: string
  readonly port: number
}

/** Opens the desk on 127.0.0.1; `port` 0 = any. */
export async function startDeskSimulator(traits: DeskTraits, clock: Clock, port = 0): Promise<DeskSimulator> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(port, '127.0.0.1', resolve)
  })
  return new SimulatedDesk(traits, clock, socket)
}

class SimulatedDesk implements DeskSimulator {
  readonly address: string
  readonly record: SimulatorRecord[] = []
  readonly faults: DeskFaults = {
    silent: false,
    loseIncoming: 0,
    loseOutgoing: 0,
    garbleOutgoing: 0,
    lateMs: 0,
    ignoreSets: false,
    ignoreSetsOf: null,
    loseRenewals: 0,
    noMeters: false,
  }
  readonly #traits: DeskTraits
  readonly #clock: Clock
  readonly #socket: Socket
  readonly #values = new Map<string, number | string>()
  readonly #clients = new Map<string, { peer: Peer; untilMs: number }>()
  readonly #meterClients = new Map<string, { peer: Peer; untilMs: number }>()
  readonly #levelsDb: Record<string, number> = {}
  readonly #late = new Set<Timer>()
  readonly #meterTimer: Timer
  #renewalLost = false
  #closed = false

  constructor(traits: DeskTraits, clock: Clock, socket: Socket) {
    this.#traits = traits
    this.#clock = clock
    this.#socket = socket
    this.address = `udp://127.0.0.1:${socket.address().port}`
    for (const [channel, path] of Object.entries(traits.strips)) {
      this.#values.set(`${path}/fader`, 0)
      this.#values.set(`${path}/on`, 0)
      this.#values.set(namePath(path), channel)
    }
    socket.on('message', (datagram, from) => this.#take(datagram, { address: from.address, port: from.port }))
    this.#meterTimer = clock.every(metersEveryMs, () => this.#sendMeters())
  }

  strip(channel: string): { readonly fader: number; readonly on: boolean } {
    const path = this.#path(channel)
    return { fader: Number(this.#values.get(`${path}/fader`)), on: this.#values.get(`${path}/on`) === 1 }
  }

  moveByHand(channel: string, change: { readonly fader?: number; readonly on?: boolean }): void {
    const path = this.#path(channel)
    if (change.fader !== undefined) this.#change(`${path}/fader`, 'f', quantise(change.fader), null)
    if (change.on !== undefined) this.#change(`${path}/on`, 'i', change.on ? 1 : 0, null)
    this.#note('hand', { channel, ...change })
  }

  setLevel(channel: string, levelDb: number): void {
    this.#levelsDb[channel] = levelDb
  }

  clientCount(): number {
    this.#forgetLapsed(this.#clients)
    return this.#clients.size
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#meterTimer.cancel()
    for (const timer of this.#late) timer.cancel()
    await new Promise<void>((resolve) => this.#socket.close(resolve))
  }

  #take(datagram: Buffer, peer: Peer): void {
    if (this.faults.silent) return
    if (this.faults.loseIncoming > 0) {
      this.faults.loseIncoming -= 1
      return
    }
    const message = parseWire(datagram)
    if (message === null) {
      this.#note('notUnderstood', { bytes: datagram.length })
      return
    }
    if (message.address === '/xremote') {
      this.#renewalLost = this.faults.loseRenewals > 0
      if (this.#renewalLost) this.faults.loseRenewals -= 1
      else this.#subscribe(peer)
      return
    }
    if (message.address === '/info') {
      this.#answer(peer, '/info', 'ssss', this.#traits.info)
      return
    }
    if (message.address === '/meters') {
      if (!this.#renewalLost) this.#subscribeMeters(message, peer)
      return
    }
    const held = this.#values.get(message.address)
    if (held === undefined) {
      this.#note('unknownAddress', { address: message.address })
      return
    }
    if (message.values.length === 0) {
      this.#answer(peer, message.address, tagOf(message.address), [held])
      return
    }
    this.#set(message, peer)
  }

  #set(message: WireMessage, peer: Peer): void {
    const tag = tagOf(message.address)
    const value = message.values[0]
    if (message.tags !== tag || typeof value === 'object' || value === undefined) {
      this.#note('wrongType', { address: message.address, tags: message.tags })
      return
    }
    const { ignoreSets, ignoreSetsOf } = this.faults
    if (ignoreSets || (ignoreSetsOf !== null && message.address.startsWith(`${this.#path(ignoreSetsOf)}/`))) {
      this.#note('setIgnored', { address: message.address, value })
      return
    }
    const taken = tag === 'f' ? quantise(Number(value)) : tag === 'i' ? (value === 0 ? 0 : 1) : value
    this.#note('set', { address: message.address, value: taken })
    this.#change(message.address, tag, taken, peer)
  }

  #change(address: string, tag: string, value: number | string, setter: Peer | null): void {
    if (this.#values.get(address) === value) return
    this.#values.set(address, value)
    this.#forgetLapsed(this.#clients)
    for (const { peer } of this.#clients.values()) {
      const isSetter = setter !== null && key(peer) === key(setter)
      if (!isSetter || this.#traits.echoesOwnSets) this.#answer(peer, address, tag, [value])
    }
  }

  #subscribe(peer: Peer): void {
    this.#forgetLapsed(this.#clients)
    const known = this.#clients.has(key(peer))
    if (!known && this.#clients.size >= this.#traits.clients) {
      this.#note('clientRefusedSilently', { port: peer.port })
      return
    }
    if (!known) this.#note('client', { port: peer.port })
    this.#clients.set(key(peer), { peer, untilMs: this.#clock.monotonic() + xremoteLastsMs })
  }

  #subscribeMeters(message: WireMessage, peer: Peer): void {
    if (message.values[0] !== this.#traits.meterPage) return
    this.#meterClients.set(key(peer), { peer, untilMs: this.#clock.monotonic() + metersLastMs })
  }

  #sendMeters(): void {
    this.#forgetLapsed(this.#meterClients)
    if (this.#meterClients.size === 0 || this.faults.noMeters) return
    const blob = this.#traits.buildMeters(this.#levelsDb)
    for (const { peer } of this.#meterClients.values()) this.#answer(peer, this.#traits.meterPage, 'b', [blob])
  }

  #answer(peer: Peer, address: string, tags: string, values: readonly (number | string | Buffer)[]): void {
    if (this.faults.silent) return
    if (this.faults.loseOutgoing > 0) {
      this.faults.loseOutgoing -= 1
      return
    }
    const datagram = buildWire(address, tags, values)
    if (this.faults.garbleOutgoing > 0) {
      this.faults.garbleOutgoing -= 1
      for (let at = 0; at < datagram.length; at += 3) datagram[at] = (datagram[at] ?? 0) ^ 0xa5
    }
    if (this.faults.lateMs === 0) {
      this.#send(datagram, peer)
      return
    }
    const timer = this.#clock.after(this.faults.lateMs, () => {
      this.#late.delete(timer)
      this.#send(datagram, peer)
    })
    this.#late.add(timer)
  }

  #send(datagram: Buffer, peer: Peer): void {
    // A datagram to a client that has gone away is nobody's error: UDP knows no delivery.
    if (!this.#closed) this.#socket.send(datagram, peer.port, peer.address, () => undefined)
  }

  #forgetLapsed(clients: Map<string, { untilMs: number }>): void {
    const now = this.#clock.monotonic()
    for (const [name, client] of clients) if (client.untilMs <= now) clients.delete(name)
  }

  #path(channel: string): string {
    const path = this.#traits.strips[channel]
    if (path === undefined) throw new RangeError(`the simulated desk has no channel ${channel}`)
    return path
  }

  #note(what: string, detail: Record<string, string | number | boolean>): void {
    if (this.record.length < maxRecords) this.record.push({ atMs: this.#clock.now(), what, detail })
  }
}

function quantise(position: number): number {
  return Math.round(Math.min(Math.max(position, 0), 1) * 1023) / 1023
}

function tagOf(address: string): 'f' | 'i' | 's' {
  return address.endsWith('/fader') ? 'f' : address.endsWith('/name') ? 's' : 'i'
}

function namePath(path: string): string {
  return `${path.replace(/\/mix$/, '')}/config/name`
}

function key(peer: Peer): string {
  return `${peer.address}:${peer.port}`
}

/** Starts a simulated X32. */
export function startX32Simulator(clock: Clock, port = 0): Promise<DeskSimulator> {
  return startDeskSimulator(x32Traits, clock, port)
}

// Reads a transmitter's telemetry name by name and assembles it. What says "on air" is read every time; the rest in turn, so that
// a 9600 baud line is asked for the carrier twice a second. Names a unit does not know are left out, if nothing depends on them.
import type { TransmitterObserved } from '../../../shared/domain/device.ts'
import { DriverError } from '../../../shared/domain/errors.ts'
import type { EpochMs } from '../../../shared/domain/time.ts'
import type { Quantity, TransmitterProfile } from './profile.ts'
import { parseChoice, parseQuantity } from './protocol.ts'

export type ReadValue = (name: string) => Promise<string>

type Values = Map<string, string>

/** Slow names read with each poll, after the fast ones. */
const slowPerPoll = 2

export class Telemetry {
  readonly #profile: TransmitterProfile
  readonly #deviceId: string
  readonly #values: Values = new Map()
  readonly #absent = new Set<string>()
  readonly #fast: readonly string[]
  readonly #slow: readonly string[]
  readonly #optional: ReadonlySet<string>
  #nextSlow = 0
  #complete = false

  constructor(profile: TransmitterProfile, deviceId: string) {
    const { names, alarms } = profile
    this.#profile = profile
    this.#deviceId = deviceId
    this.#fast = [names.carrier, names.forward, names.rfPresent, names.interlock, names.local]
    const optional = [names.standby, names.warning, ...Object.keys(alarms)].filter((name) => name !== null)
    this.#optional = new Set(optional)
    this.#slow = [names.powerSet, names.reflected, names.vswr, names.frequency, names.fault, ...optional]
  }

  /** Reads what is due and returns the whole picture; at first everything, over several calls if it must. `now` is taken before the first answer. */
  async poll(read: ReadValue, now: () => EpochMs, also: readonly string[] = []): Promise<TransmitterObserved> {
    const atMs = now()
    const turn = this.#complete ? this.#takeTurn() : this.#slow.filter((name) => !this.#values.has(name))
    for (const name of new Set([...this.#fast, ...also, ...turn])) await this.#readInto(name, read)
    this.#complete = true
    return this.#assemble(atMs)
  }

  /** After a reconnect, or an answer that made no sense, nothing read before is believed. */
  forget(): void {
    this.#values.clear()
    this.#absent.clear()
    this.#complete = false
  }

  #takeTurn(): readonly string[] {
    const turn = Array.from({ length: slowPerPoll }, (_, i) => this.#slow[(this.#nextSlow + i) % this.#slow.length])
    this.#nextSlow = (this.#nextSlow + slowPerPoll) % this.#slow.length
    return turn.filter((name) => name !== undefined)
  }

  async #readInto(name: string, read: ReadValue): Promise<void> {
    if (this.#absent.has(name)) return
    try {
      this.#values.set(name, await read(name))
    } catch (cause) {
      if (!(cause instanceof DriverError && cause.code === 'nak' && this.#optional.has(name))) throw cause
      this.#absent.add(name)
    }
  }

  #assemble(atMs: EpochMs): TransmitterObserved {
    const { names, alarms } = this.#profile
    const standby = names.standby === null ? null : this.#values.get(names.standby)
    const standing = Object.entries(alarms).filter(([name]) => this.#values.get(name) === 'ON')
    const warning = names.warning !== null && this.#values.get(names.warning) === 'ON' ? ['warning'] : []
    return {
      carrierOn: this.#choice(names.carrier, 'ON', 'OFF') && standby !== 'ON',
      forwardPowerW: this.#quantity('forward'),
      reflectedPowerW: this.#quantity('reflected'),
      powerSetW: this.#quantity('powerSet'),
      vswr: this.#quantity('vswr'),
      frequencyKhz: this.#quantity('frequency'),
      interlockClosed: this.#choice(names.interlock, 'CLOSE', 'OPEN'),
      localMode: this.#choice(names.local, 'LOCAL', 'REMOTE'),
      rfPresent: this.#choice(names.rfPresent, 'PRES', 'NOT PRES'),
      fault: this.#choice(names.fault, 'FAULT', 'OK'),
      alarms: [...standing.map(([, word]) => word), ...warning],
      tempDegC: null,
      atMs,
    }
  }

  #quantity(quantity: Quantity): number {
    const name = this.#profile.names[quantity]
    const text = this.#values.get(name) ?? ''
    const value = parseQuantity(this.#profile, quantity, text)
    if (value === null) throw new DriverError('malformed', this.#deviceId, `${name} reads ${JSON.stringify(text)}`)
    return value
  }

  #choice(name: string, whenTrue: string, whenFalse: string): boolean {
    const text = this.#values.get(name) ?? ''
    const value = parseChoice(text, whenTrue, whenFalse)
    if (value === null) throw new DriverError('malformed', this.#deviceId, `${name} reads ${JSON.stringify(text)}`)
    return value
  }
}

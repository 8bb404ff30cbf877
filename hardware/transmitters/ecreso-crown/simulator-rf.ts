// The radio part of the simulated transmitter: what is radiated follows from control, interlock and antenna, with a ramp. It
// knows nothing of the protocol.
import type { Clock } from '../../../shared/domain/clock.ts'

export interface RfOptions {
  readonly clock: Clock
  /** Time from nothing to full power, ms. */
  readonly rampMs: number
  readonly powerSetW: number
  readonly interlockClosed: boolean
  /** Called when radiation begins or ends, with the cause. */
  onCarrier(on: boolean, cause: string): void
}

/** Forward power above which the unit says that RF is present, W. */
const rfPresentW = 1

export class SimulatedRf {
  readonly #options: RfOptions
  #operating = false
  #standby = false
  #interlockClosed: boolean
  #fault = false
  #stuck = false
  #powerSetW: number
  #antennaVswr = 1.3
  #powerLoss = 0
  #radiating = false
  #ramp: { readonly fromW: number; readonly toW: number; readonly startMs: number }

  constructor(options: RfOptions) {
    this.#options = options
    this.#interlockClosed = options.interlockClosed
    this.#powerSetW = options.powerSetW
    this.#ramp = { fromW: 0, toW: 0, startMs: options.clock.monotonic() }
  }

  get operating(): boolean {
    return this.#operating
  }
  get standby(): boolean {
    return this.#standby
  }
  get interlockClosed(): boolean {
    return this.#interlockClosed
  }
  get fault(): boolean {
    return this.#fault
  }
  get powerSetW(): number {
    return this.#powerSetW
  }
  get radiating(): boolean {
    return this.#radiating
  }
  get rfPresent(): boolean {
    return this.forwardW >= rfPresentW
  }
  get forwardW(): number {
    const { fromW, toW, startMs } = this.#ramp
    const share = this.#options.rampMs <= 0 ? 1 : Math.min(1, (this.#options.clock.monotonic() - startMs) / this.#options.rampMs)
    return (fromW + (toW - fromW) * share) * (1 - this.#powerLoss)
  }
  get vswr(): number {
    return this.rfPresent ? this.#antennaVswr : 1
  }
  get reflectedW(): number {
    const rho = (this.vswr - 1) / (this.vswr + 1)
    return this.forwardW * rho * rho
  }

  setOperating(on: boolean): void {
    this.#operating = on
    this.#update(on ? 'ordered on' : 'ordered off')
  }
  setStandby(on: boolean): void {
    this.#standby = on
    this.#update(on ? 'standby' : 'standby left')
  }
  setInterlock(closed: boolean): void {
    this.#interlockClosed = closed
    this.#update(closed ? 'interlock closed' : 'interlock opened')
  }
  setFault(on: boolean): void {
    this.#fault = on
    this.#update(on ? 'fault' : 'fault cleared')
  }
  setPower(powerW: number): void {
    this.#powerSetW = powerW
    if (this.#radiating) this.#rampTo(powerW)
  }
  setAntennaVswr(vswr: number): void {
    this.#antennaVswr = vswr
  }
  /** Share of the power that the output stage no longer gives, 0..1: a dead module, a sagging supply. */
  setPowerLoss(share: number): void {
    this.#powerLoss = share
  }
  /** The output stage no longer follows the control; only the interlock still cuts it. */
  setStuck(stuck: boolean): void {
    this.#stuck = stuck
    this.#update(stuck ? 'stuck' : 'freed')
  }

  #update(cause: string): void {
    const ordered = this.#operating && !this.#standby && !this.#fault
    const radiates = this.#interlockClosed && (ordered || (this.#stuck && this.#radiating))
    if (radiates === this.#radiating) return
    this.#radiating = radiates
    if (radiates) this.#rampTo(this.#powerSetW)
    else this.#ramp = { fromW: 0, toW: 0, startMs: this.#options.clock.monotonic() }
    this.#options.onCarrier(radiates, cause)
  }

  #rampTo(toW: number): void {
    this.#ramp = { fromW: this.forwardW / (1 - this.#powerLoss || 1), toW, startMs: this.#options.clock.monotonic() }
  }
}

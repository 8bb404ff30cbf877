// A simulated Helios or FME transmitter on a real wire. Its parser and its tables are written from the manuals on their own and
// share nothing with the driver; its record is what the tests believe.
import { type Clock, systemClock } from '../../../shared/domain/clock.ts'
import type { DeviceSimulator } from '../../contract/driver.ts'
import { SimulatorLog } from '../../contract/simulator-log.ts'
import { type FarEndWire, openFarEnd } from '../../transport/far-end.ts'
import { SimulatedRf } from './simulator-rf.ts'

export interface TransmitterSimulatorOptions {
  readonly wire: FarEndWire
  readonly model: 'helios' | 'crown'
  readonly clock?: Clock
  /** Set point at power-on, W. */
  readonly powerSetW?: number
  /** The most this unit can give (TX.PCAP), W: a set point above it is refused. */
  readonly powerCapW?: number
  readonly frequencyKhz?: number
  readonly rampMs?: number
  readonly replyDelayMs?: number
  /** State of the interlock input before anything is wired to it. */
  readonly interlockClosed?: boolean
  readonly lineEnding?: '\r' | '\n' | '\r\n'
  /** Says only the value, without its name. */
  readonly bareAnswers?: boolean
}

/** What can be wrong with the unit; all off at the start. */
export interface TransmitterFaults {
  /** Hears and does, says nothing. */
  silent: boolean
  /** Answers are scrambled. */
  garbled: boolean
  /** Every write is refused. */
  refusing: boolean
  /** Writes are acknowledged and not done. */
  ackOnly: boolean
  /** The next so many answers come this much later. */
  late: { count: number; byMs: number }
  /** Sends noise of this many bytes after each answer. */
  noiseBytes: number
}

export interface TransmitterSimulator extends DeviceSimulator {
  readonly faults: TransmitterFaults
  readonly radiating: boolean
  readonly forwardPowerW: number
  readonly powerSetW: number
  readonly localMode: boolean
  /** Requests understood so far, reads included (these are not in the record). */
  readonly requests: number
  setInterlock(closed: boolean): void
  setLocal(local: boolean): void
  setFault(fault: boolean): void
  /** The output stage stays on when ordered off; the control reads OFF (H6). */
  setStuckKeyed(stuck: boolean): void
  setAntennaVswr(vswr: number): void
  /** Share of the forward power that is lost, 0..1. */
  setPowerLoss(share: number): void
  /** A hand at the front panel. */
  switchByHand(on: boolean): void
  unplug(): Promise<void>
  plug(): Promise<void>
}

export async function createTransmitterSimulator(options: TransmitterSimulatorOptions): Promise<TransmitterSimulator> {
  const clock = options.clock ?? systemClock
  const log = new SimulatorLog(clock)
  const faults: TransmitterFaults = {
    silent: false,
    garbled: false,
    refusing: false,
    ackOnly: false,
    late: { count: 0, byMs: 0 },
    noiseBytes: 0,
  }
  const frequencyKhz = options.frequencyKhz ?? 102_400
  const powerCapW = options.powerCapW ?? 9999
  const ending = options.lineEnding ?? '\r'
  let local = false
  let requests = 0
  let pending = ''
  const rf = new SimulatedRf({
    clock,
    rampMs: options.rampMs ?? 1000,
    powerSetW: options.powerSetW ?? 100,
    interlockClosed: options.interlockClosed ?? true,
    onCarrier: (on, cause) => log.add('carrier', { on, cause }),
  })

  const onOff = (on: boolean) => (on ? 'ON' : 'OFF')
  const answers: Record<string, () => string> = {
    'TX.OPMODE': () => onOff(rf.operating),
    'TX.SBY': () => onOff(rf.standby),
    'TX.PWR': () => rf.powerSetW.toFixed(0),
    'TX.PFWD': () => rf.forwardW.toFixed(0),
    // The manuals' own example: "20" is 2 W.
    'TX.PREF': () => (rf.reflectedW * 10).toFixed(0),
    'TX.VSWR': () => rf.vswr.toFixed(1).padStart(4, '0'),
    'TX.FREQ': () => (options.model === 'helios' ? String(frequencyKhz) : (frequencyKhz / 1000).toFixed(1)),
    'TX.INTERLOCK': () => (rf.interlockClosed ? 'CLOSE' : 'OPEN'),
    [options.model === 'helios' ? 'TX.LOCALMODE' : 'TX.MODE']: () => (local ? 'LOCAL' : 'REMOTE'),
    'TX.RFPRESENT': () => (rf.rfPresent ? 'PRES' : 'NOT PRES'),
    'TX.FAULT': () => (rf.fault ? 'FAULT' : 'OK'),
    'TX.ALARM.3DB': () => onOff(rf.radiating && rf.forwardW < rf.powerSetW / 2),
    'TX.ALARM.VSWR': () => onOff(rf.vswr > 2),
    'TX.PCAP': () => String(powerCapW),
    'TX.TYPE': () => (options.model === 'helios' ? 'HELIOS-100' : 'FME-100'),
    ...(options.model === 'helios' ? { 'TX.WARNING': () => 'OFF' } : { 'TX.ALARM.1DB': () => 'OFF', 'TX.ALARM.VSWRTRIP': () => 'OFF' }),
  }
  const isOnOff = /^(ON|OFF)$/
  const writes: Record<string, { readonly form: RegExp; set(value: string): void }> = {
    'TX.OPMODE': { form: isOnOff, set: (value) => rf.setOperating(value === 'ON') },
    'TX.SBY': { form: isOnOff, set: (value) => rf.setStandby(value === 'ON') },
    'TX.PWR': { form: /^\d{1,4}$/, set: (value) => rf.setPower(Number(value)) },
  }

  const say = (text: string) => {
    const body = faults.garbled ? scramble(text) : text
    const noise = faults.noiseBytes > 0 ? '\u0007~'.repeat(Math.ceil(faults.noiseBytes / 2)) : ''
    const bytes = Buffer.from(`${body}${ending}${noise}`, 'latin1')
    const late = faults.late.count > 0
    if (late) faults.late.count -= 1
    const delayMs = (options.replyDelayMs ?? 5) + (late ? faults.late.byMs : 0)
    clock.after(delayMs, () => farEnd.send(bytes))
  }

  const answerOf = (name: string, value: string) => (options.bareAnswers ? value : `${name}=${value}`)
  const hear = (line: string) => {
    requests += 1
    const equals = line.indexOf('=')
    const name = equals < 0 ? line : line.slice(0, equals)
    let answer: string
    if (equals < 0) {
      const value = answers[name]
      answer = value === undefined ? 'ERROR' : answerOf(name, value())
      if (value === undefined) log.add('unknown', { line })
    } else {
      const value = line.slice(equals + 1)
      const write = writes[name]
      const beyond = name === 'TX.PWR' && Number(value) > powerCapW
      const accepted = write?.form.test(value) === true && !beyond && !local && !faults.refusing
      log.add(accepted ? 'write' : 'refused', { name, value })
      if (accepted && !faults.ackOnly) write.set(value)
      answer = accepted ? answerOf(name, value) : 'ERROR'
    }
    if (!faults.silent) say(answer)
  }

  const farEnd = await openFarEnd(options.wire, (bytes) => {
    pending += Buffer.from(bytes).toString('latin1')
    const parts = pending.split(/[\r\n]/)
    pending = (parts.pop() ?? '').slice(-200)
    for (const part of parts) if (part !== '') hear(part)
  })

  return {
    address: farEnd.address,
    record: log.records,
    faults,
    get radiating() {
      return rf.radiating
    },
    get forwardPowerW() {
      return rf.forwardW
    },
    get powerSetW() {
      return rf.powerSetW
    },
    get localMode() {
      return local
    },
    get requests() {
      return requests
    },
    setInterlock: (closed) => rf.setInterlock(closed),
    setLocal: (on) => {
      local = on
    },
    setFault: (fault) => rf.setFault(fault),
    setStuckKeyed: (stuck) => rf.setStuck(stuck),
    setAntennaVswr: (vswr) => rf.setAntennaVswr(vswr),
    setPowerLoss: (share) => rf.setPowerLoss(share),
    switchByHand: (on) => {
      log.add('hand', { on })
      rf.setOperating(on)
    },
    unplug: () => farEnd.unplug(),
    plug: () => farEnd.plug(),
    close: () => farEnd.close(),
  }
}

function scramble(text: string): string {
  return [...text].map((character, i) => (i % 2 === 0 ? character : '#')).join('')
}

// Keeps the buses on their configured devices. A device that is not there is looked for again, by its label; nothing ever plays
// on another one, but for the backup device the configuration names. A context whose clock stands still is given up: closing it
// would hang with the sound server, so it is only let go of, and closed if it lives on after all. A programme on the backup goes back by itself (device-return.ts). When nothing moves any more and a station is there, it is the
// station that ends and replaces this process: a fresh one is the surer cure, and the station knows where everything was.
import { fstatSync, ftruncateSync } from 'node:fs'
import type { OutputId } from '../shared/domain/ids.ts'
import type { Emit } from './journal.ts'
import { DeviceReturn } from './device-return.ts'
import { abandoned, type LatencyHint, openDevice, openNowhere } from './open-context.ts'
import { OutputBus } from './output-bus.ts'
import { neverPaused, pausingOf } from './pause-probe.ts'
import { raiseSoundThreads } from './thread-priority.ts'

const retryMs = 250
/** Looking costs this thread some 20 ms, so a device that stays away is looked for less often: after this many looks, every fourth time. */
const eagerLooks = 40
/** A clock that once moved and now stands still this long means that the device is gone. Before the station's watchdog, which ends the whole process. */
const stillMs = 300
/** A null sink's clock first ticks after up to two seconds. */
const firstTickMs = 4000
/** A context that was given up and plays on for so long was held up only, and keeps a device busy that may take no other, s. */
const livesOnS = 1
/** The backup that was left is closed when its last fade has surely been heard. */
const closeAfterMs = 1000

export interface DeviceSlot {
  /** null for the cue bus. */
  readonly outputId: OutputId | null
  readonly device: string | null
  readonly backupDevice: string | null
  attach(bus: OutputBus, label: string | null, backup: boolean): void
  detach(): void
}

interface Held {
  readonly slot: DeviceSlot
  bus: OutputBus | null
  label: string | null
  openedMs: number
  ticked: boolean
  lost: boolean
  /** While it plays on the backup. */
  back: DeviceReturn | null
  looking: boolean
}

/** Looking for a device makes alsa-lib write to stderr, four times a second for as long as one is missing. */
const longestLogBytes = 10 << 20

/** Empties the log this process writes to when it has grown too long; a terminal or a pipe stays as it is. */
function boundLog(): void {
  const log = fstatSync(process.stderr.fd)
  if (log.isFile() && log.size > longestLogBytes) ftruncateSync(process.stderr.fd)
}

export class Devices {
  readonly #held: Held[]
  readonly #emit: Emit
  readonly #latencyHint: LatencyHint
  readonly #allowNone: boolean
  #timer: NodeJS.Timeout | null = null
  /** Contexts that were given up, and where their clocks stood, s. */
  readonly #givenUp = new Map<AudioContext, number>()
  #opening = false
  #looks = 0

  constructor(
    slots: readonly DeviceSlot[],
    options: { readonly emit: Emit; readonly latencyHint: LatencyHint; readonly allowNone: boolean },
  ) {
    this.#held = slots.map((slot) => ({
      slot,
      bus: null,
      label: null,
      openedMs: 0,
      ticked: false,
      lost: false,
      back: null,
      looking: false,
    }))
    this.#emit = options.emit
    this.#latencyHint = options.latencyHint
    this.#allowNone = options.allowNone
  }

  /** Opens what is there and keeps looking for the rest. */
  async start(): Promise<void> {
    await this.#openAll()
    this.#timer = setInterval(() => void this.#openAll(), retryMs)
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
  }

  /** Reads every clock and gives up what stands still. `attended`: a station is there to replace this process. */
  check(attended: boolean): void {
    const standing = new Set<Held>()
    const resting: OutputBus[] = []
    let moving = 0
    this.#closeLiving()
    for (const held of this.#held) {
      if (held.bus === null) continue
      if (held.bus.rest.resting) {
        resting.push(held.bus)
        continue
      }
      const still = held.bus.clock.observe()
      if (!held.ticked && held.bus.clock.frame() > 0) {
        held.ticked = true
        this.#raiseThreads()
      }
      const limit = held.ticked ? stillMs : firstTickMs
      if (still > limit && performance.now() - held.openedMs > limit) standing.add(held)
      else if (held.label !== null && held.ticked && still < stillMs / 2) moving++
    }
    if (attended && moving === 0) {
      // One that rests is asked: if it moves, the others are gone and not the sound server.
      if (standing.size > 0) for (const bus of resting) bus.rest.rouse()
      return
    }
    for (const held of standing) this.#giveUp(held)
  }

  /** For so long nobody looked: no clock stood still because of it, ms. */
  forgive(ms: number): void {
    for (const held of this.#held) {
      held.openedMs += ms
      held.bus?.clock.forgive(ms)
    }
  }

  #giveUp(held: Held): void {
    abandoned.push(held.bus)
    if (held.bus !== null) this.#givenUp.set(held.bus.context, held.bus.context.currentTime)
    const label = held.label
    held.bus = null
    held.label = null
    held.back = null
    held.slot.detach()
    this.#tellLost(held, label ?? 'none')
  }

  #closeLiving(): void {
    for (const [context, stoodAtS] of this.#givenUp) {
      if (context.currentTime - stoodAtS < livesOnS) continue
      this.#givenUp.delete(context)
      void context.close()
    }
  }

  #tellLost(held: Held, device: string): void {
    if (held.lost) return
    held.lost = true
    this.#emit({ kind: 'deviceLost', outputId: held.slot.outputId, device })
  }

  async #openAll(): Promise<void> {
    if (this.#opening) return
    if (this.#held.every(({ bus, back, slot }) => (bus !== null && back === null) || slot.device === null)) this.#looks = 0
    else if (this.#looks++ > eagerLooks && this.#looks % 4 !== 0) return
    boundLog()
    this.#opening = true
    try {
      for (const held of this.#held) {
        if (held.bus === null) await this.#open(held)
        else if (held.back !== null && !held.looking) void this.#takeBack(held, held.bus, held.back)
      }
    } finally {
      this.#opening = false
    }
  }

  async #open(held: Held): Promise<void> {
    const { device, backupDevice } = held.slot
    if (device === null) {
      if (this.#allowNone && held.slot.outputId !== null) this.#attach(held, openNowhere(this.#latencyHint), null, false)
      return
    }
    const context = await this.#tryDevice(device)
    if (context !== null) return this.#attach(held, context, device, false)
    this.#tellLost(held, device)
    if (backupDevice === null) return
    const backup = await this.#tryDevice(backupDevice)
    if (backup !== null) this.#attach(held, backup, backupDevice, true)
  }

  /** From the backup to the configured device. The programme fades there and goes on here at the same frame, some 50 ms later. */
  async #takeBack(held: Held, backup: OutputBus, back: DeviceReturn): Promise<void> {
    const { device } = held.slot
    held.looking = true
    const context = await back.ready(backup.free).catch((cause: unknown) => this.#tellFailure(device, cause))
    held.looking = false
    if (context === null || device === null) return
    // An alert or a microphone may have come while it was opened, or the backup may be gone too.
    if (held.bus !== backup || !backup.free()) return void context.close()
    held.slot.detach()
    this.#attach(held, context, device, false)
    this.#emit({ kind: 'deviceBack', outputId: held.slot.outputId, device, backup: false })
    setTimeout(() => void backup.context.close(), closeAfterMs)
  }

  async #tryDevice(label: string): Promise<AudioContext | null> {
    try {
      return await openDevice(label, this.#latencyHint)
    } catch (cause) {
      return this.#tellFailure(label, cause)
    }
  }

  /** Its threads run by now. Without the right to it everything works, only a very busy computer may be heard: told in the log. */
  #raiseThreads(): void {
    raiseSoundThreads().catch((cause: unknown) => {
      process.stderr.write(`sound threads not raised: ${cause instanceof Error ? cause.message : String(cause)}\n`)
    })
  }

  #tellFailure(label: string | null, cause: unknown): null {
    const message = `${label}: ${cause instanceof Error ? cause.message : String(cause)}`
    this.#emit({ kind: 'failure', code: 'DEVICE_OPEN_FAILED', message })
    return null
  }

  #attach(held: Held, context: AudioContext, label: string | null, backup: boolean): void {
    held.bus = new OutputBus(context, label === null ? neverPaused : pausingOf(label))
    held.label = label
    held.openedMs = performance.now()
    held.ticked = false
    held.back = backup && held.slot.device !== null ? new DeviceReturn(held.slot.device, this.#latencyHint) : null
    held.slot.attach(held.bus, label, backup)
    if (held.lost && label !== null) this.#emit({ kind: 'deviceBack', outputId: held.slot.outputId, device: label, backup })
    held.lost = false
  }
}

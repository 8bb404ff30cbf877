// Finds what an ear would hear as a break. Two detectors:
// `ProgrammeTracker` knows the recordings that may be playing (noise whose every sample tells its place). It explains each
// 64-frame block of a capture as a sum of them, each at its own position and with a gain that changes linearly, with one corner
// at most: so fades, crossfades, ducking and sample-accurate segues pass, and a dropped, repeated or damaged block does not.
// `ToneContinuity` knows only the frequencies of a sum of sines: for paths that resample (live inputs), where positions
// drift slowly by design but a jump must still be found.
import { findIn, type Fit, fitGains, type Track } from './track-fit.ts'
import { rateHz } from './signals.ts'

/** A recording that may be heard, at any gain, from any frame. */
export interface KnownSound {
  readonly id: string
  readonly pcm: Float32Array
  readonly loop?: boolean
}

export interface Discontinuity {
  /** dropped / repeated: the recording jumped by `frames`; damaged: a break with no change of place; unexplained: no known recording. */
  readonly kind: 'dropped' | 'repeated' | 'damaged' | 'unexplained'
  /** Capture frame of the 64-frame block in which it begins. */
  readonly atFrame: number
  readonly frames: number
  readonly id: string | null
}

/** One uninterrupted sounding of a recording. */
export interface Sounding {
  readonly id: string
  /** Capture frame at which the recording's frame 0 lies (or would lie). */
  readonly originFrame: number
  /** Capture frames between which it was heard, to a block. */
  readonly fromFrame: number
  toFrame: number
}

const block = 64
const hop = 32
/** Distance of the places in a block at which a fade may begin or end. */
const cornerStep = 8
/** Frames looked at to recognise a recording and its place. */
const recogniseFrames = 512
/** Residual energy of a block, relative to its own, above which it is not explained (−20 dB). */
const residualLimit = 0.01
/** Energy of a block under which it is silence (−70 dBFS). */
const silence = block * 1e-7
/** Blocks of zero gain after which a recording has left. */
const leftAfterBlocks = 12

interface Active extends Track {
  readonly sounding: Sounding
  quietBlocks: number
}

export class ProgrammeTracker {
  readonly discontinuities: Discontinuity[] = []
  readonly soundings: Sounding[] = []
  readonly #known: readonly KnownSound[]
  #buffer = new Float32Array(0)
  /** Capture frame of `#buffer[0]`. */
  #base = 0
  /** Next block to explain. */
  #at = 0
  #active: Active[] = []
  #unexplainedFrom: number | null = null
  #sounded = false

  constructor(known: readonly KnownSound[]) {
    this.#known = known
  }

  /** Takes the next frames of the capture. */
  push(frames: Float32Array): void {
    const keepFrom = Math.max(0, this.#at - this.#base - hop)
    const joined = new Float32Array(this.#buffer.length - keepFrom + frames.length)
    joined.set(this.#buffer.subarray(keepFrom))
    joined.set(frames, this.#buffer.length - keepFrom)
    this.#buffer = joined
    this.#base += keepFrom
    while (this.#at + 2 * block + recogniseFrames <= this.#base + this.#buffer.length) this.#explain()
  }

  /** Closes what is open and returns the findings. The last ~13 ms are not judged. */
  finish(): Discontinuity[] {
    this.#closeUnexplained(this.#at)
    return this.discontinuities
  }

  #view(from: number, length: number): Float32Array {
    return this.#buffer.subarray(from - this.#base, from - this.#base + length)
  }

  #explain(): void {
    const at = this.#at
    const now = this.#view(at, block)
    const energy = now.reduce((sum, value) => sum + value * value, 0)
    this.#active = this.#active.filter((track) => track.loop || at - track.origin < track.pcm.length)
    const fit = this.#bestFit(now, at)
    if (fit.residual <= Math.max(residualLimit * energy, silence)) {
      this.#closeUnexplained(at)
      this.#account(fit.energies)
      this.#sounded = energy > silence
      this.#at += hop
      return
    }
    this.#search(at)
    this.#sounded = true
  }

  /** With straight gains; where these do not explain the block, with a corner where a fade may begin or end in it. */
  #bestFit(window: Float32Array, at: number): Fit {
    const limit = Math.max(residualLimit * window.reduce((sum, value) => sum + value * value, 0), silence)
    let best = fitGains(window, this.#active, at)
    for (let corner = cornerStep; corner < block && best.residual > limit; corner += cornerStep) {
      const fit = fitGains(window, this.#active, at, corner)
      if (fit.residual < best.residual) best = fit
    }
    return best
  }

  /** A block that is not explained: has a recording come, jumped, or is something broken? */
  #search(at: number): void {
    const before = [...this.#active]
    const firstSounds = !this.#sounded
    let found = false
    for (let round = 0; round < 3; round++) {
      const window = this.#view(at + block, recogniseFrames)
      const residual = fitGains(window, this.#active, at + block)
      // However small: a recording that fades in under another is recognised here before it disturbs every block.
      if (residual.residual <= silence) break
      const hit = this.#recognise(residual.rest, at + block)
      if (hit === null) break
      found = true
      this.#enter(hit.sound, hit.origin, at)
    }
    const again = this.#bestFit(this.#view(at, block), at)
    const energy = this.#view(at, block).reduce((sum, value) => sum + value * value, 0)
    const explained = again.residual <= Math.max(residualLimit * energy, silence)
    const jumped = before.some((track) => !this.#active.includes(track))
    const next = fitGains(this.#view(at + block, block), this.#active, at + block)
    const nextEnergy = this.#view(at + block, block).reduce((sum, value) => sum + value * value, 0)
    const recovers = next.residual <= Math.max(residualLimit * nextEnergy, silence)
    if (!recovers && !found) {
      this.#unexplainedFrom ??= at
      this.#at += recogniseFrames / 2
      return
    }
    this.#closeUnexplained(at)
    // From silence a recording may begin anywhere in itself: that is a start, not a break.
    if (!explained && !jumped && !(firstSounds && found))
      this.#report({ kind: 'damaged', atFrame: at, frames: block, id: this.#active[0]?.sounding.id ?? null })
    this.#at += explained ? hop : block
  }

  #recognise(rest: Float32Array, at: number): { sound: KnownSound; origin: number } | null {
    const near = this.#active.map((track) => track.sounding.id)
    const order = [...this.#known].sort((a, b) => Number(near.includes(b.id)) - Number(near.includes(a.id)))
    for (const sound of order) {
      const frame = findIn(rest, sound.pcm, sound.loop === true)
      // A rest of what is already there (its gain does not change linearly) is no arrival.
      if (frame !== null && !this.#active.some((track) => track.sounding.id === sound.id && track.origin === at - frame))
        return { sound, origin: at - frame }
    }
    return null
  }

  #enter(sound: KnownSound, origin: number, at: number): void {
    const old = this.#active.find((track) => track.sounding.id === sound.id)
    let jump = old === undefined ? 0 : old.origin - origin
    if (sound.loop === true && jump !== 0) {
      const length = sound.pcm.length
      jump = ((jump % length) + length) % length
      if (jump > length / 2) jump -= length
    }
    if (old !== undefined) {
      this.#active = this.#active.filter((track) => track !== old)
      this.#report({ kind: jump > 0 ? 'dropped' : 'repeated', atFrame: at, frames: Math.abs(jump), id: sound.id })
    }
    const sounding: Sounding = { id: sound.id, originFrame: origin, fromFrame: Math.max(at, origin), toFrame: at }
    this.soundings.push(sounding)
    this.#active.push({ pcm: sound.pcm, loop: sound.loop === true, origin, sounding, quietBlocks: 0 })
  }

  #report(finding: Discontinuity): void {
    const last = this.discontinuities.at(-1)
    const same = last !== undefined && last.kind === finding.kind && finding.atFrame - last.atFrame <= 2 * block
    // Two recordings in a crossfade that jump together are one break.
    if (same && (finding.kind === 'damaged' || last.frames === finding.frames)) return
    this.discontinuities.push(finding)
  }

  #account(energies: readonly number[]): void {
    this.#active.forEach((track, index) => {
      if ((energies[index] ?? 0) > silence) {
        track.quietBlocks = 0
        track.sounding.toFrame = this.#at + block
      } else track.quietBlocks++
    })
    this.#active = this.#active.filter((track) => track.quietBlocks < leftAfterBlocks)
  }

  #closeUnexplained(at: number): void {
    if (this.#unexplainedFrom === null) return
    this.discontinuities.push({ kind: 'unexplained', atFrame: this.#unexplainedFrom, frames: at - this.#unexplainedFrom, id: null })
    this.#unexplainedFrom = null
  }
}

/** The breaks in a whole capture that should hold only these recordings. */
export function findDiscontinuities(
  capture: Float32Array,
  known: readonly KnownSound[],
): { discontinuities: Discontinuity[]; soundings: Sounding[] } {
  const tracker = new ProgrammeTracker(known)
  tracker.push(capture)
  return { discontinuities: tracker.finish(), soundings: tracker.soundings }
}

export interface AiringHeard {
  /** Capture frame at which the recording's frame 0 lay when it was first heard. */
  readonly originFrame: number
  /** From there to the last frame heard. */
  heardFrames: number
}

/** The soundings of a recording, joined where a break only interrupted them: another airing has another origin. */
export function airingsOf(id: string, soundings: readonly Sounding[]): AiringHeard[] {
  const airings: AiringHeard[] = []
  for (const one of soundings.filter((sounding) => sounding.id === id)) {
    const last = airings.at(-1)
    if (last !== undefined && Math.abs(last.originFrame - one.originFrame) < rateHz / 2) last.heardFrames = one.toFrame - last.originFrame
    else airings.push({ originFrame: one.originFrame, heardFrames: one.toFrame - one.originFrame })
  }
  return airings
}

/** Breaks in a sum of sines: it obeys a linear recurrence of twice as many terms, and a jump breaks it for some samples. */
export class ToneContinuity {
  /** Capture frames of the breaks; hits closer than 10 ms are one. */
  readonly breaks: number[] = []
  readonly #taps: readonly number[]
  readonly #limit: number
  readonly #history: number[] = []
  #frame = 0
  #lastHit = Number.NEGATIVE_INFINITY

  /** @param limit error of the recurrence that counts, as a fraction of full scale; well above noise times the sum of the taps. */
  constructor(frequenciesHz: readonly number[], limit: number) {
    let taps = [1]
    for (const hz of frequenciesHz) {
      const section = [1, -2 * Math.cos((2 * Math.PI * hz) / rateHz), 1]
      const next = new Array<number>(taps.length + 2).fill(0)
      for (const [i, a] of taps.entries()) {
        for (const [j, b] of section.entries()) next[i + j] = (next[i + j] ?? 0) + a * b
      }
      taps = next
    }
    this.#taps = taps
    this.#limit = limit
  }

  push(frames: Float32Array): void {
    for (const value of frames) {
      this.#history.unshift(value)
      if (this.#history.length > this.#taps.length) this.#history.pop()
      if (this.#history.length === this.#taps.length) {
        let error = 0
        for (let k = 0; k < this.#taps.length; k++) error += (this.#taps[k] as number) * (this.#history[k] as number)
        if (Math.abs(error) > this.#limit) {
          if (this.#frame - this.#lastHit > rateHz / 100) this.breaks.push(this.#frame)
          this.#lastHit = this.#frame
        }
      }
      this.#frame++
    }
  }
}

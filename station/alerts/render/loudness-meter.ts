// Integrated loudness and true peak of a mono signal at 48 kHz, as it will sound from both channels (ITU-R BS.1770-5: the
// energies of the channels add, so the same signal on two is 3.01 LU louder than on one). Streaming; holds 8 bytes per
// 100 ms. True peak by 4× interpolation.

const stepFrames = 4800
const channels = 2
const absoluteGateLufs = -70
const relativeGateLu = -10

/** K-weighting at 48 kHz, BS.1770 tables 1 and 2. */
const shelf = { b0: 1.53512485958697, b1: -2.69169619840638, b2: 1.19839281085285, a1: -1.69065929318241, a2: 0.73248077421585 }
const highPass = { b0: 1, b1: -2, b2: 1, a1: -1.99004745483398, a2: 0.99007225036621 }

const interpolation = 4
const halfTaps = 8
const phases = buildPhases()

export class LoudnessMeter {
  readonly #steps: number[] = []
  #energy = 0
  #count = 0
  #s1 = 0
  #s2 = 0
  #h1 = 0
  #h2 = 0
  #peak = 0
  readonly #history = new Float64Array(2 * halfTaps)

  push(samples: Float32Array): void {
    for (const sample of samples) {
      // Direct form II transposed, shelf into high pass.
      const shelved = shelf.b0 * sample + this.#s1
      this.#s1 = shelf.b1 * sample - shelf.a1 * shelved + this.#s2
      this.#s2 = shelf.b2 * sample - shelf.a2 * shelved
      const weighted = highPass.b0 * shelved + this.#h1
      this.#h1 = highPass.b1 * shelved - highPass.a1 * weighted + this.#h2
      this.#h2 = highPass.b2 * shelved - highPass.a2 * weighted
      this.#energy += weighted * weighted
      if (++this.#count === stepFrames) {
        this.#steps.push(this.#energy / stepFrames)
        this.#energy = 0
        this.#count = 0
      }
    }
    this.#pushPeak(samples)
  }

  /** LUFS; null when nothing passed the gates (shorter than 0.4 s, or silence). */
  integratedLufs(): number | null {
    const blocks: number[] = []
    for (let at = 3; at < this.#steps.length; at++) {
      const sum = (this.#steps[at] ?? 0) + (this.#steps[at - 1] ?? 0) + (this.#steps[at - 2] ?? 0) + (this.#steps[at - 3] ?? 0)
      blocks.push((channels * sum) / 4)
    }
    const loud = blocks.filter((block) => toLufs(block) > absoluteGateLufs)
    if (loud.length === 0) return null
    const gate = toLufs(mean(loud)) + relativeGateLu
    return toLufs(mean(loud.filter((block) => toLufs(block) > gate)))
  }

  /** dBTP; −∞ for silence. */
  truePeakDbtp(): number {
    return 20 * Math.log10(this.#peak)
  }

  #pushPeak(samples: Float32Array): void {
    const line = new Float64Array(this.#history.length + samples.length)
    line.set(this.#history)
    line.set(samples, this.#history.length)
    let peak = this.#peak
    for (let at = 0; at < samples.length; at++) {
      const centre = at + halfTaps
      const here = Math.abs(line[centre] ?? 0)
      if (here > peak) peak = here
      // Between two quiet samples nothing can rise above the peak so far by more than the filter's overshoot.
      if (here * 3 < peak && Math.abs(line[centre + 1] ?? 0) * 3 < peak) continue
      for (const phase of phases) {
        let sum = 0
        for (let tap = 0; tap < phase.length; tap++) sum += (phase[tap] ?? 0) * (line[at + 1 + tap] ?? 0)
        if (sum > peak) peak = sum
        else if (-sum > peak) peak = -sum
      }
    }
    this.#peak = peak
    this.#history.set(line.subarray(line.length - this.#history.length))
  }
}

function toLufs(energy: number): number {
  return -0.691 + 10 * Math.log10(energy)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Windowed sinc for the three instants between two samples; the first of them is `halfTaps` samples into its line. */
function buildPhases(): Float64Array[] {
  return [1, 2, 3].map((step) => {
    const part = step / interpolation
    const phase = Float64Array.from({ length: 2 * halfTaps }, (_, tap) => {
      const distance = tap - (halfTaps - 1) - part
      const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / halfTaps)
      return (window * Math.sin(Math.PI * distance)) / (Math.PI * distance)
    })
    const sum = phase.reduce((total, value) => total + value, 0)
    return phase.map((value) => value / sum)
  })
}

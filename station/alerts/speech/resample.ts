// 22 050 Hz → 48 000 Hz, exactly 320:147, by a polyphase windowed sinc (Kaiser, β 8: about −80 dB of images).

const up = 320
const down = 147
const taps = 32
const beta = 8
/** Pass band edge as a part of the input's own half rate. */
const cutoff = 0.94

const filter = buildFilter()

/** Joins the parts (22 050 Hz, 16 bit) and gives them at 48 kHz, −1…1. The ends are taken as silent. */
export function resample22050To48000(parts: readonly Int16Array[]): Float32Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const input = new Float32Array(length + 2 * taps)
  let at = taps
  for (const part of parts) for (const sample of part) input[at++] = sample / 32_768
  const output = new Float32Array(Math.floor((length * up) / down))
  for (let index = 0; index < output.length; index++) {
    const position = index * down
    const phase = position % up
    // The newest of the `taps` input samples under the filter, half a filter ahead so that nothing is delayed.
    const newest = Math.floor(position / up) + taps + taps / 2
    let sum = 0
    for (let tap = 0; tap < taps; tap++) sum += (filter[phase * taps + tap] ?? 0) * (input[newest - tap] ?? 0)
    output[index] = sum
  }
  return output
}

function buildFilter(): Float64Array {
  const filter = new Float64Array(up * taps)
  const half = taps / 2
  for (let phase = 0; phase < up; phase++) {
    let sum = 0
    for (let tap = 0; tap < taps; tap++) {
      const distance = tap - half + phase / up
      const value = sinc(cutoff * distance) * kaiser(distance / half)
      filter[phase * taps + tap] = value
      sum += value
    }
    for (let tap = 0; tap < taps; tap++) filter[phase * taps + tap] = (filter[phase * taps + tap] ?? 0) / sum
  }
  return filter
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(beta * Math.sqrt(1 - x * x)) / bessel(beta)
}

function bessel(x: number): number {
  let sum = 1
  let term = 1
  for (let k = 1; k < 30; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

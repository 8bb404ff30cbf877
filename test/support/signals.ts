// Test signals whose every sample says where it belongs, and the measuring that goes with them: pseudo-random noise from a
// 32-bit LFSR, tones, a marker burst, PCM and WAV writers, and `locate`, which finds one signal in another to the sample.
import { fft, nextPowerOfTwo } from './fft.ts'

export const rateHz = 48_000

/** White noise of peak `amplitude` from a 32-bit Galois LFSR; the same seed gives the same samples, on the s16 grid. */
export function lfsrNoise(seed: number, frames: number, amplitude = 0.1): Float32Array {
  // Spread first: neighbouring seeds are neighbouring states of the one cycle, and their noise would be nearly the same.
  let state = Math.imul(seed ^ (seed >>> 16) ^ 0x9e3779b9, 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  state = (state ^ (state >>> 16)) >>> 0 || 1
  const out = new Float32Array(frames)
  for (let i = 0; i < frames; i++) {
    for (let step = 0; step < 16; step++) state = (state & 1) === 1 ? (state >>> 1) ^ 0xa3000000 : state >>> 1
    out[i] = Math.round((((state & 0xffff) - 32_768) / 32_768) * amplitude * 32_767) / 32_768
  }
  return out
}

/** Sum of sines, each of peak `amplitude`, phase 0 at the first frame. */
export function tones(frequenciesHz: readonly number[], frames: number, amplitude = 0.1): Float32Array {
  const out = new Float32Array(frames)
  for (const hz of frequenciesHz) {
    const step = (2 * Math.PI * hz) / rateHz
    for (let i = 0; i < frames; i++) out[i] = (out[i] ?? 0) + amplitude * Math.sin(step * i)
  }
  return out
}

/** A burst to be found by `locate`: 20 ms of loud noise by default, sharp at its first sample. */
export function marker(seed = 0x5eed, frames = 960, amplitude = 0.5): Float32Array {
  return lfsrNoise(seed, frames, amplitude)
}

/** Signed 16 bit little endian, each sample written to `channels` channels; rounds and clips. */
export function toS16(signal: Float32Array, channels: 1 | 2): Buffer {
  const out = Buffer.alloc(signal.length * 2 * channels)
  for (let i = 0; i < signal.length; i++) {
    const value = Math.max(-32_768, Math.min(32_767, Math.round((signal[i] ?? 0) * 32_768)))
    for (let channel = 0; channel < channels; channel++) out.writeInt16LE(value, (i * channels + channel) * 2)
  }
  return out
}

/** 32-bit float little endian, each sample written to two channels: what `pacat --format=float32le` takes. */
export function toFloatStereo(signal: Float32Array): Buffer {
  const out = Buffer.alloc(signal.length * 8)
  for (let i = 0; i < signal.length; i++) {
    out.writeFloatLE(signal[i] ?? 0, i * 8)
    out.writeFloatLE(signal[i] ?? 0, i * 8 + 4)
  }
  return out
}

/** A complete 48 kHz s16 WAV file. */
export function toWav(signal: Float32Array, channels: 1 | 2): Buffer {
  const data = toS16(signal, channels)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + data.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(rateHz, 24)
  head.writeUInt32LE(rateHz * channels * 2, 28)
  head.writeUInt16LE(channels * 2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(data.length, 40)
  return Buffer.concat([head, data])
}

/** Left channel of a 48 kHz s16 WAV file with a 44-byte header. */
export function wavLeft(wav: Buffer): Float32Array {
  const channels = wav.readUInt16LE(22)
  if (wav.toString('latin1', 36, 40) !== 'data' || wav.readUInt32LE(24) !== rateHz) throw new Error('not the WAV file that was expected')
  const frames = Math.floor((wav.length - 44) / (2 * channels))
  const left = new Float32Array(frames)
  for (let i = 0; i < frames; i++) left[i] = wav.readInt16LE(44 + i * 2 * channels) / 32_768
  return left
}

export interface Located {
  /** Frame of `capture` at which the signal's first frame lies. */
  readonly frame: number
  /** Normalised correlation there, −1 … 1; under about 0.5 it was not found. */
  readonly score: number
  /** Gain of the signal in the capture. */
  readonly gain: number
}

/**
 * Finds `signal` in `capture`, whatever its gain and whatever else sounds: the lag of greatest normalised cross-correlation.
 * Null where the capture is shorter than the signal or holds nothing.
 */
export function locate(signal: Float32Array, capture: Float32Array): Located | null {
  if (signal.length === 0 || capture.length < signal.length) return null
  const size = nextPowerOfTwo(capture.length)
  const re = new Float64Array(size)
  const im = new Float64Array(size)
  // Two real sequences in one complex transform: capture in the real part, signal in the imaginary one.
  re.set(capture)
  im.set(signal)
  fft(re, im)
  const productRe = new Float64Array(size)
  const productIm = new Float64Array(size)
  for (let k = 0; k < size; k++) {
    const mirror = (size - k) % size
    const [ar, ai] = [((re[k] ?? 0) + (re[mirror] ?? 0)) / 2, ((im[k] ?? 0) - (im[mirror] ?? 0)) / 2]
    const [br, bi] = [((im[k] ?? 0) + (im[mirror] ?? 0)) / 2, ((re[mirror] ?? 0) - (re[k] ?? 0)) / 2]
    productRe[k] = ar * br + ai * bi
    // The inverse transform is the forward one of the conjugate, so the sign of the imaginary part is turned here.
    productIm[k] = -(ai * br - ar * bi)
  }
  fft(productRe, productIm)
  let signalEnergy = 0
  for (const value of signal) signalEnergy += value * value
  let windowEnergy = 0
  for (let i = 0; i < signal.length; i++) windowEnergy += (capture[i] ?? 0) ** 2
  let best: Located | null = null
  for (let lag = 0; lag + signal.length <= capture.length; lag++) {
    const correlation = (productRe[lag] ?? 0) / size
    if (windowEnergy > 1e-9 && signalEnergy > 0) {
      const score = correlation / Math.sqrt(windowEnergy * signalEnergy)
      if (best === null || score > best.score) best = { frame: lag, score, gain: correlation / signalEnergy }
    }
    windowEnergy = Math.max(0, windowEnergy + (capture[lag + signal.length] ?? 0) ** 2 - (capture[lag] ?? 0) ** 2)
  }
  return best
}

/** Level of `length` frames from `from`, dBFS (−Infinity for digital silence). */
export function rmsDb(capture: Float32Array, from = 0, length = capture.length - from): number {
  let energy = 0
  for (let i = from; i < from + length; i++) energy += (capture[i] ?? 0) ** 2
  return 10 * Math.log10(energy / Math.max(1, length))
}

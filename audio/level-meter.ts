// Peak and RMS of the last frames of two channels, dBFS.
import type { BusLevel } from '../shared/audio-protocol.ts'
import { toDb } from '../shared/domain/levels.ts'

/** Shown for digital silence: JSON has no −Infinity. */
export const silenceDb = -120

export class LevelMeter {
  readonly #analysers: readonly [AnalyserNode, AnalyserNode]
  readonly #samples: Float32Array<ArrayBuffer>

  constructor(analysers: readonly [AnalyserNode, AnalyserNode]) {
    this.#analysers = analysers
    this.#samples = new Float32Array(analysers[0].fftSize)
  }

  read(): BusLevel {
    const [left, right] = this.#analysers.map((analyser) => {
      analyser.getFloatTimeDomainData(this.#samples)
      return levelOf(this.#samples)
    })
    return pairLevels(left ?? silence, right ?? silence)
  }
}

export interface ChannelLevel {
  readonly peakDb: number
  readonly rmsDb: number
}

export const silence: ChannelLevel = { peakDb: silenceDb, rmsDb: silenceDb }

export function levelOf(samples: ArrayLike<number>, scale = 1): ChannelLevel {
  let peak = 0
  let sum = 0
  for (let i = 0; i < samples.length; i++) {
    const value = Math.abs(samples[i] ?? 0)
    if (value > peak) peak = value
    sum += value * value
  }
  return { peakDb: boundedDb(peak * scale), rmsDb: boundedDb(Math.sqrt(sum / Math.max(1, samples.length)) * scale) }
}

export function pairLevels(left: ChannelLevel, right: ChannelLevel): BusLevel {
  return { peakDb: [left.peakDb, right.peakDb], rmsDb: [left.rmsDb, right.rmsDb] }
}

function boundedDb(amplitude: number): number {
  return Math.max(silenceDb, Math.round(toDb(amplitude) * 100) / 100)
}

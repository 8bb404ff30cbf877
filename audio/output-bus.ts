// The graph of one bus, programme or cue: the same nodes in both, so that what is previewed is what airs.
//
//   decks ─▶ music (duck) ─┐
//   overs, inputs ─────────┴▶ mix ─▶ compressor ─▶ its make-up taken back ─┐
//   alerts ─▶ direct ──────────────────────────────────────────────────────┴▶ gate (STOP) ─▶ ceiling ─▶ device, meters, recorder
//
// Alerts pass the compressor by: it delays by its look-ahead, and an alert's level is already limited when it is made.
import { AnalyserNode, ChannelSplitterNode, DynamicsCompressorNode, GainNode, WaveShaperNode } from 'node-web-audio-api'
import type { BusLevel } from '../shared/audio-protocol.ts'
import { ceilingDbfs, fromDb } from '../shared/domain/levels.ts'
import { AudioClock } from './audio-clock.ts'
import { GainFader } from './gain-fader.ts'
import { LevelMeter } from './level-meter.ts'
import { neverPaused, type Pausing } from './pause-probe.ts'
import { Rest } from './rest.ts'

/** Where the compressor begins to act, dBFS; below it the signal passes unchanged. */
const thresholdDb = -1.5
const ratio = 20
/** The engine adds (1 / gain at full scale) ^ 0.6 (measured: +0.57 dB at −1 dB, +6.84 dB at −12 dB); this takes it back. */
const makeUpDb = 0.6 * -thresholdDb * (1 - 1 / ratio)
/** Covers a metering interval of 40 ms: an analyser is a snapshot of its last frames. */
const meterFrames = 2048

export class OutputBus {
  readonly context: AudioContext
  readonly clock: AudioClock
  /** Only a preview rests: nobody else asks for it. */
  readonly rest: Rest
  /** Decks; lowered by `duck`. */
  readonly music: GainNode
  /** Overs and live inputs. */
  readonly mix: GainNode
  /** Alerts. */
  readonly direct: GainNode
  readonly duck: GainFader
  readonly gate: GainFader
  /** What goes to the device. */
  readonly end: AudioNode
  /** False while something sounds here that must not be moved to another device; set by whoever plays on it. */
  free: () => boolean = () => true
  readonly #meter: LevelMeter

  /** @param pausing of its device; asked only of a bus that is to rest */
  constructor(context: AudioContext, pausing: Pausing = neverPaused) {
    this.context = context
    this.clock = new AudioClock(context)
    this.rest = new Rest(context, this.clock, pausing)
    this.music = new GainNode(context, { gain: 1 })
    this.mix = new GainNode(context, { gain: 1 })
    this.direct = new GainNode(context, { gain: 1 })
    const gate = new GainNode(context, { gain: 1 })
    const compressor = new DynamicsCompressorNode(context, { threshold: thresholdDb, ratio, knee: 0, attack: 0.001, release: 0.15 })
    const makeUpBack = new GainNode(context, { gain: fromDb(-makeUpDb) })
    this.music.connect(this.mix)
    this.mix.connect(compressor).connect(makeUpBack).connect(gate)
    this.direct.connect(gate)
    this.end = connectCeiling(context, gate)
    this.end.connect(context.destination)
    this.duck = new GainFader(this.music.gain, 1)
    this.gate = new GainFader(gate.gain, 1)
    this.#meter = new LevelMeter(connectAnalysers(context, this.end))
  }

  level(): BusLevel {
    return this.#meter.read()
  }
}

/**
 * Nothing above the ceiling leaves. A shaper's curve spans ±1, so the signal is scaled to put the ceiling on a knot of the
 * curve: straight between the knots inside, flat outside, up to +24 dB.
 */
function connectCeiling(context: AudioContext, source: AudioNode): AudioNode {
  const ceiling = fromDb(ceilingDbfs - 0.002)
  const knots = 16
  const scale = new GainNode(context, { gain: 1 / (knots * ceiling), channelCount: 2, channelCountMode: 'explicit' })
  const curve = Float32Array.from({ length: 2 * knots + 1 }, (_, index) => Math.sign(index - knots) * ceiling)
  const shaper = new WaveShaperNode(context, { curve })
  source.connect(scale).connect(shaper)
  return shaper
}

function connectAnalysers(context: AudioContext, source: AudioNode): [AnalyserNode, AnalyserNode] {
  const splitter = new ChannelSplitterNode(context, { numberOfOutputs: 2 })
  source.connect(splitter)
  const analyser = (channel: number) => {
    const node = new AnalyserNode(context, { fftSize: meterFrames, smoothingTimeConstant: 0 })
    splitter.connect(node, channel)
    return node
  }
  return [analyser(0), analyser(1)]
}

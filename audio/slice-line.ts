// Buffers placed one after the other on the audio clock, behind one gain of their own: what every sound in this process is
// made of. Frames given here are never moved afterwards; cancelling stops them all.
import { AudioBuffer, AudioBufferSourceNode, GainNode } from 'node-web-audio-api'
import { sampleRateHz } from '../shared/domain/levels.ts'
import { GainFader } from './gain-fader.ts'
import { secondsOf, startSecondsOf } from './frames.ts'

interface Placed {
  readonly node: AudioBufferSourceNode
  readonly endF: number
}

/** One channel array per channel, equal lengths, a whole number of quanta. */
export function makeBuffer(channels: readonly Float32Array<ArrayBuffer>[]): AudioBuffer {
  const buffer = new AudioBuffer({ numberOfChannels: channels.length, length: channels[0]?.length ?? 0, sampleRate: sampleRateHz })
  channels.forEach((channel, index) => {
    buffer.copyToChannel(channel, index)
  })
  return buffer
}

export class SliceLine {
  readonly fader: GainFader
  readonly #context: BaseAudioContext
  readonly #gain: GainNode
  #placed: Placed[] = []

  constructor(context: BaseAudioContext, destination: AudioNode, gain: number) {
    this.#context = context
    this.#gain = new GainNode(context, { gain })
    this.#gain.connect(destination)
    this.fader = new GainFader(this.#gain.gain, gain)
  }

  /** A source that is ready but for its start: starting it is one message to the render thread. */
  prepare(buffer: AudioBuffer): AudioBufferSourceNode {
    const node = new AudioBufferSourceNode(this.#context, { buffer })
    node.connect(this.#gain)
    return node
  }

  /** Starts a prepared source at a quantum boundary. */
  start(node: AudioBufferSourceNode, atF: number, frames: number): void {
    node.start(startSecondsOf(atF))
    this.#placed.push({ node, endF: atF + frames })
  }

  place(buffer: AudioBuffer, atF: number): void {
    this.start(this.prepare(buffer), atF, buffer.length)
  }

  /** Lets go of what has been played. */
  prune(nowF: number): void {
    while ((this.#placed[0]?.endF ?? Infinity) < nowF) this.#placed.shift()?.node.disconnect()
  }

  /** Nothing sounds from this frame on. */
  stopAt(frame: number): void {
    for (const { node, endF } of this.#placed) if (endF > frame) node.stop(secondsOf(frame))
  }

  /** Stops everything at once and leaves the graph. */
  release(): void {
    for (const { node } of this.#placed) {
      node.stop()
      node.disconnect()
    }
    this.#placed = []
    this.#gain.disconnect()
  }
}

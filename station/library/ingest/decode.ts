// One file decoded from its first to its last sample by FFmpeg (node-av), as 48 kHz stereo float, measured on the way by
// libavfilter's ebur128. The demuxer is the one the content asked for: FFmpeg never guesses, and opens nothing but this file.
// Mono becomes stereo at −3.01 dB a channel (libswresample's law), so that its loudness stays what it was.
import { AV_LOG_QUIET, AVDISCARD_ALL, AVERROR_EAGAIN, AVERROR_EOF, AVMEDIA_TYPE_AUDIO } from 'node-av/constants'
import {
  avChannelLayoutDescribe,
  avGetSampleFmtName,
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  Filter,
  type FilterContext,
  FilterGraph,
  FilterInOut,
  FormatContext,
  Frame,
  InputFormat,
  Log,
  Packet,
  type Stream,
} from 'node-av/lib'
import { refusal } from './inspection.ts'
import type { MediaFormat } from './job.ts'

export const airRateHz = 48_000

export interface DecodeOptions {
  readonly path: string
  readonly format: MediaFormat
  /** Measure loudness and true peak (costs two thirds of the time). */
  readonly measure: boolean
  readonly maxDurationMs: number
  /** Interleaved stereo, valid during the call only. */
  readonly onSamples: (interleaved: Float32Array) => void
  /** Called now and then with the part of the file that was read. */
  readonly onProgress: (bytesRead: number) => Promise<void>
}

export interface Decoded {
  readonly codec: string
  readonly mono: boolean
  readonly frames: number
  /** Duration in the recording's own samples, ms. */
  readonly durationMs: number
  /** Duration the demuxer found in an index (M4A), ms; null where it guesses. */
  readonly indexedMs: number | null
  /** First decode error with sound after it; null = none. */
  readonly damagedAtMs: number | null
  /** An error that nothing followed: the file ends in the middle of something. */
  readonly cut: boolean
  readonly integratedLufs: number | null
  readonly truePeakDbtp: number | null
}

const demuxers: Readonly<Record<MediaFormat, string>> = { wav: 'wav', flac: 'flac', mp3: 'mp3', m4a: 'mp4', aac: 'aac', ogg: 'ogg' }
const acceptedCodecs = /^(pcm_|adpcm_|mp[123]|flac$|aac$|alac$|vorbis$|libvorbis$|opus$|libopus$|amr|libopencore_amr)/
const progressEveryMs = 250
const yieldEveryMs = 40
/** ebur128 reports this for what it could not gate. */
const ungatedLufs = -70

/**
 * Every native wrapper of this process, never let go. node-av 6.1 frees what a wrapper stands for when the wrapper is
 * collected, also where something else still uses it (graph and filters, stream and parameters): a crash in the middle of
 * a file, measured. The process lives for one file and ends without their finalisers.
 */
const held: unknown[] = []
function hold<T>(wrapper: T): T {
  held.push(wrapper)
  return wrapper
}

export async function decode(options: DecodeOptions): Promise<Decoded> {
  Log.setLevel(AV_LOG_QUIET)
  const input = open(options)
  const { context, stream, decoder, codec } = input
  const packet = hold(new Packet())
  packet.alloc()
  const frame = hold(new Frame())
  frame.alloc()
  let chain: Chain | null = null
  let shape = ''
  let samples = 0
  let errorAtMs: number | null = null
  let damagedAtMs: number | null = null
  let reportedAt = performance.now()
  let yieldedAt = reportedAt
  const nowMs = () => (chain === null ? 0 : (samples / chain.rateHz) * 1000)
  const receive = () => {
    for (;;) {
      const got = decoder.receiveFrameSync(frame)
      if (got < 0) return got
      const layout = avChannelLayoutDescribe(frame.channelLayout)
      const thisShape = `sample_rate=${frame.sampleRate}:sample_fmt=${avGetSampleFmtName(frame.format as never)}:channel_layout=${layout}`
      chain ??= buildChain(thisShape, frame.sampleRate, frame.channels, options)
      if (shape === '') shape = thisShape
      if (shape !== thisShape) throw refusal('MEDIA_CORRUPT', `the sound changes its shape: ${shape} to ${thisShape}`, nowMs())
      if (errorAtMs !== null) damagedAtMs ??= errorAtMs
      samples += frame.nbSamples
      chain.push(frame)
      if (nowMs() > options.maxDurationMs)
        throw refusal('MEDIA_TOO_LONG', `longer than ${Math.round(options.maxDurationMs / 60_000)} minutes`, nowMs())
    }
  }
  const fail = () => {
    errorAtMs ??= nowMs()
  }
  for (;;) {
    const read = context.readFrameSync(packet)
    if (read === AVERROR_EOF) break
    if (read < 0) {
      fail()
      break
    }
    if (packet.streamIndex === stream.index) {
      if (decoder.sendPacketSync(packet) < 0) fail()
      const got = receive()
      if (got !== AVERROR_EAGAIN && got !== AVERROR_EOF) fail()
    }
    const position = Number(packet.pos)
    packet.unref()
    const now = performance.now()
    if (now - reportedAt > progressEveryMs) {
      reportedAt = now
      await options.onProgress(position)
    }
    if (now - yieldedAt > yieldEveryMs) {
      yieldedAt = now
      // Native buffers are given back in turns of the event loop only; without them an hour of sound is held in memory.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  decoder.sendPacketSync(null)
  const drained = receive()
  if (drained !== AVERROR_EOF && drained !== AVERROR_EAGAIN) fail()
  if (chain === null) throw refusal(errorAtMs === null ? 'MEDIA_NO_AUDIO' : 'MEDIA_CORRUPT', 'nothing could be decoded', 0)
  const measured = (chain as Chain).end()
  const timeBase = stream.timeBase
  return {
    codec,
    mono: (chain as Chain).mono,
    frames: measured.frames,
    durationMs: nowMs(),
    indexedMs: options.format === 'm4a' && stream.duration > 0n ? (Number(stream.duration) * timeBase.num * 1000) / timeBase.den : null,
    damagedAtMs,
    cut: errorAtMs !== null && damagedAtMs === null,
    integratedLufs: measured.integratedLufs,
    truePeakDbtp: measured.truePeakDbtp,
  }
}

function open(options: DecodeOptions): { context: FormatContext; stream: Stream; decoder: CodecContext; codec: string } {
  const context = hold(new FormatContext())
  const opened = context.openInputSync(`file:${options.path}`, hold(InputFormat.findInputFormat(demuxers[options.format])))
  if (opened < 0) throw refusal('MEDIA_CORRUPT', new FFmpegError(opened).message, 0)
  const found = context.findStreamInfoSync()
  if (found < 0) throw refusal('MEDIA_CORRUPT', new FFmpegError(found).message, 0)
  const index = context.findBestStream(AVMEDIA_TYPE_AUDIO)
  const streams = hold(context.streams)
  const stream = streams[index]
  if (index < 0 || stream === undefined) throw refusal('MEDIA_NO_AUDIO', 'no sound in the file')
  for (const other of streams) if (other.index !== index) other.discard = AVDISCARD_ALL
  const parameters = hold(stream.codecpar)
  const codec = hold(Codec.findDecoder(parameters.codecId))
  if (codec?.name == null || !acceptedCodecs.test(codec.name))
    throw refusal('MEDIA_UNKNOWN_FORMAT', `codec ${codec?.name ?? parameters.codecId}`)
  const decoder = hold(new CodecContext())
  decoder.allocContext3(codec)
  decoder.parametersToContext(parameters)
  const settings = hold(new Dictionary())
  settings.set('threads', '1')
  // FLAC frames carry a checksum; FFmpeg mentions a wrong one only in its log unless it is told to fail.
  if (options.format === 'flac') settings.set('err_detect', 'crccheck+explode')
  const ready = decoder.open2Sync(codec, settings)
  if (ready < 0) throw refusal('MEDIA_CORRUPT', new FFmpegError(ready).message, 0)
  return { context, stream, decoder, codec: codec.name }
}

interface Chain {
  readonly rateHz: number
  readonly mono: boolean
  push(frame: Frame): void
  end(): { frames: number; integratedLufs: number | null; truePeakDbtp: number | null }
}

function buildChain(shape: string, rateHz: number, channels: number, options: DecodeOptions): Chain {
  const graph = hold(new FilterGraph())
  graph.alloc()
  const source = create(graph, 'abuffer', `time_base=1/${rateHz}:${shape}`)
  const sink = create(graph, 'abuffersink', null)
  // The layout is pinned before the meter: left open, libavfilter makes mono into stereo first and measures 3 dB less peak.
  const steps = [`aresample=${airRateHz}`, `aformat=channel_layouts=${channels === 1 ? 'mono' : 'stereo'}`]
  if (options.measure) steps.push('ebur128=peak=true:framelog=quiet')
  steps.push('aformat=sample_fmts=flt:channel_layouts=stereo')
  const outputs = hold(new FilterInOut())
  outputs.alloc()
  Object.assign(outputs, { name: 'in', filterCtx: source, padIdx: 0 })
  const inputs = hold(new FilterInOut())
  inputs.alloc()
  Object.assign(inputs, { name: 'out', filterCtx: sink, padIdx: 0 })
  const parsed = graph.parsePtr(`[in]${steps.join(',')}[out]`, inputs, outputs)
  const configured = parsed < 0 ? parsed : graph.configSync()
  if (configured < 0) throw refusal('MEDIA_CORRUPT', `${new FFmpegError(configured).message}: ${shape}`, 0)
  const meter = hold(graph.filters ?? []).find((context) => context.filter?.name === 'ebur128') ?? null
  const out = hold(new Frame())
  out.alloc()
  let frames = 0
  const drain = () => {
    while (sink.buffersinkGetFrameSync(out) >= 0) {
      const bytes = out.data?.[0]
      if (bytes !== undefined) options.onSamples(new Float32Array(bytes.buffer, bytes.byteOffset, out.nbSamples * 2))
      frames += out.nbSamples
      out.unref()
    }
  }
  return {
    rateHz,
    mono: channels === 1,
    push(frame) {
      const added = source.buffersrcAddFrameSync(frame)
      if (added < 0) throw refusal('MEDIA_CORRUPT', new FFmpegError(added).message, (frames / airRateHz) * 1000)
      drain()
    },
    end() {
      source.buffersrcAddFrameSync(null)
      drain()
      const integrated = readMeter(meter, 'integrated')
      return {
        frames,
        integratedLufs: integrated === null || integrated <= ungatedLufs ? null : integrated,
        truePeakDbtp: readMeter(meter, 'true_peak'),
      }
    },
  }
}

function create(graph: FilterGraph, name: string, settings: string | null): FilterContext {
  const filter = hold(Filter.getByName(name))
  const context = filter === null ? null : hold(graph.createFilter(filter, name, settings))
  if (context === null) throw refusal('MEDIA_CORRUPT', `${name} refused ${settings ?? ''}`, 0)
  return context
}

/** The exported results of ebur128 are options of the filter. */
function readMeter(meter: FilterContext | null, name: string): number | null {
  const text = meter?.getOption(name) ?? null
  const value = text === null ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : null
}

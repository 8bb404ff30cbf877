// One closed segment of the recorder turned into Ogg Opus (node-av) with its waveform overview. What a killed recorder left is
// taken to its last whole sample, whatever its header says. Runs in a process of its own, at the lowest priority and in small
// steps with pauses between, because on the same machine somebody is on air.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { AV_CHANNEL_LAYOUT_STEREO, AV_SAMPLE_FMT_S16, AVMEDIA_TYPE_AUDIO } from 'node-av/constants'
import { Codec, CodecContext, Dictionary, FFmpegError, FormatContext, Frame, Log, Packet } from 'node-av/lib'
import { AV_LOG_QUIET, FF_ENCODER_LIBOPUS } from 'node-av/constants'
import type { EncodeJob, EncodeResult } from './encode-job.ts'
import { Overview } from './overview.ts'

const rateHz = 48_000
const channels = 2
const bytesPerFrame = channels * 2
const wavHeaderBytes = 44
/** 60 ms a packet: a third of the container's cost of 20 ms, and a seek is still exact enough to hear a word. */
const packetFrames = 2880
const bitRate = 28_000
/** Frames read at a time, and the pause after them: about a tenth of a core while a segment is made. */
const stepFrames = packetFrames * 50
const pauseMs = 120

/** node-av 6.1 frees what a wrapper stands for when the wrapper is collected, also where something else still uses it. */
const held: unknown[] = []
function hold<T>(wrapper: T): T {
  held.push(wrapper)
  return wrapper
}

function must(code: number, what: string): number {
  if (code < 0) throw new Error(`${what}: ${new FFmpegError(code).message}`)
  return code
}

export async function encodeSegment(job: EncodeJob): Promise<Omit<EncodeResult, 'cpuMs'>> {
  Log.setLevel(AV_LOG_QUIET)
  const bytes = (await stat(job.wavPath)).size - wavHeaderBytes
  const frames = Math.max(0, Math.floor(bytes / bytesPerFrame))
  if (frames === 0) return { frames: 0, bytes: 0, sha256: '' }
  const part = `${job.opusPath}.part`
  const output = openOutput(part)
  const overview = new Overview()
  const input = await open(job.wavPath, 'r')
  try {
    const piece = Buffer.alloc(stepFrames * bytesPerFrame)
    for (let at = 0; at < frames; at += stepFrames) {
      const count = Math.min(stepFrames, frames - at)
      const { bytesRead } = await input.read(piece, 0, count * bytesPerFrame, wavHeaderBytes + at * bytesPerFrame)
      if (bytesRead < count * bytesPerFrame) throw new Error(`the segment ends at frame ${at}`)
      overview.take(piece.subarray(0, bytesRead), at)
      output.write(piece.subarray(0, bytesRead), at)
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  } finally {
    await input.close()
  }
  output.end()
  await writeDurably(job.peaksPath, new Uint8Array(overview.values()))
  const finished = await open(part, 'r+')
  await finished.sync()
  await finished.close()
  const result = { frames, bytes: (await stat(part)).size, sha256: await sha256Of(part) }
  await rename(part, job.opusPath)
  return result
}

interface OpusFile {
  write(samples: Buffer, atFrame: number): void
  end(): void
}

function openOutput(path: string): OpusFile {
  const codec = hold(Codec.findEncoderByName(FF_ENCODER_LIBOPUS))
  if (codec === null) throw new Error('this FFmpeg has no Opus encoder')
  const encoder = hold(new CodecContext())
  encoder.allocContext3(codec)
  encoder.codecType = AVMEDIA_TYPE_AUDIO
  encoder.sampleRate = rateHz
  encoder.channelLayout = AV_CHANNEL_LAYOUT_STEREO
  encoder.sampleFormat = AV_SAMPLE_FMT_S16
  encoder.timeBase = { num: 1, den: rateHz } as never
  encoder.bitRate = BigInt(bitRate)
  const settings = hold(new Dictionary())
  for (const [name, value] of Object.entries({ threads: '1', vbr: 'constrained', compression_level: '3', frame_duration: '60' }))
    settings.set(name, value)
  must(encoder.open2Sync(codec, settings), 'open encoder')
  const context = hold(new FormatContext())
  must(context.allocOutputContext2(null, 'ogg', path), 'open container')
  const stream = hold(context.newStream(codec))
  const parameters = hold(stream.codecpar)
  must(parameters.fromContext(encoder), 'parameters')
  stream.timeBase = { num: 1, den: rateHz } as never
  must(context.openOutputSync(), 'open file')
  must(context.writeHeaderSync(), 'header')
  const packet = hold(new Packet())
  packet.alloc()
  const drain = () => {
    while (encoder.receivePacketSync(packet) >= 0) {
      packet.streamIndex = 0
      packet.rescaleTs(encoder.timeBase, stream.timeBase)
      must(context.interleavedWriteFrameSync(packet), 'write')
      packet.unref()
    }
  }
  return {
    write(samples, atFrame) {
      const total = samples.length / bytesPerFrame
      for (let at = 0; at < total; at += packetFrames) {
        const nbSamples = Math.min(packetFrames, total - at)
        const frame = Frame.fromAudioBuffer(samples.subarray(at * bytesPerFrame, (at + nbSamples) * bytesPerFrame), {
          nbSamples,
          format: AV_SAMPLE_FMT_S16,
          sampleRate: rateHz,
          channelLayout: AV_CHANNEL_LAYOUT_STEREO,
          timeBase: { num: 1, den: rateHz } as never,
        })
        frame.pts = BigInt(atFrame + at)
        must(encoder.sendFrameSync(frame), 'encode')
        frame.free()
        drain()
      }
    },
    end() {
      must(encoder.sendFrameSync(null), 'finish')
      drain()
      must(context.writeTrailerSync(), 'trailer')
      context.closeOutputSync()
    },
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  await rm(path, { force: true })
  const file = await open(path, 'w')
  await file.writeFile(bytes)
  await file.sync()
  await file.close()
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path)) hash.update(part as Buffer)
  return hash.digest('hex')
}

// Pulls one network stream and writes it to stdout as s16le, 48 kHz, stereo. A process of its own: FFmpeg reads what strangers
// send, and its licence and its crashes stay out of the audio process. Pace is kept by whoever reads the pipe.
// Arguments: URL. Ends when its stdin does; exits 0 when the stream ends, 1 with the reason on stderr.
import { constants, getPriority, setPriority } from 'node:os'
import { AV_SAMPLE_FMT_S16, Decoder, Demuxer, FilterAPI } from 'node-av'
import { packetsOf } from './packets.ts'

async function relay(url: string): Promise<void> {
  await using input = await Demuxer.open(url, { options: { reconnect: '1', reconnect_streamed: '1', rw_timeout: '5000000' } })
  const stream = input.audio()
  if (!stream) throw new Error('no audio stream')
  using decoder = await Decoder.create(stream)
  using filter = FilterAPI.create('aresample=48000,aformat=sample_fmts=s16:channel_layouts=stereo', { allowReinit: true })
  for await (using packet of packetsOf(input, stream.index)) {
    for await (using decoded of decoder.frames(packet)) {
      for await (using frame of filter.frames(decoded)) {
        if (frame === null || frame.format !== AV_SAMPLE_FMT_S16) continue
        const data = frame.data?.[0]
        if (data !== undefined) await written(Buffer.from(data.subarray(0, frame.nbSamples * 4)))
      }
    }
  }
}

function written(data: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(data, (error) => (error ? reject(error) : resolve()))
  })
}

const url = process.argv[2]
if (url === undefined) {
  process.stderr.write('usage: relay-process.ts URL\n')
  process.exit(2)
}
// Whoever started us is above all others; we are seconds ahead and can wait. One that is below already may not be raised by everybody.
if (getPriority() < constants.priority.PRIORITY_NORMAL) setPriority(constants.priority.PRIORITY_NORMAL)
process.stdin.on('close', () => process.exit(0)).resume()
relay(url).then(
  () => process.exit(0),
  (cause: unknown) => {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`)
    process.exit(1)
  },
)

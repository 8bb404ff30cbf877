// The packets of one stream of an opened input, each read when it is asked for. Not `Demuxer.packets()` of node-av 6.1: that reads
// ahead and, while its queue is full, asks again at every turn of the event loop: one whole core for as long as the source is ahead.
import { type Demuxer, FFmpegError, Packet } from 'node-av'
import { AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants'

/** A live input that has nothing yet is asked again after this, ms (FFmpeg's own tool does the same). */
const againMs = 10

/** Ends with `null`, which flushes a decoder. Rejects with FFmpeg's words. The packet is the reader's to free. */
export async function* packetsOf(input: Demuxer, streamIndex: number): AsyncGenerator<Packet | null> {
  const context = input.getFormatContext()
  for (;;) {
    const packet = new Packet()
    packet.alloc()
    const code = await context.readFrame(packet)
    if (code >= 0 && packet.streamIndex === streamIndex) {
      yield packet
      continue
    }
    packet.free()
    if (code >= 0) continue
    if (code === AVERROR_EOF) return yield null
    if (code !== AVERROR_EAGAIN) FFmpegError.throwIfError(code, 'reading')
    await new Promise((resolve) => setTimeout(resolve, againMs))
  }
}

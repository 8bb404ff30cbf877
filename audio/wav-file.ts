// A WAV file that can be read at any moment of its making: the sizes in its header are brought up to date with every flush,
// so a power cut costs what came after the last one.
import { type FileHandle, open } from 'node:fs/promises'
import { sampleRateHz } from '../shared/domain/levels.ts'

const headerBytes = 44
const channels = 2
const bytesPerFrame = channels * 2

/** The header of `dataBytes` of s16le stereo at 48 kHz. */
export function wavHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.write('RIFF', 0, 'ascii')
  header.writeUInt32LE(headerBytes - 8 + dataBytes, 4)
  header.write('WAVEfmt ', 8, 'ascii')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(channels, 22)
  header.writeUInt32LE(sampleRateHz, 24)
  header.writeUInt32LE(sampleRateHz * bytesPerFrame, 28)
  header.writeUInt16LE(bytesPerFrame, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36, 'ascii')
  header.writeUInt32LE(dataBytes, 40)
  return header
}

export class WavFile {
  readonly #handle: FileHandle
  #dataBytes = 0

  private constructor(handle: FileHandle) {
    this.#handle = handle
  }

  static async create(path: string): Promise<WavFile> {
    const handle = await open(path, 'wx')
    await handle.write(wavHeader(0), 0, headerBytes, 0)
    return new WavFile(handle)
  }

  get frames(): number {
    return this.#dataBytes / bytesPerFrame
  }

  async append(samples: Int16Array): Promise<void> {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
    await this.#handle.write(bytes, 0, bytes.length, headerBytes + this.#dataBytes)
    this.#dataBytes += bytes.length
  }

  /** Header brought up to date, everything on the disk. */
  async flush(): Promise<void> {
    await this.#handle.write(wavHeader(this.#dataBytes), 0, headerBytes, 0)
    await this.#handle.datasync()
  }

  async close(): Promise<void> {
    await this.flush()
    await this.#handle.close()
  }
}

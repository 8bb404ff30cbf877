// Brings one file here, through any number of cuts: what is on the disk stays and is gone on from. A part that is not the one asked
// for, or that makes the file longer than it may be, throws away all of it: nothing is ever spliced. The file gets its name when its
// length and its SHA-256 are right, not before. Runs in the link's worker.
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaRef } from '../../shared/domain/province.ts'
import { LinkError, type ProvinceAdapter } from './adapter.ts'

export interface FetchPorts {
  /** Files being brought; named by hash only. */
  readonly folder: string
  readonly adapter: Pick<ProvinceAdapter, 'media'>
  onProgress(haveBytes: number): void
}

/** Its bytes were here, all of them, and were not the ones that were ordered. */
export class WrongMediaError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WrongMediaError'
  }
}

/** Attempts in a row that bring nothing new before this is left for later. */
const fruitlessAtMost = 4
/** Times that everything is thrown away in one go before this is left for later. */
const restartsAtMost = 3
/** Whole files with a wrong hash before the province is told. */
const wrongAtMost = 2
/** Room left for the logbook and the air-check, bytes. */
const keepFreeBytes = 512 * 1024 * 1024
/** Hashed and written in one go. */
const pieceBytes = 512 * 1024
/** Pieces taken from the line and not yet given to the system; when so many wait, half of them are written before more is taken. */
const piecesBehind = 8
/** Pieces to be used again, by any file: memory that is new costs as much as the disk, and calls the collector. */
const freePieces: Buffer[] = []
const freeAtMost = 2 * piecesBehind

/** Path of the finished file. Rejects with LinkError (later), WrongMediaError (much later), or the signal's reason. */
export async function fetchMedia(ref: MediaRef, ports: FetchPorts, signal: AbortSignal): Promise<string> {
  await mkdir(ports.folder, { recursive: true, mode: 0o700 })
  const done = join(ports.folder, ref.sha256)
  // Found from an earlier boot: a power cut may have left its name and not its bytes.
  if (await isThere(done)) {
    if ((await hashOf(done, signal)) === ref.sha256) return done
    await rm(done)
  }
  const room = await statfs(ports.folder)
  if (room.bavail * room.bsize < ref.bytes + keepFreeBytes) throw new LinkError('disk', 'not enough room for the file')
  const part = await PartFile.open(`${done}.part`, ref, signal)
  try {
    await fill(part, ref, ports, signal)
  } finally {
    await part.close()
  }
  await rename(`${done}.part`, done)
  return done
}

async function fill(part: PartFile, ref: MediaRef, ports: FetchPorts, signal: AbortSignal): Promise<void> {
  let best = part.bytes
  let fruitless = 0
  let wrong = 0
  let restarts = 0
  for (;;) {
    try {
      await append(part, ref, ports, signal)
      if (part.bytes === ref.bytes && part.digest() === ref.sha256) return
      if (part.bytes === ref.bytes) {
        await part.restart()
        wrong += 1
        if (wrong > wrongAtMost) throw new WrongMediaError(`${ref.sha256}: the bytes have another hash`)
        best = 0
      }
    } catch (error) {
      if (!(error instanceof LinkError) || signal.aborted) throw error
      // Another file, another part, more than there should be: what is here cannot be trusted to fit what comes.
      if (error.code === 'changed' || error.code === 'range') {
        await part.restart()
        best = 0
        restarts += 1
      }
      if (part.bytes <= best) fruitless += 1
      if (fruitless >= fruitlessAtMost || restarts >= restartsAtMost) throw error
    }
    if (part.bytes > best) {
      best = part.bytes
      fruitless = 0
    }
  }
}

/** One answer of the province, to its end or to the cut. */
async function append(part: PartFile, ref: MediaRef, ports: FetchPorts, signal: AbortSignal): Promise<void> {
  if (part.bytes === ref.bytes) return
  const answer = await ports.adapter.media(ref, part.bytes, signal)
  if (answer.fromByte !== part.bytes) await part.restart()
  try {
    let told = part.bytes
    await answer.pour({
      room: () => part.room(),
      filled(count) {
        if (part.bytes + count > ref.bytes) throw new LinkError('changed', 'the body is longer than the file')
        signal.throwIfAborted()
        const wait = part.filled(count)
        if (part.bytes - told >= pieceBytes) {
          told = part.bytes
          ports.onProgress(told)
        }
        return wait
      },
    })
    if (part.bytes < ref.bytes) throw new LinkError('unreachable', 'the body ended early')
  } finally {
    await part.flush()
    ports.onProgress(part.bytes)
  }
}

/**
 * What is here of a file, its bytes hashed and written a piece at a time behind their back. Nothing is synced: its hash is proven again
 * before it is used, and a sync of megabytes would stand in the way of the logbook's.
 */
class PartFile {
  readonly #handle: FileHandle
  #hash: Hash
  /** Up to here the bytes are given to the disk, or about to be. */
  #ordered: number
  /** What comes is laid here until it is a piece. */
  #piece: Buffer = newPiece()
  #pieceHas = 0
  /** The last of the writes that were ordered, and those that are not done yet. */
  #writing: Promise<void> = Promise.resolve()
  #behind: Promise<void>[] = []

  private constructor(handle: FileHandle, hash: Hash, bytes: number) {
    this.#handle = handle
    this.#hash = hash
    this.#ordered = bytes
  }

  /** What an earlier boot brought is read once; a part that is too long is nothing. */
  static async open(path: string, ref: MediaRef, signal: AbortSignal): Promise<PartFile> {
    const found = (await isThere(path)) ? (await stat(path)).size : 0
    const handle = await open(path, found > 0 && found <= ref.bytes ? 'r+' : 'w+', 0o600)
    const hash = createHash('sha256')
    if (found === 0 || found > ref.bytes) return new PartFile(handle, hash, 0)
    try {
      await hashInto(hash, path, signal)
    } catch (error) {
      await handle.close()
      throw error
    }
    return new PartFile(handle, hash, found)
  }

  get bytes(): number {
    return this.#ordered + this.#pieceHas
  }

  /** Of what was flushed. */
  digest(): string {
    return this.#hash.copy().digest('hex')
  }

  room(): Uint8Array {
    return this.#piece.subarray(this.#pieceHas)
  }

  /** null = go on; a promise = the disk is behind, wait for it. */
  filled(count: number): Promise<void> | null {
    this.#pieceHas += count
    if (this.#pieceHas === pieceBytes) this.#order()
    return this.#behind.length > piecesBehind ? (this.#behind[piecesBehind / 2] ?? null) : null
  }

  async flush(): Promise<void> {
    if (this.#pieceHas > 0) this.#order()
    await this.#writing
  }

  async restart(): Promise<void> {
    await this.#writing
    this.#pieceHas = 0
    this.#ordered = 0
    this.#hash = createHash('sha256')
    await this.#handle.truncate(0)
  }

  close(): Promise<void> {
    keepPiece(this.#piece)
    return this.#handle.close()
  }

  #order(): void {
    const piece = this.#piece
    const bytes = piece.subarray(0, this.#pieceHas)
    const at = this.#ordered
    this.#hash.update(bytes)
    this.#ordered += bytes.length
    this.#piece = newPiece()
    this.#pieceHas = 0
    const written = this.#writing
      .then(() => this.#write(bytes, at))
      .then(() => {
        this.#behind.shift()
        keepPiece(piece)
      })
    // Whoever waits hears of it; nobody may be waiting yet.
    written.catch(() => undefined)
    this.#writing = written
    this.#behind.push(written)
  }

  async #write(bytes: Uint8Array, from: number): Promise<void> {
    let at = from
    while (at - from < bytes.length) at += (await this.#handle.write(bytes, at - from, bytes.length - (at - from), at)).bytesWritten
  }
}

function newPiece(): Buffer {
  return freePieces.pop() ?? Buffer.allocUnsafeSlow(pieceBytes)
}

function keepPiece(piece: Buffer): void {
  if (freePieces.length < freeAtMost) freePieces.push(piece)
}

async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  await hashInto(hash, path, signal)
  return hash.digest('hex')
}

/** A large one takes seconds: whoever is to give way does so meanwhile. */
async function hashInto(hash: Hash, path: string, signal: AbortSignal): Promise<void> {
  for await (const bytes of createReadStream(path, { highWaterMark: pieceBytes })) {
    signal.throwIfAborted()
    hash.update(bytes as Buffer)
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

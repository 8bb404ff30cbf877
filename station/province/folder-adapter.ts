// The province as a folder: a USB stick or a synced folder with `manifest.jws` and `media/<sha256>`, signed and proven like any
// other. What the station has to tell is laid down there as files, each complete or absent.
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaRef } from '../../shared/domain/province.ts'
import { maxManifestBytes } from '../../shared/province-contract.ts'
import {
  type DeliveryAnswer,
  type DoorbellState,
  feed,
  LinkError,
  type ManifestAnswer,
  type MediaPart,
  type ProvinceAdapter,
  type Sink,
} from './adapter.ts'

export class FolderAdapter implements ProvinceAdapter {
  readonly #folder: string
  readonly #stationId: string

  constructor(folder: string, stationId: string) {
    this.#folder = folder
    this.#stationId = stationId.replaceAll(/[^A-Za-z0-9_-]/g, '_')
  }

  async manifest(etag: string | null): Promise<ManifestAnswer> {
    const path = join(this.#folder, 'manifest.jws')
    const found = await there(stat(path, { bigint: true }))
    const tag = `${found.size}-${found.mtimeNs}`
    if (tag === etag) return { kind: 'unchanged' }
    if (found.size > maxManifestBytes) throw new LinkError('portal', 'manifest.jws is too large')
    return { kind: 'changed', etag: tag, jws: await there(readFile(path, 'utf8')) }
  }

  async media(ref: MediaRef, fromByte: number, signal: AbortSignal): Promise<MediaPart> {
    const path = join(this.#folder, 'media', ref.sha256)
    const { size } = await there(stat(path))
    if (size !== ref.bytes) throw new LinkError('changed', `the file has ${size} bytes, not ${ref.bytes}`)
    return { fromByte, pour: (sink) => pour(path, fromByte, signal, sink) }
  }

  async deliver(key: string, batch: string): Promise<DeliveryAnswer> {
    const folder = join(this.#folder, 'records', this.#stationId)
    await there(mkdir(folder, { recursive: true }))
    const path = join(folder, `${key.replaceAll(/[^A-Za-z0-9_-]/g, '_')}.json`)
    const file = await there(open(`${path}.part`, 'w'))
    try {
      await there(file.writeFile(batch))
      await there(file.sync())
    } finally {
      await file.close()
    }
    await there(rename(`${path}.part`, path))
    return 'committed'
  }

  /** A folder goes with whoever carries it: what is laid down there is a witness in their hands, not here. */
  heads(): Promise<readonly []> {
    return Promise.resolve([])
  }

  listen(_onNudge: () => void, onState: (state: DoorbellState) => void): void {
    onState({ state: 'off', reason: null })
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

/** A stick that was pulled out is a link that is not there. */
async function there<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new LinkError('unreachable', error instanceof Error ? error.message : String(error), { cause: error })
  }
}

async function pour(path: string, fromByte: number, signal: AbortSignal, sink: Sink): Promise<void> {
  const stream = createReadStream(path, { start: fromByte, signal, highWaterMark: 1024 * 1024 })
  const parts = stream[Symbol.asyncIterator]()
  for (let next = await there(parts.next()); next.done !== true; next = await there(parts.next())) await feed(sink, next.value as Buffer)
}

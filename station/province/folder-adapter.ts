// The province as a folder: a USB stick or a synced folder with `manifest.jws` and `media/<sha256>`, signed and proven like any
// other. What the station has to tell is laid down there as files, each complete or absent, and is its witness when it comes back.
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaRef, WitnessedHead } from '../../shared/domain/province.ts'
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
import { there } from './folder-files.ts'
import { FolderWitness } from './folder-witness.ts'
import type { StationKey } from './station-key.ts'

export class FolderAdapter implements ProvinceAdapter {
  readonly #folder: string
  readonly #witness: FolderWitness

  constructor(folder: string, stationId: string, key: StationKey) {
    this.#folder = folder
    this.#witness = new FolderWitness(folder, stationId, key, Date.now)
  }

  async manifest(etag: string | null): Promise<ManifestAnswer> {
    const found = await this.#present()
    const tag = `${found.size}-${found.mtimeNs}`
    if (tag === etag) return { kind: 'unchanged' }
    if (found.size > maxManifestBytes) throw new LinkError('portal', 'manifest.jws is too large')
    return { kind: 'changed', etag: tag, jws: await there(readFile(this.#manifest, 'utf8')) }
  }

  async media(ref: MediaRef, fromByte: number, signal: AbortSignal): Promise<MediaPart> {
    const path = join(this.#folder, 'media', ref.sha256)
    const { size } = await there(stat(path))
    if (size !== ref.bytes) throw new LinkError('changed', `the file has ${size} bytes, not ${ref.bytes}`)
    return { fromByte, pour: (sink) => pour(path, fromByte, signal, sink) }
  }

  async deliver(key: string, batch: string): Promise<DeliveryAnswer> {
    await this.#present()
    const answer = await this.#witness.deliver(key, batch)
    await this.#witness.introduce()
    // Pulled out meanwhile, the last of it may lie in the place it left.
    await this.#present()
    return answer
  }

  async heads(): Promise<readonly WitnessedHead[]> {
    await this.#present()
    return this.#witness.heads()
  }

  listen(_onNudge: () => void, onState: (state: DoorbellState) => void): void {
    onState({ state: 'off', reason: null })
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  get #manifest(): string {
    return join(this.#folder, 'manifest.jws')
  }

  /** Where no manifest lies, there is no province: where a stick was pulled out the folder may be there still, on our own disk. */
  #present() {
    return there(stat(this.#manifest, { bigint: true }))
  }
}

async function pour(path: string, fromByte: number, signal: AbortSignal, sink: Sink): Promise<void> {
  const stream = createReadStream(path, { start: fromByte, signal, highWaterMark: 1024 * 1024 })
  const parts = stream[Symbol.asyncIterator]()
  for (let next = await there(parts.next()); next.done !== true; next = await there(parts.next())) await feed(sink, next.value as Buffer)
}

// Alerts held wholly in memory: mono s16le at 48 kHz, 58 MB for ten minutes (as floats in stereo it would be 230 MB).
// What is held is hashed while it is read, so that the station knows that the very bytes it proved are the ones that air.
import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { type AlertAudio, alertMemoryBytes } from '../shared/audio-protocol.ts'
import type { AlertId } from '../shared/domain/ids.ts'

const pieceBytes = 1 << 20

export interface LoadedAlert {
  readonly alertId: AlertId
  readonly attention: Int16Array | null
  readonly body: Int16Array
  readonly gainDb: number
  /** SHA-256 of the attention's bytes followed by the body's. */
  readonly sha256: string
}

export class AlertStore {
  readonly #alerts = new Map<AlertId, LoadedAlert>()

  get(alertId: AlertId): LoadedAlert | undefined {
    return this.#alerts.get(alertId)
  }

  list(): LoadedAlert[] {
    return [...this.#alerts.values()]
  }

  /** Reads it; replaces what was held under the same id only once it is whole. Throws with the reason. */
  async load(alert: AlertAudio): Promise<LoadedAlert> {
    const hash = createHash('sha256')
    const attention = alert.attentionPath === null ? null : await this.#read(alert.attentionPath, hash)
    const body = await this.#read(alert.bodyPath, hash)
    if (body.length === 0) throw new Error(`${alert.bodyPath}: empty`)
    const loaded = {
      alertId: alert.alertId,
      attention: attention !== null && attention.length > 0 ? attention : null,
      body,
      gainDb: alert.gainDb,
      sha256: hash.digest('hex'),
    }
    this.#alerts.set(alert.alertId, loaded)
    return loaded
  }

  unload(alertId: AlertId): boolean {
    return this.#alerts.delete(alertId)
  }

  async #read(path: string, hash: Hash): Promise<Int16Array> {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      if (size % 2 !== 0) throw new Error(`${path}: ${size} bytes are not whole 16-bit samples`)
      if (this.#heldBytes() + size > alertMemoryBytes) throw new Error(`${path}: ${size} bytes do not fit beside the alerts already held`)
      const samples = new Int16Array(size / 2)
      await fill(file, new Uint8Array(samples.buffer), hash, path)
      return samples
    } finally {
      await file.close()
    }
  }

  #heldBytes(): number {
    return this.list().reduce((sum, { attention, body }) => sum + (attention?.byteLength ?? 0) + body.byteLength, 0)
  }
}

/** In pieces, so that hashing ten minutes never holds up the JS thread for more than a few milliseconds. */
async function fill(file: FileHandle, target: Uint8Array, hash: Hash, path: string): Promise<void> {
  let filled = 0
  while (filled < target.length) {
    const { bytesRead } = await file.read(target, filled, Math.min(pieceBytes, target.length - filled), filled)
    if (bytesRead === 0) throw new Error(`${path}: ended after ${filled} of ${target.length} bytes`)
    hash.update(target.subarray(filled, filled + bytesRead))
    filled += bytesRead
  }
}

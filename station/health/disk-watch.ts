// S5: a disk that runs full must not take the logbook and the alerts with it. A ballast file is laid down while there is room; when
// there is none it is given back to the logbook. Before that, downloads and imports stop.
import { open, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock, Timer } from '../../shared/domain/clock.ts'

/** ok · low: nothing new is brought in · full: the ballast has been given back, only logbook and alerts write. */
export type DiskLevel = 'ok' | 'low' | 'full'

export interface DiskPorts {
  readonly dataDir: string
  readonly clock: Clock
  onLevel(level: DiskLevel, freeMb: number): void
  onError(error: unknown): void
}

const everyMs = 5_000
const lowShare = 0.1
const fullShare = 0.02
/** Below this a disk is low or full however small its share is. */
const lowBytes = 8 * 2 ** 20
const largestBallastBytes = 64 * 2 ** 20

export class DiskWatch {
  readonly #ports: DiskPorts
  readonly #ballastPath: string
  #timer: Timer | null = null
  #level: DiskLevel = 'ok'
  #looking: Promise<void> | null = null

  constructor(ports: DiskPorts) {
    this.#ports = ports
    this.#ballastPath = join(ports.dataDir, 'ballast')
  }

  get level(): DiskLevel {
    return this.#level
  }

  start(): void {
    this.#timer = this.#ports.clock.every(everyMs, () => void this.look())
    void this.look()
  }

  async close(): Promise<void> {
    this.#timer?.cancel()
    await this.#looking
  }

  /** The disk said ENOSPC: no need to wait for the next look. */
  isFull(): void {
    void this.#release().then(
      () => this.#set('full', 0),
      (error: unknown) => this.#ports.onError(error),
    )
  }

  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => this.#ports.onError(error))
      .finally(() => {
        this.#looking = null
      })
    return this.#looking
  }

  async #look(): Promise<void> {
    const disk = await statfs(this.#ports.dataDir)
    const totalBytes = disk.blocks * disk.bsize
    const freeBytes = disk.bavail * disk.bsize
    const ballastBytes = Math.min(largestBallastBytes, Math.floor(totalBytes * fullShare))
    const laid = (await stat(this.#ballastPath).catch(() => null))?.size ?? 0
    const full = freeBytes < totalBytes * fullShare
    const low = freeBytes < Math.max(totalBytes * lowShare, lowBytes)
    if (full && laid > 0) await this.#release()
    else if (!low && laid < ballastBytes) await this.#lay(ballastBytes)
    // Once full it stays so until there is room for the ballast again.
    this.#set(full || (this.#level === 'full' && low) ? 'full' : low ? 'low' : 'ok', Math.round(freeBytes / 2 ** 20))
  }

  /** Real blocks: a hole would hold no room. */
  async #lay(bytes: number): Promise<void> {
    const file = await open(this.#ballastPath, 'w', 0o600)
    try {
      const piece = Buffer.alloc(2 ** 20, 0x5a)
      for (let at = 0; at < bytes; at += piece.length) await file.write(piece, 0, Math.min(piece.length, bytes - at), at)
      await file.sync()
    } finally {
      await file.close()
    }
  }

  #release(): Promise<void> {
    return rm(this.#ballastPath, { force: true })
  }

  #set(level: DiskLevel, freeMb: number): void {
    if (this.#level === level) return
    this.#level = level
    this.#ports.onLevel(level, freeMb)
  }
}

// Pre-flight: is the air copy of a recording there, whole, and readable right now? Asked before an item is queued, 10 minutes
// and 30 seconds before it airs, and before an alert uses a recording (FAULTS S9, S10).
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Cart } from '../../shared/domain/library.ts'
import { readableBytes } from './media-store.ts'

/** A frame of the air copy: two channels of 16 bits. */
export const bytesPerFrame = 4

export type Proof =
  | { readonly ok: true }
  /** `changed`: as long as it should be, but not the bytes that were made at import. */
  | { readonly ok: false; readonly reason: 'missing' | 'empty' | 'truncated' | 'unreadable' | 'changed' }

/** `hash`: also read every byte and compare (seconds for an hour of sound). */
export async function proveAirCopy(path: string, cart: Cart, hash: boolean): Promise<Proof> {
  const bytes = await readableBytes(path)
  if (bytes === null) return { ok: false, reason: 'missing' }
  if (bytes === 0) return { ok: false, reason: 'empty' }
  if (bytes < cart.frames * bytesPerFrame) return { ok: false, reason: 'truncated' }
  if (bytes > cart.frames * bytesPerFrame) return { ok: false, reason: 'changed' }
  if (!(await readsBothEnds(path, bytes))) return { ok: false, reason: 'unreadable' }
  if (!hash || cart.airSha256 === undefined) return { ok: true }
  return (await sha256Of(path)) === cart.airSha256 ? { ok: true } : { ok: false, reason: 'changed' }
}

/** A bad sector or a dead network share opens and has a size; only reading tells. */
async function readsBothEnds(path: string, bytes: number): Promise<boolean> {
  try {
    const file = await open(path, 'r')
    try {
      const part = Buffer.alloc(Math.min(4096, bytes))
      const head = await file.read(part, 0, part.length, 0)
      const tail = await file.read(part, 0, part.length, bytes - part.length)
      return head.bytesRead === part.length && tail.bytesRead === part.length
    } finally {
      await file.close()
    }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause) return false
    throw cause
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(part as Buffer)
  return hash.digest('hex')
}

// What lies in the folder of recordings on their way here and nobody waits for: begun for an item that was taken back, or left by a
// station that died. It is taken away, so that the room is there for what is wanted. Runs in the link's worker.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Names of ours: whole, or a part. */
const ownName = /^([0-9a-f]{64})(?:\.part)?$/

/**
 * Removes every file of ours whose hash is not in `keep`; other names are nobody's business here. In one go, so that nothing that is
 * asked for meanwhile can lose its file.
 */
export function removeLeftovers(folder: string, keep: ReadonlySet<string>): void {
  for (const name of namesIn(folder)) {
    const sha256 = ownName.exec(name)?.[1]
    if (sha256 !== undefined && !keep.has(sha256)) rmSync(join(folder, name), { force: true })
  }
}

/** A folder that is not there yet holds nothing. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

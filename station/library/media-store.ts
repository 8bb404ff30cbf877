// The library's folders: `originals/<sha256>` and `air/<sha256>.pcm` hold what was accepted, `incoming/` what is being
// imported. Files are named by hash only, so no name from outside ever becomes part of a path. A file appears under its
// final name complete and durable, or not at all.
import { constants } from 'node:fs'
import { access, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BugError } from '../../shared/domain/errors.ts'
import { syncFolder } from '../durable-folder.ts'
import { workFiles } from './ingest/job.ts'

/** In the folder of an import whose files are being moved to their final names: the hash they are moved under. */
const claimFile = 'accepting'

export interface MediaStore {
  readonly incoming: string
  originalPath(sha256: string): string
  airPath(sha256: string): string
  /**
   * Makes the folders, removes what imports that a crash ended left behind, and gives how many there were. Files that no
   * such import claims stay, even unknown ones: a database restored from a backup must not cost recordings.
   */
  prepare(isKnown: (sha256: string) => Promise<boolean>): Promise<number>
  /** Moves an accepted import to its final names. */
  accept(workDir: string, originalPath: string, sha256: string): Promise<void>
  remove(sha256: string): Promise<void>
}

export function createMediaStore(dataDir: string): MediaStore {
  const root = join(dataDir, 'library')
  const folders = { incoming: join(root, 'incoming'), originals: join(root, 'originals'), air: join(root, 'air') }
  const originalPath = (sha256: string) => join(folders.originals, checked(sha256))
  const airPath = (sha256: string) => join(folders.air, `${checked(sha256)}.pcm`)
  const removeBoth = async (sha256: string) => {
    await rm(airPath(sha256), { force: true })
    await rm(originalPath(sha256), { force: true })
  }
  return {
    incoming: folders.incoming,
    originalPath,
    airPath,
    async prepare(isKnown) {
      for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true, mode: 0o700 })
      const left = await readdir(folders.incoming)
      for (const name of left) {
        const claimed = await readClaim(join(folders.incoming, name, claimFile))
        if (claimed !== null && !(await isKnown(claimed))) await removeBoth(claimed)
        await rm(join(folders.incoming, name), { recursive: true, force: true })
      }
      return left.length
    },
    async accept(workDir, original, sha256) {
      await writeFile(join(workDir, claimFile), checked(sha256), { flush: true })
      await syncFolder(workDir)
      await rename(join(workDir, workFiles.airCopy), airPath(sha256))
      await rename(original, originalPath(sha256))
      await syncFolder(folders.air)
      await syncFolder(folders.originals)
    },
    remove: removeBoth,
  }
}

/** Bytes of a readable file, or null where there is none that can be read. */
export async function readableBytes(path: string): Promise<number | null> {
  try {
    await access(path, constants.R_OK)
    const found = await stat(path)
    return found.isFile() ? found.size : null
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause) return null
    throw cause
  }
}

/** The hash an interrupted import had begun to use; null where it had not come that far, or not whole. */
async function readClaim(path: string): Promise<string | null> {
  try {
    const text = await readFile(path, 'utf8')
    return sha256Form.test(text) ? text : null
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return null
    throw cause
  }
}

const sha256Form = /^[0-9a-f]{64}$/

function checked(sha256: string): string {
  if (!sha256Form.test(sha256)) throw new BugError(`not a hash: ${sha256.slice(0, 80)}`)
  return sha256
}

// Files of a folder that may be pulled out at any moment, may be locked against writing, and may have been written by anybody: each
// is laid down whole or not at all, none is believed to be what its name says, and what goes wrong has a code.
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../durable-folder.ts'
import { LinkError, type LinkErrorCode } from './adapter.ts'

const codes: Readonly<Record<string, LinkErrorCode>> = {
  EROFS: 'readOnly',
  EACCES: 'denied',
  EPERM: 'denied',
  ENOSPC: 'noRoom',
  EDQUOT: 'noRoom',
}

/** A stick that was pulled out is a link that is not there; the message names the file. */
export async function there<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof LinkError) throw error
    throw new LinkError(codes[codeOf(error)] ?? 'unreachable', error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/**
 * Complete, and there after a power cut, when this is answered; never in the place of another file with other content.
 * @param folders names below `base`, made where they are missing; `base` itself never is: an empty mount point is no stick
 */
export function layDown(base: string, folders: readonly string[], name: string, text: string): Promise<void> {
  return there(
    (async () => {
      const folder = await makeFolders(base, folders)
      const part = join(folder, `${name}.part`)
      // What a killed process left. It is not opened: it may be a link to somewhere else.
      await rm(part, { force: true })
      const file = await open(part, 'wx', 0o644)
      try {
        await file.writeFile(text)
        await file.sync()
      } catch (error) {
        // Half of a file on a full stick takes the room of the next.
        await rm(part, { force: true }).catch(() => undefined)
        throw error
      } finally {
        await file.close()
      }
      await rename(part, join(folder, name))
      await syncFolder(folder)
    })(),
  )
}

async function makeFolders(base: string, names: readonly string[]): Promise<string> {
  let folder = base
  for (const name of names) {
    const inside = join(folder, name)
    try {
      await mkdir(inside)
      await syncFolder(folder)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
    folder = inside
  }
  return folder
}

/** Names in a folder, sorted; none where it is not there. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await there(readdir(folder).catch((error: unknown) => (isMissing(error) ? [] : Promise.reject(error))))
  return names.sort()
}

/** null = there is none. One that is longer than such a file can be is as good as empty. */
export async function textOf(path: string, limitBytes: number): Promise<{ readonly text: string; readonly changedMs: number } | null> {
  try {
    const { size, mtimeMs } = await stat(path)
    return { text: size > limitBytes ? '' : await readFile(path, 'utf8'), changedMs: Math.floor(mtimeMs) }
  } catch (error) {
    if (isMissing(error)) return null
    return there(Promise.reject(error))
  }
}

/** Out of the way, for a person to look at; stays where the folder cannot be written. */
export async function layAside(path: string): Promise<void> {
  try {
    await rename(path, `${path}.damaged`)
  } catch (error) {
    const code = codes[codeOf(error)]
    if (code === undefined || code === 'noRoom') throw error
  }
}

function isMissing(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

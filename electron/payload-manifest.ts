// What goes into the payload beside the ASAR, and the manifest of it. Pure decisions and one writer, used by build-payload.mjs.
import { createHash } from 'node:crypto'
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { manifestName, type PayloadManifest } from '../shared/payload-manifest.ts'

/** Rooms that the station runs from; screens come built, tests and the shell stay out. */
export const payloadRooms: readonly string[] = ['shared', 'hardware', 'audio', 'station']

/** Files of a room that are of use at run time. */
export function isRoomFile(path: string): boolean {
  return !/(^|\/)(tsconfig\.json|README\.md|\.DS_Store)$/.test(path) && !/\.test\.tsx?$/.test(path)
}

/** Files of a package that are of use at run time. Licences stay: they must travel with the code. */
export function isPackageFile(path: string): boolean {
  if (/(^|\/)(licen[cs]e|notice|copying)[^/]*$/i.test(path)) return true
  if (/\.(map|d\.[cm]?ts|markdown|md)$/i.test(path)) return false
  // Headers and manuals that come with the Node package: 65 MB of nothing.
  return !/^(include|share)\//.test(path)
}

interface LockEntry {
  readonly dev?: boolean
  readonly optional?: boolean
}

/** Folders of the packages that the product needs, from the lock file: `node_modules/a`, `node_modules/a/node_modules/b` … */
export function productPackages(lock: { readonly packages: Readonly<Record<string, LockEntry>> }): readonly string[] {
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path !== '' && entry.dev !== true)
    .map(([path]) => path)
    .sort()
}

/** Hashes every file below `folder` and writes the manifest into it. Answers how many files it lists. */
export async function writeManifest(folder: string, version: string, platform: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files: Record<string, string> = {}
  const listed = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => ({ path: join(entry.parentPath, entry.name), isLink: entry.isSymbolicLink() }))
  for (const { path, isLink } of listed.sort((one, other) => (one.path < other.path ? -1 : 1))) {
    const name = relative(folder, path).replaceAll('\\', '/')
    if (name === manifestName) continue
    files[name] = isLink
      ? `link:${(await readlink(path)).replaceAll('\\', '/')}`
      : createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
  }
  const manifest: PayloadManifest = { product: 'truc-song', version, platform, files }
  await writeFile(join(folder, manifestName), `${JSON.stringify(manifest, null, 1)}\n`)
  return Object.keys(files).length
}

// The files that belong to the project: what git tracks or would track, or, in an unpacked archive, what lies there.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

export const root = join(import.meta.dirname, '../../..')

/** Paths from the root, `/` separated. */
export function projectFiles(): string[] {
  const listing = askGit()
  if (listing !== null) return listing.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
  const skip = new Set(['.git', 'node_modules', 'dist', '.data', 'coverage', 'release'])
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.split('/').some((part) => skip.has(part)))
}

/** null where git is not installed, does not know this folder, or does not trust its owner. */
function askGit(): string | null {
  if (!existsSync(join(root, '.git'))) return null
  const asked = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  return asked.status === 0 ? asked.stdout : null
}

/** Text of a project file, or null for a binary one. */
export function textOf(path: string): string | null {
  const bytes = readFileSync(join(root, path))
  return bytes.subarray(0, 8000).includes(0) ? null : bytes.toString('utf8')
}

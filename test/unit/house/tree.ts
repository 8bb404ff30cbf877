// The files that belong to the project: what git tracks or would track, or, in an unpacked archive, what lies there.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

export const root = join(import.meta.dirname, '../../..')

/** Paths from the root, `/` separated. */
export function projectFiles(): string[] {
  if (existsSync(join(root, '.git'))) {
    const listing = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    return listing.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
  }
  const skip = new Set(['node_modules', 'dist', '.data', 'coverage', 'release'])
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.split('/').some((part) => skip.has(part)))
}

/** Text of a project file, or null for a binary one. */
export function textOf(path: string): string | null {
  const bytes = readFileSync(join(root, path))
  return bytes.subarray(0, 8000).includes(0) ? null : bytes.toString('utf8')
}

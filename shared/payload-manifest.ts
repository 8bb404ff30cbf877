// The list of what was shipped beside the ASAR (station, its packages, the built screens) with a hash of each file. Written when
// a package is built, checked when the packaged station starts: a torn update or an altered file is refused before it airs.
import { z } from 'zod'

/** Name of the manifest in the folder it describes; it is not listed in itself. */
export const manifestName = 'payload-manifest.json'

/** Paths are relative with `/`. Value: SHA-256 in hex, or `link:TARGET` for a symbolic link. */
export const PayloadManifest = z.strictObject({
  product: z.literal('truc-song'),
  version: z.string(),
  /** `linux-x64`, `win32-x64` …: native modules are for one platform. */
  platform: z.string(),
  files: z.record(z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/), z.string().regex(/^([0-9a-f]{64}|link:.+)$/)),
})
export type PayloadManifest = z.infer<typeof PayloadManifest>

export interface PayloadProblem {
  readonly path: string
  readonly problem: 'altered' | 'missing' | 'unexpected'
}

/** Every difference between what was shipped and what lies there, by path. Pure. */
export function comparePayload(manifest: PayloadManifest, found: ReadonlyMap<string, string>): readonly PayloadProblem[] {
  const problems: PayloadProblem[] = []
  for (const [path, hash] of Object.entries(manifest.files)) {
    const is = found.get(path)
    if (is === undefined) problems.push({ path, problem: 'missing' })
    else if (is !== hash) problems.push({ path, problem: 'altered' })
  }
  for (const path of found.keys()) if (!Object.hasOwn(manifest.files, path)) problems.push({ path, problem: 'unexpected' })
  return problems.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

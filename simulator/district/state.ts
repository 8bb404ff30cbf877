// What the district remembers between two starts, in DIR/district.json: the addresses of its devices, so that a station's
// configuration and a person's notes stay true, and how the desk was left. Created when missing.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const port = z.number().int().min(1).max(65_535)

export const DistrictState = z.object({
  version: z.literal(1).default(1),
  /** Loopback ports given out before; tried again, and replaced when taken. */
  ports: z.object({ fm: port.optional(), relay: port.optional(), desk: port.optional(), faults: port.optional() }).prefault({}),
  fm: z.object({ powerSetW: z.number().min(1).max(9999).default(100), frequencyKhz: z.number().int().default(64_200) }).prefault({}),
})
export type DistrictState = z.infer<typeof DistrictState>
export type PortName = keyof DistrictState['ports']

/** Throws when the file is there and is not a district's. */
export function loadState(path: string): DistrictState {
  let text = '{}'
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause
  }
  return DistrictState.parse(JSON.parse(text))
}

/** Replaces the file as a whole: a power cut leaves the old or the new one. */
export function saveState(path: string, state: DistrictState): void {
  const next = `${path}.next`
  writeFileSync(next, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  renameSync(next, path)
}

// Loopback ports given out before, in DIR/province.json, so that a station's configuration stays true. 0 = any.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const port = z.number().int().min(0).max(65_535).default(0)
const Ports = z.object({ https: port, page: port, mqtt: port })
export type Ports = z.infer<typeof Ports>

export function loadPorts(folder: string): Ports {
  try {
    return Ports.parse(JSON.parse(readFileSync(join(folder, 'province.json'), 'utf8')))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return Ports.parse({})
    throw cause
  }
}

export function savePorts(folder: string, ports: Ports): void {
  const path = join(folder, 'province.json')
  writeFileSync(`${path}.next`, `${JSON.stringify(ports)}\n`, { mode: 0o600 })
  renameSync(`${path}.next`, path)
}

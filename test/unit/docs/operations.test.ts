// docs/operations.md says of the configuration what the schema says, key by key, and its example is one the station takes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { driverIds, registry } from '../../../hardware/registry.ts'
import { StationConfig } from '../../../shared/config.ts'
import { configKeys } from './config-reference.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8')

describe('docs/operations.md', () => {
  it('lists every configuration key with its type and default, and no other', () => {
    const section = page.slice(page.indexOf('\n## Configuration'))
    const rows = [...section.matchAll(/^\| `([^`]+)` \| ([^|]+) \| `([^`]+)` \| ([^|]+) \|$/gm)]
    expect(rows.map(([, path, type, standard]) => ({ path, type, standard }))).toEqual(configKeys())
    expect(rows.every(([, , , , meaning]) => (meaning ?? '').trim() !== '')).toBe(true)
  })

  it('shows an example that the station takes', () => {
    const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
    const config = StationConfig.parse(JSON.parse(example))
    expect(config.outputs.map((output) => output.id)).toEqual(['fm', 'wired'])
    expect(config.audio.latencyHint).toBe('balanced')
    for (const device of config.devices) {
      const id = driverIds.find((known) => known === device.driver)
      expect(id === undefined ? device.driver : registry[id].configSchema.safeParse(device.options).error).toBeUndefined()
    }
  })

  it('tells systemd to leave the audio process alone', () => {
    expect(page).toMatch(/^KillMode=process$/m)
  })
})

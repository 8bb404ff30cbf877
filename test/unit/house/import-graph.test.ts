// The table of DESIGN.md 1, enforced, and shown to bite: every kind of import is planted where it must not be.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { listSources, walkImports } from './import-graph.ts'
import { checkImports, rooms } from './import-rules.ts'

const root = join(import.meta.dirname, '../../..')
const temporary: string[] = []

afterEach(() => {
  for (const folder of temporary.splice(0)) rmSync(folder, { recursive: true })
})

/** A house with one guilty file; answers the complaints. */
function planted(files: Readonly<Record<string, string>>): readonly string[] {
  const house = mkdtempSync(join(tmpdir(), 'truc-song-house-'))
  temporary.push(house)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, path)), { recursive: true })
    writeFileSync(join(house, path), text)
  }
  return checkImports(walkImports(house, listSources(house, rooms)))
}

const target = {
  'station/onair/machine.ts': 'export const b = 1\nexport type B = number\n',
  'station/onair/index.ts': "export * from './machine.ts'\n",
}

describe('the house', () => {
  it('is walked whole: no fewer modules than files', () => {
    const files = listSources(root, rooms)
    const graph = walkImports(root, files)
    expect(files.length).toBeGreaterThan(20)
    expect(graph.files.length).toBe(files.length)
    const importing = new Set(graph.edges.map((edge) => edge.from))
    expect(importing.size).toBeGreaterThan(files.length / 2)
  })

  it('keeps its table', () => {
    expect(checkImports(walkImports(root, listSources(root, rooms)))).toEqual([])
  })
})

describe('a planted violation goes red', () => {
  it.each([
    ['import', "import { b } from '../station/onair/index.ts'\nexport const a = b\n"],
    ['type-only', "import type { B } from '../station/onair/index.ts'\nexport type A = B\n"],
    ['type-only', "import { type B } from '../station/onair/index.ts'\nexport type A = B\n"],
    ['type-only', "export type { B } from '../station/onair/index.ts'\n"],
    ['export', "export * from '../station/onair/index.ts'\n"],
    ['dynamic', "export const a = () => import('../station/onair/index.ts')\n"],
    ['import-type', "export type A = import('../station/onair/index.ts').B\n"],
    ['url', "export const a = new URL('../station/onair/index.ts', import.meta.url)\n"],
  ])('%s from shared into station: %s', (how, text) => {
    expect(planted({ ...target, 'shared/guilty.ts': text })).toEqual([
      `shared/guilty.ts → ../station/onair/index.ts (${how}): shared/ may not import station/`,
    ])
  })

  it.each([
    ['renderer/guilty.tsx', "import type { B } from '../station/onair/index.ts'\nexport type A = B\n", 'renderer/ may not import station/'],
    ['audio/guilty.ts', "import { b } from '../station/onair/index.ts'\nexport const a = b\n", 'audio/ may not import station/'],
    ['simulator/guilty.ts', "import { b } from '../station/onair/index.ts'\nexport const a = b\n", 'simulator/ may not import station/'],
    [
      'station/alerts/guilty.ts',
      "import type { B } from '../onair/machine.ts'\nexport type A = B\n",
      'the door of station/onair is its index.ts',
    ],
    ['shared/guilty.ts', "import { readFileSync } from 'node:fs'\nexport const a = readFileSync\n", 'only the schema library'],
    ['station/guilty.ts', "import { app } from 'electron'\nexport const a = app\n", 'only electron/ imports this package'],
    ['renderer/guilty.ts', "import { join } from 'node:path'\nexport const a = join\n", 'a screen has no Node'],
    ['station/guilty.ts', "import { b } from './gone.ts'\nexport const a = b\n", 'points to no file'],
  ])('%s', (path, text, complaint) => {
    const complaints = planted({ ...target, [path]: text })
    expect(complaints).toHaveLength(1)
    expect(complaints[0]).toContain(complaint)
  })

  it('the driver registry is for station/main.ts only', () => {
    const registry = { 'hardware/registry.ts': 'export const drivers = 1\n', 'hardware/contract/driver.ts': 'export type D = number\n' }
    const guilty = "import { drivers } from '../../hardware/registry.ts'\nexport const a = drivers\n"
    expect(planted({ ...registry, 'station/onair/guilty.ts': guilty })).toHaveLength(1)
    const innocent =
      "import type { D } from '../hardware/contract/driver.ts'\nimport { drivers } from '../hardware/registry.ts'\nexport const a: D = drivers\n"
    expect(planted({ ...registry, 'station/main.ts': innocent })).toEqual([])
  })

  it('the station starts the audio program and never loads it; only its entry points see the house', () => {
    const house = {
      'audio/main.ts': 'export const a = 1\n',
      'station/house/station.ts': "export const entry = new URL('../../audio/main.ts', import.meta.url)\n",
      'station/main.ts': "import { entry } from './house/station.ts'\nexport const e = entry\n",
    }
    expect(planted(house)).toEqual([])
    expect(planted({ ...house, 'station/guilty.ts': "import { a } from '../audio/main.ts'\nexport const b = a\n" })).toHaveLength(1)
    expect(
      planted({ ...house, 'station/onair/guilty.ts': "import { entry } from '../house/station.ts'\nexport const b = entry\n" }),
    ).toHaveLength(1)
  })

  it('a file that cannot be parsed is an error, not an omission', () => {
    expect(() => planted({ 'shared/broken.ts': 'import { from' })).toThrow()
  })
})

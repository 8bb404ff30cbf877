// The lock as `npm ci` will judge it on a new machine, found here in milliseconds: npm drops optional platform packages from
// the lock without a word when a registry does not list them, and then refuses that very lock.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { root } from './tree.ts'

const dependencies = z.record(z.string(), z.string()).default({})
const Entry = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  license: z.string().optional(),
  optional: z.boolean().default(false),
  dependencies,
  devDependencies: dependencies,
  optionalDependencies: dependencies,
})
const packages = z.object({ packages: z.record(z.string(), Entry) }).parse(read('package-lock.json')).packages
const manifest = z.object({ dependencies, devDependencies: dependencies, optionalDependencies: dependencies }).parse(read('package.json'))

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'))
}

/** Where Node would find `name` from the package at `path`. */
function find(path: string, name: string): string | null {
  const candidate = path === '' ? `node_modules/${name}` : `${path}/node_modules/${name}`
  if (packages[candidate] !== undefined) return candidate
  return path === '' ? null : find(path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), name)
}

describe('package-lock.json', () => {
  it('holds every dependency of every package, optional ones of other platforms too', () => {
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies })
        .filter((name) => find(path, name) === null)
        .map((name) => `${path || '(root)'} → ${name}`),
    )
    expect(missing).toEqual([])
  })

  it('agrees with package.json', () => {
    const lockRoot = packages['']
    expect({ ...lockRoot?.dependencies }).toEqual(manifest.dependencies)
    expect({ ...lockRoot?.devDependencies }).toEqual(manifest.devDependencies)
    expect({ ...lockRoot?.optionalDependencies }).toEqual(manifest.optionalDependencies)
  })

  it('names no download host, and proves what it brings', () => {
    const entries = Object.entries(packages).filter(([path]) => path !== '')
    expect(entries.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([])
    expect(entries.filter(([, entry]) => entry.integrity === undefined && !entry.optional).map(([path]) => path)).toEqual([])
  })

  it('pins exact versions', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
  })

  it('brings only licences that go into a GPL-3.0-or-later work', () => {
    const allowed = new Set(
      'MIT ISC 0BSD Apache-2.0 MPL-2.0 BSD-2-Clause BSD-3-Clause BlueOak-1.0.0 Python-2.0 Unlicense CC0-1.0 WTFPL OFL-1.1 GPL-3.0 X11 Zlib'.split(
        ' ',
      ),
    )
    // Their package.json names no licence; their LICENSE files are the three-clause BSD and the MIT text.
    const known: Readonly<Record<string, string>> = { '@shinyoshiaki/jspack': 'BSD-3-Clause', 'png-js': 'MIT' }
    const words = (text: string) => text.replace(/[()]/g, '').split(/ (?:OR|AND) /)
    const odd = Object.entries(packages).filter(([path, entry]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
      return path !== '' && !words(entry.license ?? known[name] ?? 'unknown').every((word) => allowed.has(word))
    })
    expect(odd.map(([path, entry]) => `${path} ${entry.license}`)).toEqual([])
  })
})

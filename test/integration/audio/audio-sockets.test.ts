// The folders audio processes listen in: those of dead ones go, that of a living one is not even knocked at.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { removeDeadSockets, removeSocket } from '../../../station/onair/audio-sockets.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const uid = process.getuid?.() ?? 0

test('sockets of dead processes are removed with their folders; living, young and foreign ones stay', async () => {
  const root = temporaryFolder('sockets')
  const folder = (name: string) => {
    mkdirSync(join(root, name), { mode: 0o700 })
    return join(root, name)
  }
  const names = ['a', 'b', 'c', 'd', 'e'].map((letter) => `truc-song-${uid}-${letter.repeat(12)}`)
  const [living = '', dead = '', empty = '', young = '', used = ''] = names.map(folder)
  const foreign = [folder(`truc-song-${uid + 1}-${'a'.repeat(12)}`), folder('truc-song-rig-x'), folder(`truc-song-${uid}-short`)]

  let knocks = 0
  const server = createServer(() => knocks++)
  server.listen(join(living, '12345678.sock'))
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const script = `require('node:net').createServer().listen(${JSON.stringify(join(dead, '87654321.sock'))}, () => console.log('on'))`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(existsSync(join(dead, '87654321.sock'))).toBe(true)
  writeFileSync(join(used, 'note'), 'somebody’s')
  const longAgo = new Date(Date.now() - 3_600_000)
  for (const each of [living, dead, empty, used, ...foreign]) utimesSync(each, longAgo, longAgo)

  expect(await removeDeadSockets(root)).toBe(2)
  expect([dead, empty].map(existsSync)).toEqual([false, false])
  expect([living, young, used, ...foreign].every(existsSync)).toBe(true)
  expect(existsSync(join(living, '12345678.sock'))).toBe(true)
  expect(knocks).toBe(0)
})

test('a socket that is removed takes its folder along, unless something else is in it', async () => {
  const root = temporaryFolder('sockets')
  for (const [name, others] of [
    ['alone', 0],
    ['shared', 1],
  ] as const) {
    const dir = join(root, name)
    mkdirSync(dir)
    writeFileSync(join(dir, 'x.sock'), '')
    if (others > 0) writeFileSync(join(dir, 'other'), '')
    await removeSocket(join(dir, 'x.sock'))
    expect([existsSync(join(dir, 'x.sock')), existsSync(dir)]).toEqual([false, others > 0])
  }
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { leftRunning, snapshotRunning } from '../../setup/leak-check.ts'

it('sees nothing where nothing is left', async () => {
  expect(await leftRunning(snapshotRunning(), 0)).toEqual([])
})

it('names a server and a timer that were forgotten, and is content when they are gone', async () => {
  const before = snapshotRunning()
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const timer = setTimeout(() => undefined, 60_000)
  expect([...(await leftRunning(before, 0))].sort()).toEqual(['TCPServerWrap', 'Timeout'])
  clearTimeout(timer)
  server.close()
  expect(await leftRunning(before, 2000)).toEqual([])
})

it.runIf(process.platform === 'linux')('names a child process by its id', async () => {
  const before = snapshotRunning()
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  expect(await leftRunning(before, 0)).toContain(`child ${child.pid} (sleep)`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await leftRunning(before, 2000)).toEqual([])
})

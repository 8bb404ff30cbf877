// Runs around every test file: a promise nobody looked at is fatal, and so is what a file leaves running behind it.
// A test that forgets a timer, a server or a child process would otherwise only be seen as another test's trouble.
import { afterAll } from 'vitest'
import { leftRunning, snapshotRunning } from './leak-check.ts'

const before = snapshotRunning()

process.on('unhandledRejection', (reason) => {
  throw reason instanceof Error ? reason : new Error(`unhandled rejection: ${String(reason)}`)
})

afterAll(async () => {
  const left = await leftRunning(before, 3000)
  if (left.length > 0) throw new Error(`this test file left running: ${left.join(', ')}`)
})

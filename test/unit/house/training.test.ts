// Training opens no real device, and a station on duty no simulated one: refused by the device's name before anything is started.
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { root } from './tree.ts'

let dir = ''
afterEach(() => rm(dir, { recursive: true, force: true }))

test.each([
  ['training', ['--training'], false],
  ['a station on duty', [], true],
])('%s', async (_who, more, simulated) => {
  dir = await mkdtemp(join(tmpdir(), 'ts-training-'))
  let connections = 0
  const device = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => device.listen(0, '127.0.0.1', resolve))
  const address = device.address()
  const port = typeof address === 'object' ? address?.port : 0
  const options = { onAirThresholdW: 50 }
  const tx = { id: 'tx-fm', driver: 'ecreso-helios-fm', label: 'FM', transport: `tcp://127.0.0.1:${port}`, simulated, options }
  const config = join(dir, 'config.json')
  await writeFile(config, JSON.stringify({ station: { id: 's', name: 'S' }, devices: [tx] }))
  const args = [join(root, 'station/main.ts'), '--data', dir, '--config', config, '--headless', ...more]
  const { code, said } = await new Promise<{ code: unknown; said: string }>((resolve) =>
    execFile(process.execPath, args, { timeout: 20_000, killSignal: 'SIGKILL' }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, said: `${stdout}${stderr}` }),
    ),
  )
  await new Promise((resolve) => device.close(resolve))
  expect(said).toContain('devices.tx-fm.simulated')
  expect(said).not.toContain('"ready"')
  expect(code).toBeGreaterThan(0)
  expect(connections).toBe(0)
  expect(await readdir(dir), 'nothing was begun').not.toContain('station.sqlite')
})

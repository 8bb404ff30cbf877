// The doorbell: an MQTT 5 broker of its own on loopback where Mosquitto is installed, and the hand that rings it. It carries no order, so
// it needs no secret. The broker ends with us, however we end: it runs under a shell that waits for our end of a pipe.
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect as connectTcp, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connectAsync, type MqttClient } from 'mqtt'
import { nudgeTopic } from '../../shared/province-contract.ts'

export interface Doorbell {
  readonly url: string
  readonly port: number
  ring(stationId: string, version: number): Promise<void>
  close(): Promise<void>
}

const readyWithinMs = 5000
const lookEveryMs = 25
/** Packages put it where only administrators look. */
const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`

/** null = there is no Mosquitto here: HTTPS alone carries everything. */
export async function startDoorbell(folder: string, wantedPort: number): Promise<Doorbell | null> {
  if (process.platform === 'win32' || !(await isInstalled())) return null
  const port = await freePort(wantedPort)
  const config = join(folder, 'mosquitto.conf')
  const user = process.getuid?.() === 0 ? 'user root\n' : ''
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest none\n${user}`)
  const child = spawn('sh', ['-c', 'mosquitto -c "$1" & broker=$!; cat >/dev/null; kill $broker; wait $broker', 'sh', config], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, PATH: path },
  })
  if (!(await isListening(port))) {
    await end(child)
    return null
  }
  const url = `mqtt://127.0.0.1:${port}`
  const client: MqttClient = await connectAsync(url, { protocolVersion: 5, clientId: 'truc-song-province' })
  client.on('error', (error) => process.stderr.write(`doorbell: ${error.message}\n`))
  return {
    url,
    port,
    async ring(stationId, version) {
      await client.publishAsync(nudgeTopic(stationId), JSON.stringify({ version }), { qos: 1 })
    },
    async close() {
      await client.endAsync(true)
      await end(child)
    },
  }
}

function isInstalled(): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = spawn('mosquitto', ['-h'], { stdio: 'ignore', env: { ...process.env, PATH: path } })
    asked.once('error', () => resolve(false))
    asked.once('exit', () => resolve(true))
  })
}

async function isListening(port: number): Promise<boolean> {
  for (const deadline = performance.now() + readyWithinMs; performance.now() < deadline; await pause(lookEveryMs)) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connectTcp(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
    if (open) return true
  }
  return false
}

async function freePort(wanted: number): Promise<number> {
  const attempt = (port: number) =>
    new Promise<number>((resolve, reject) => {
      const server = createServer()
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        const address = server.address()
        const bound = address !== null && typeof address === 'object' ? address.port : 0
        server.close(() => resolve(bound))
      })
    })
  return attempt(wanted).catch(() => attempt(0))
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.stdin?.end()
  return gone
}

// The peer to beat: Liquidsoap's `request.queue` over telnet on the same sound server as the station, in the same run. Its
// audio is a 48 kHz WAV file, so nothing but its own machinery is measured. Its ALSA output and its native queue were tried
// too: the one was never heard in time, the other played at random moments.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'

/** How Liquidsoap is set up. */
export interface LiquidsoapSettings {
  readonly name: string
  readonly frameS: number
  /** Buffer asked of PulseAudio, ms; null = its default. */
  readonly pulseLatencyMs: number | null
}

/** Tried in turn at the start of a run; the fastest is the peer. */
export const liquidsoapSettings: readonly LiquidsoapSettings[] = [
  { name: 'as installed: 40 ms frames', frameS: 0.04, pulseLatencyMs: null },
  { name: '10 ms frames, PULSE_LATENCY_MSEC=10', frameS: 0.01, pulseLatencyMs: 10 },
  { name: '20 ms frames, PULSE_LATENCY_MSEC=20', frameS: 0.02, pulseLatencyMs: 20 },
]

export interface LiquidsoapPeer {
  /** Orders the file onto air; the time the order was written, ms of `performance.now()`. */
  push(wavPath: string): Promise<number>
  stop(): Promise<void>
}

export interface LiquidsoapOptions {
  readonly dir: string
  readonly env: Readonly<Record<string, string>>
  readonly sink: string
  readonly programmePath: string
  readonly settings: LiquidsoapSettings
}

export async function startLiquidsoap(options: LiquidsoapOptions): Promise<LiquidsoapPeer> {
  const port = await freePort()
  const script = join(options.dir, 'peer.liq')
  await writeFile(script, liqScript(options, port))
  const log = await open(join(options.dir, 'liquidsoap.log'), 'a')
  const latency = options.settings.pulseLatencyMs
  const child = spawn('liquidsoap', [script], {
    env: { ...process.env, ...options.env, HOME: options.dir, ...(latency === null ? {} : { PULSE_LATENCY_MSEC: String(latency) }) },
    stdio: ['ignore', log.fd, log.fd],
  })
  await log.close()
  try {
    const control = await telnet(child, port)
    return {
      async push(wavPath) {
        const answered = once(control, 'data')
        const atMs = performance.now()
        control.write(`cutin.push ${wavPath}\n`)
        await answered
        return atMs
      },
      async stop() {
        control.destroy()
        await end(child)
      },
    }
  } catch (cause) {
    await end(child)
    throw cause
  }
}

function liqScript({ settings, sink, programmePath }: LiquidsoapOptions, port: number): string {
  return `settings.init.allow_root.set(true)
settings.log.level.set(2)
settings.frame.audio.samplerate.set(48000)
settings.frame.duration.set(${settings.frameS})
settings.server.telnet.set(true)
settings.server.telnet.bind_addr.set("127.0.0.1")
settings.server.telnet.port.set(${port})
cutin = request.queue(id="cutin")
programme = single("${programmePath}")
air = fallback(track_sensitive=false, [cutin, programme])
output.pulseaudio(device="${sink}", air)
`
}

async function telnet(child: ChildProcess, port: number): Promise<Socket> {
  const deadline = performance.now() + 15_000
  while (child.exitCode === null && performance.now() < deadline) {
    const socket = connect(port, '127.0.0.1')
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    if (connected) {
      socket.setNoDelay(true)
      socket.on('error', () => socket.destroy())
      return socket
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('liquidsoap did not open its telnet server')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

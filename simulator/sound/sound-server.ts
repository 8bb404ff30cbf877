// A private sound server for the training district and the tests: PulseAudio with virtual loudspeakers and microphones, seen
// by the audio process through ALSA under their labels. Nothing of the machine's own sound set-up is touched or needed.
// Each sink has a low-latency reader, without which a null sink's clock first ticks after up to 2 s (DESIGN.md 3).
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  alsaConf,
  checkDevices,
  daemonConf,
  type SoundDevices,
  type SoundSink,
  type SoundSource,
  sinkModules,
  sourceInput,
  startScript,
} from './sound-config.ts'

const run = promisify(execFile)
const readyWithinMs = 10_000

export interface SoundServerOptions {
  /** Folder for configuration, state and log; created if missing. */
  readonly dir: string
  readonly sinks: readonly SoundSink[]
  readonly sources?: readonly SoundSource[]
}

export interface SoundServer {
  /** What a process needs in its environment to play here and nowhere else. */
  readonly env: Readonly<Record<string, string>>
  /** PulseAudio's address, `unix:PATH`. */
  readonly pulseServer: string
  /** Process id of the running server; throws while there is none. */
  readonly serverPid: number
  /** PulseAudio's name for what is heard on a sink. */
  sinkMonitor(name: string): string
  /** Plugs a virtual loudspeaker in. */
  addSink(sink: SoundSink): Promise<void>
  /** Pulls it out: its streams die, as with a USB card. */
  removeSink(name: string): Promise<void>
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>
  /** SIGSTOP: the server stalls with its sockets open. */
  stopProcess(): void
  /** SIGCONT. */
  continueProcess(): void
  /** Ends the server if it runs and starts it again with the same devices at the same address. */
  restart(): Promise<void>
  /** Ends everything; idempotent. Leaves `dir` to its owner. */
  close(): Promise<void>
}

/** Starts the server; resolves when every device can be opened. Throws with what is missing where PulseAudio is not installed. */
export async function startSoundServer(options: SoundServerOptions): Promise<SoundServer> {
  const server = new PrivatePulse(options, await mkdtemp(join(tmpdir(), 'truc-song-sound-')))
  try {
    await server.start()
  } catch (cause) {
    await server.close()
    throw cause
  }
  return server
}

class PrivatePulse implements SoundServer {
  readonly env: Readonly<Record<string, string>>
  readonly pulseServer: string
  readonly #dir: string
  /** Short on purpose: a Unix socket path over 107 bytes fails, whatever the length of `dir`. */
  readonly #runtimeDir: string
  #devices: SoundDevices
  #process: ChildProcess | null = null
  readonly #readers = new Map<string, ChildProcess>()

  constructor(options: SoundServerOptions, runtimeDir: string) {
    this.#dir = options.dir
    this.#runtimeDir = runtimeDir
    this.#devices = { sinks: options.sinks, sources: options.sources ?? [] }
    checkDevices(this.#devices)
    this.pulseServer = `unix:${this.#socketPath}`
    this.env = {
      PULSE_SERVER: this.pulseServer,
      PULSE_RUNTIME_PATH: runtimeDir,
      PULSE_STATE_PATH: join(this.#dir, 'pulse'),
      PULSE_COOKIE: join(this.#dir, 'pulse', 'cookie'),
      XDG_RUNTIME_DIR: runtimeDir,
      ALSA_CONFIG_PATH: join(this.#dir, 'alsa.conf'),
    }
  }

  get #socketPath(): string {
    return join(this.#runtimeDir, 'native')
  }

  get serverPid(): number {
    if (this.#process?.pid === undefined) throw new Error('the sound server is not running')
    return this.#process.pid
  }

  sinkMonitor(name: string): string {
    return `${name}.monitor`
  }

  async start(): Promise<void> {
    await mkdir(join(this.#dir, 'pulse'), { recursive: true })
    await rm(this.#socketPath, { force: true })
    await this.#writeAlsaConf()
    await writeFile(join(this.#dir, 'daemon.conf'), daemonConf())
    await writeFile(join(this.#dir, 'devices.pa'), startScript(this.#devices, this.#socketPath))
    const log = await open(join(this.#dir, 'pulse.log'), 'a')
    const child = spawn(
      'pulseaudio',
      ['-n', '--daemonize=no', '--use-pid-file=no', '--disable-shm=no', '-F', join(this.#dir, 'devices.pa')],
      {
        env: { ...process.env, ...this.env, HOME: this.#dir, PULSE_CONFIG: join(this.#dir, 'daemon.conf') },
        stdio: ['pipe', log.fd, log.fd],
        // A session, and so a scheduling group, of its own; it still ends with its standard input.
        detached: true,
      },
    )
    this.#process = child
    child.once('exit', () => {
      if (this.#process === child) this.#process = null
    })
    try {
      await this.#answering(child)
      await raiseSoundCard(child.pid)
    } finally {
      await log.close()
    }
    const inputs = this.#devices.sources.filter((source) => source.fifoPath === undefined).map((source) => sourceInput(source.name))
    await this.#wake([...this.#devices.sinks.map((sink) => sink.name), ...inputs])
  }

  async addSink(sink: SoundSink): Promise<void> {
    const next = { ...this.#devices, sinks: [...this.#devices.sinks, sink] }
    checkDevices(next)
    for (const words of sinkModules(sink)) await this.#pactl('load-module', ...words)
    this.#devices = next
    await this.#writeAlsaConf()
    await this.#wake([sink.name])
  }

  async removeSink(name: string): Promise<void> {
    const listing = await this.#pactl('list', 'short', 'modules')
    const line = listing.split('\n').find((row) => row.includes('module-null-sink') && row.includes(`sink_name=${name} `))
    const index = line?.split('\t')[0]
    if (index === undefined) throw new Error(`no sink ${name}`)
    await this.#stopReader(name)
    await this.#pactl('unload-module', index)
    this.#devices = { ...this.#devices, sinks: this.#devices.sinks.filter((sink) => sink.name !== name) }
    await this.#writeAlsaConf()
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  stopProcess(): void {
    process.kill(this.serverPid, 'SIGSTOP')
  }

  continueProcess(): void {
    process.kill(this.serverPid, 'SIGCONT')
  }

  async restart(): Promise<void> {
    await this.#end('SIGTERM')
    await this.start()
  }

  async close(): Promise<void> {
    await this.#end('SIGKILL')
    await rm(this.#runtimeDir, { recursive: true, force: true })
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    await Promise.all([...this.#readers.keys()].map((name) => this.#stopReader(name)))
    const child = this.#process
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGCONT')
    child.kill(signal)
    await gone
  }

  async #answering(child: ChildProcess): Promise<void> {
    const deadline = performance.now() + readyWithinMs
    let failure: Error | null = null
    child.once('error', (cause) => {
      failure = new Error('PulseAudio could not be started; on Debian: apt-get install pulseaudio libasound2-plugins', { cause })
    })
    child.once('exit', (code) => {
      failure ??= new Error(`PulseAudio ended with code ${code}; see ${join(this.#dir, 'pulse.log')}`)
    })
    while (!(await connects(this.#socketPath))) {
      if (failure !== null) throw failure
      if (performance.now() > deadline)
        throw new Error(`PulseAudio did not answer within ${readyWithinMs} ms; see ${join(this.#dir, 'pulse.log')}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  /** A null sink renders its first 2 s at once; suspended and resumed under its low-latency reader it starts from now. */
  async #wake(sinks: readonly string[]): Promise<void> {
    for (const sink of sinks) this.#read(sink)
    const deadline = performance.now() + readyWithinMs
    while ((await this.#pactl('list', 'short', 'source-outputs')).trim().split('\n').length < this.#readers.size) {
      if (performance.now() > deadline) throw new Error('the readers of the virtual loudspeakers did not attach')
    }
    for (const state of ['1', '0']) await Promise.all(sinks.map((sink) => this.#pactl('suspend-sink', sink, state)))
  }

  #read(name: string): void {
    const reader = spawn(
      'parec',
      ['--latency-msec=10', '--format=s16le', '--rate=48000', '--channels=1', `--device=${this.sinkMonitor(name)}`],
      {
        env: { ...process.env, ...this.env },
        stdio: 'ignore',
      },
    )
    this.#readers.set(name, reader)
    reader.once('error', () => this.#readers.delete(name))
    reader.once('exit', () => {
      if (this.#readers.get(name) === reader) this.#readers.delete(name)
    })
  }

  async #stopReader(name: string): Promise<void> {
    const reader = this.#readers.get(name)
    if (reader === undefined) return
    const gone = once(reader, 'exit')
    reader.kill('SIGKILL')
    await gone
  }

  async #pactl(...words: string[]): Promise<string> {
    const { stdout } = await run('pactl', words, { env: { ...process.env, ...this.env }, timeout: 5000 })
    return stdout
  }

  /** A new file each time: alsa-lib reads it again only when its inode or the second of its change is another. */
  async #writeAlsaConf(): Promise<void> {
    const path = join(this.#dir, 'alsa.conf')
    await writeFile(`${path}.new`, alsaConf(this.#devices, this.pulseServer))
    await rename(`${path}.new`, path)
  }
}

/**
 * A sound card keeps its pace whatever the processor does; a virtual one is a program and needs the system's help where that is
 * granted. All of its threads become real-time ones, once it runs (it resets its own at its start). Its sinks' alone
 * (`realtime-scheduling`) outran its main loop on two busy cores, and its monitors stood still. Without that right its session is
 * raised: Linux weighs sessions against each other before it looks at priorities within them (sched_autogroup).
 */
export async function raiseSoundCard(pid: number | undefined): Promise<void> {
  if (pid === undefined) return
  const realTime = await run('chrt', ['--all-tasks', '--rr', '--pid', '3', String(pid)]).then(
    () => true,
    () => false,
  )
  if (realTime) return
  try {
    await writeFile(`/proc/${pid}/autogroup`, '-19')
  } catch (cause) {
    const refused =
      cause instanceof Error && 'code' in cause && ['EPERM', 'EACCES', 'EAGAIN', 'EINVAL', 'ENOENT', 'ESRCH'].includes(String(cause.code))
    if (!refused) throw cause
  }
}

function connects(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

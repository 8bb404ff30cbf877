// Sound for the training district: a private server, so that nothing of training can reach a loudspeaker of the station
// (TẬP HUẤN – KHÔNG RA LOA). On a computer with a sound system of its own the operator hears FM and cue there, like a
// receiver in the room, and its microphone is the district's microphone.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cueSink, districtSound, fmSink, micSource } from '../district/sound-devices.ts'
import { sourceInput } from '../sound/sound-config.ts'
import { startSoundServer } from '../sound/sound-server.ts'

const run = promisify(execFile)

export interface DistrictSound {
  /** null = none; then `why` says what to do. */
  readonly env: Readonly<Record<string, string>> | null
  readonly why: string | null
  /** Whether this computer's own loudspeaker plays FM and cue. */
  readonly heardHere: boolean
  readonly pids: readonly number[]
  close(): Promise<void>
}

/** Never throws: without sound the district trains in silence and says so. */
export async function startDistrictSound(dir: string, listen: boolean): Promise<DistrictSound> {
  if (process.platform !== 'linux') return silent('sound of the training district needs PulseAudio (Linux); it trains in silence here')
  try {
    const server = await startSoundServer({ dir, ...districtSound })
    const own = listen ? await ownSoundServer() : null
    const pipes = own === null ? [] : roomPipes(server.env, own)
    const pids = [server.serverPid, ...pipes.flatMap((pipe) => (pipe.pid === undefined ? [] : [pipe.pid]))]
    return {
      env: server.env,
      why: null,
      heardHere: own !== null,
      pids,
      async close() {
        for (const pipe of pipes) pipe.kill('SIGTERM')
        await server.close()
      },
    }
  } catch (cause) {
    return silent(cause instanceof Error ? cause.message : String(cause))
  }
}

function silent(why: string): DistrictSound {
  return { env: null, why, heardHere: false, pids: [], close: () => Promise.resolve() }
}

/** Address of the desktop's sound server when it plays on real hardware; asked without starting one. */
async function ownSoundServer(): Promise<string | null> {
  const runtime = process.env.XDG_RUNTIME_DIR
  const address = process.env.PULSE_SERVER ?? (runtime === undefined ? null : `unix:${join(runtime, 'pulse', 'native')}`)
  if (address === null || (address.startsWith('unix:') && !existsSync(address.slice('unix:'.length)))) return null
  try {
    const { stdout } = await run('pactl', ['list', 'short', 'sinks'], { env: { ...process.env, PULSE_SERVER: address }, timeout: 3000 })
    return stdout.split('\n').some((line) => line.includes('alsa_output') || line.includes('bluez_')) ? address : null
  } catch (cause) {
    // Not installed or not answering: there is no loudspeaker to be heard on.
    if (cause instanceof Error) return null
    throw cause
  }
}

function roomPipes(district: Readonly<Record<string, string>>, own: string): ChildProcess[] {
  const inDistrict = { ...process.env, ...district }
  const here = { ...process.env, PULSE_SERVER: own }
  return [
    ...pipe(['parec', `--device=${fmSink.name}.monitor`], inDistrict, ['pacat', '--playback'], here),
    ...pipe(['parec', `--device=${cueSink.name}.monitor`], inDistrict, ['pacat', '--playback'], here),
    ...pipe(['parec'], here, ['pacat', '--playback', `--device=${sourceInput(micSource.name)}`], inDistrict),
  ]
}

const streamFormat = ['--latency-msec=40', '--format=s16le', '--rate=48000', '--channels=2', '--client-name=Truc Song']

function pipe(from: readonly string[], fromEnv: NodeJS.ProcessEnv, to: readonly string[], toEnv: NodeJS.ProcessEnv): ChildProcess[] {
  const [fromCommand = '', ...fromWords] = from
  const [toCommand = '', ...toWords] = to
  const reader = spawn(fromCommand, [...fromWords, ...streamFormat], { env: fromEnv, stdio: ['ignore', 'pipe', 'ignore'] })
  const writer = spawn(toCommand, [...toWords, ...streamFormat], { env: toEnv, stdio: ['pipe', 'ignore', 'ignore'] })
  // Either end may vanish (headphones pulled, desktop session ended): the room falls silent, the district goes on.
  for (const side of [reader, writer]) side.on('error', () => end(reader, writer)).on('exit', () => end(reader, writer))
  writer.stdin.on('error', () => end(reader, writer))
  reader.stdout.pipe(writer.stdin)
  return [reader, writer]
}

function end(...children: readonly ChildProcess[]): void {
  for (const child of children) child.kill('SIGTERM')
}

// Plays PCM into the private sound server with pacat: the foreign signal source of the measuring tests.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { SoundServer } from '../../simulator/sound/sound-server.ts'
import { rateHz, toFloatStereo } from './signals.ts'

/** A running pacat: write to `stdin` (float32le stereo), or let `play` do it. */
export function startPlayer(server: Pick<SoundServer, 'env'>, sink: string, latencyMs = 50): ChildProcess {
  const player = spawn(
    'pacat',
    ['--playback', `--latency-msec=${latencyMs}`, '--format=float32le', `--rate=${rateHz}`, '--channels=2', `--device=${sink}`],
    { env: { ...process.env, ...server.env }, stdio: ['pipe', 'ignore', 'ignore'] },
  )
  // A player whose stream died ends; what was to be heard is then missed by whoever listens.
  player.stdin?.on('error', () => player.kill('SIGKILL'))
  return player
}

/** Plays `signal` on both channels of `sink`; resolves when its last sample has sounded. */
export async function play(server: Pick<SoundServer, 'env'>, sink: string, signal: Float32Array): Promise<void> {
  const player = startPlayer(server, sink)
  const ended = once(player, 'exit')
  player.stdin?.end(toFloatStereo(signal))
  await ended
}

// Captures one input, found by its exact label, and writes it to stdout as s16le, 48 kHz, stereo, in 10 ms chunks.
// A process of its own, at ordinary priority: over PulseAudio's ALSA plug-in decibri's capture thread never sleeps (measured: 65 %
// of a core; at the audio process's raised priority it starved the sound server), and a capture that hangs can be ended.
// Arguments: LABEL. Ends when its stdin does (whoever started it is gone), or with the reason on stderr.
import { constants, setPriority } from 'node:os'
import { Microphone } from 'decibri'
import { sampleRateHz } from '../shared/domain/levels.ts'

const chunkFrames = 480
/** Unread output beyond this is dropped: late sound is worse than a gap, bytes. */
const mostUnreadBytes = 96_000

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  // Not `exit`: that would wait for a sound server that may be gone.
  process.kill(process.pid, 'SIGKILL')
  throw new Error(message)
}

const label = process.argv[2] ?? fail('usage: capture-process.ts LABEL')
setPriority(constants.priority.PRIORITY_NORMAL)
process.stdout.on('error', () => fail('nobody reads'))
process.stdin.on('close', () => fail('nobody listens')).resume()
// Decibri itself would take any device whose name contains the label.
const info = Microphone.devices().find((each) => each.name === label) ?? fail(`no input device is called ${JSON.stringify(label)}`)
const microphone = await Microphone.open({
  device: info.id === '' ? info.index : { id: info.id },
  sampleRate: sampleRateHz,
  framesPerBuffer: chunkFrames,
  dtype: 'int16',
  channels: 2,
  channelMap: info.maxInputChannels >= 2 ? [0, 1] : [0, 0],
}).catch((cause: unknown) => fail(cause instanceof Error ? cause.message : String(cause)))
microphone.on('error', (cause: Error) => fail(cause.message))
microphone.on('data', (chunk: Buffer) => {
  if (process.stdout.writableLength < mostUnreadBytes) process.stdout.write(chunk)
})

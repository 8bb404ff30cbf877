// Captures one input, found by its exact label, and writes it to stdout as s16le, 48 kHz, stereo.
// A process of its own, so that a capture that hangs can be ended, and a library that fails takes no
// programme with it. Arguments: LABEL. Ends when its stdin does (whoever started it is gone), or with the reason on stderr.
import { Microphone } from 'decibri'
import { captureAlsa } from './capture-alsa.ts'
import { captureDecibri } from './capture-decibri.ts'

/** Unread output beyond this is dropped: late sound is worse than a gap, bytes. */
const mostUnreadBytes = 96_000

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  // Not `exit`: that would wait for a sound server that may be gone.
  process.kill(process.pid, 'SIGKILL')
  throw new Error(message)
}

function pass(samples: Buffer): void {
  if (process.stdout.writableLength < mostUnreadBytes) process.stdout.write(samples)
}

const label = process.argv[2] ?? fail('usage: capture-process.ts LABEL')
process.stdout.on('error', () => fail('nobody reads'))
process.stdin.on('close', () => fail('nobody listens')).resume()
// Decibri itself would take any device whose name contains the label.
const device = Microphone.devices().find((each) => each.name === label) ?? fail(`no input device is called ${JSON.stringify(label)}`)
const capture = device.id.startsWith(alsaPrefix()) ? captureAlsa(device.id.slice(alsaPrefix().length), pass) : captureDecibri(device, pass)
capture.then(
  () => fail('the capture ended'),
  (cause: unknown) => fail(cause instanceof Error ? cause.message : String(cause)),
)

/** How decibri names a PCM of ALSA. */
function alsaPrefix(): string {
  return 'alsa:'
}

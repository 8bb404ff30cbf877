// `pause-probe-process.ts LABEL`: whether the device of this label can be paused. A process of its own, because the engine does not
// survive the answer no: it panics, and the context is dead and holds its device for good (measured with ALSA's `null`).
// Ends with 0 for yes; anything else is no, also that the device cannot be opened beside the one that is in use.
import { constants, setPriority } from 'node:os'
import { openDevice } from './open-context.ts'

const tickWithinMs = 2000

// It inherits the audio process's place before everybody else, and nothing here is urgent.
setPriority(constants.priority.PRIORITY_LOW)
const context = await openDevice(process.argv[2] ?? '', 'playback')
if (context === null) process.exit(2)
const startedMs = performance.now()
while (context.currentTime === 0) {
  if (performance.now() - startedMs > tickWithinMs) process.exit(3)
  await new Promise((resolve) => setTimeout(resolve, 10))
}
await context.suspend()
const pausedAt = context.currentTime
await context.resume()
while (context.currentTime === pausedAt) {
  if (performance.now() - startedMs > 2 * tickWithinMs) process.exit(4)
  await new Promise((resolve) => setTimeout(resolve, 10))
}
// `exit` waits for the sound server, a kill does not; the exit code is needed, so the context goes first.
await context.close()
process.exit(0)

// What the audio process itself recorded: exactly what it rendered for a device, whatever the sound server made of it. On a
// loaded machine the sound server drops and repeats; sample-exact claims are checked here, times at the sink's monitor.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const headerBytes = 44

/** Left channel of everything recorded for an output so far, also of what the header does not count yet. */
export async function readRecording(dir: string, outputId: string): Promise<Float32Array> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => name.startsWith(`${outputId}_`)).sort()
  const data = Buffer.concat(await Promise.all(names.map(async (name) => (await readFile(join(dir, name))).subarray(headerBytes))))
  return Float32Array.from({ length: data.length >> 2 }, (_, frame) => data.readInt16LE(frame * 4) / 32_768)
}

/** Reads again until `frames` more than now are there. */
export async function recordMore(dir: string, outputId: string, frames: number, withinMs = 30_000): Promise<Float32Array> {
  const until = (await readRecording(dir, outputId)).length + frames
  const deadline = performance.now() + withinMs
  for (;;) {
    const samples = await readRecording(dir, outputId)
    if (samples.length >= until) return samples
    if (performance.now() > deadline) throw new Error(`${until} frames were not recorded within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

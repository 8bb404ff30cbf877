// Starts the encoder's process for one segment and gives the result its final name.
import { spawn } from 'node:child_process'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EncodeJob, EncodeResult } from './encode-job.ts'

const entry = fileURLToPath(new URL('./encode-process.ts', import.meta.url))
const framesPerMs = 48
/** A segment of 5 minutes takes about 15 s with the encoder's own pauses. */
const longestMs = 180_000

export interface EncoderRun {
  readonly wavPath: string
  readonly folder: string
  readonly id: string
}

export interface KeptSegment {
  readonly durationMs: number
  readonly bytes: number
  readonly sha256: string
  readonly cpuMs: number
}

/** null where the segment holds no whole sample. Rejects where it could not be encoded; nothing half-made is left then. */
export async function runEncoder(run: EncoderRun, signal: AbortSignal): Promise<KeptSegment | null> {
  const made = join(run.folder, `${run.id}.new`)
  const peaks = join(run.folder, `${run.id}.peaks.new`)
  try {
    const result = await encode({ wavPath: run.wavPath, opusPath: made, peaksPath: peaks }, signal)
    if (result.frames === 0) return null
    const durationMs = Math.round(result.frames / framesPerMs)
    const name = join(run.folder, `${run.id}_${durationMs}_${result.bytes}`)
    await rename(peaks, `${name}.peaks`)
    await rename(made, `${name}.opus`)
    return { durationMs, bytes: result.bytes, sha256: result.sha256, cpuMs: result.cpuMs }
  } finally {
    for (const left of [made, `${made}.part`, peaks]) await rm(left, { force: true })
  }
}

function encode(job: EncodeJob, signal: AbortSignal): Promise<EncodeResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--max-old-space-size=128', entry, JSON.stringify(job)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      signal,
      killSignal: 'SIGKILL',
      timeout: longestMs,
    })
    let said = ''
    let complaint = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2000)
    })
    child.on('error', reject)
    child.on('close', () => {
      if (said.endsWith('\n')) resolve(JSON.parse(said) as EncodeResult)
      else reject(new Error(`the encoder ended without a result: ${complaint}`))
    })
  })
}

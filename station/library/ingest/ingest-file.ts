// One import from beginning to end: private copy and hash, container check, decode and measure, air copy. Throws an
// OperatorError for every file that must not be broadcast; leaves its two files in the job's own folder and nowhere else.
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { AirCopyWriter } from './air-copy.ts'
import { type Decoded, decode } from './decode.ts'
import { FileWindow } from './file-window.ts'
import { inspect } from './inspect.ts'
import { type Inspection, refusal } from './inspection.ts'
import { type IngestJob, type IngestMessage, type IngestResult, workFiles } from './job.ts'

/** A recording that never gets louder than this is silence, dBFS. */
const silentBelowDb = -60
const monoLawDb = 10 * Math.log10(0.5)
/** An index may count priming samples that are not heard, and clocks round: this much less is not a cut, ms. */
const indexSlackMs = 150

export async function ingestFile(job: IngestJob, say: (message: IngestMessage) => Promise<void>): Promise<IngestResult> {
  const original = job.sourceIsPrivate ? job.sourcePath : join(job.workDir, workFiles.original)
  const { sha256, bytes } = secureOriginal(job, original)
  await say({ event: 'hashed', sha256 })
  const inspection = inspectFile(original)
  const { fault } = inspection
  if (fault !== null && fault.atMs !== null) throw refusal(fault.code, fault.reason, fault.atMs)
  if (fault !== null && fault.code === 'MEDIA_TOO_LARGE') throw refusal(fault.code, fault.reason)

  const airPath = join(job.workDir, workFiles.airCopy)
  const pass = (measure: boolean, gain: number) =>
    decodeTo(airPath, original, inspection, job, { measure, gain }, (at) =>
      say({ event: 'progress', percent: percentOf(at, bytes, measure) }),
    )
  const first = await pass(true, 1)
  judge(inspection, first.decoded)
  const peakDb = 20 * Math.log10(first.samplePeak)
  if (!(peakDb > silentBelowDb)) throw refusal('MEDIA_SILENT', `never louder than ${silentBelowDb} dBFS`)

  // Decoded MP3 and AAC exceed full scale; such a copy is made again, lower, rather than clipped.
  const airOffsetDb = first.samplePeak > 1.0002 ? -peakDb - 0.05 : 0
  if (airOffsetDb !== 0) rmSync(airPath)
  const last = airOffsetDb === 0 ? first : await pass(false, 10 ** (airOffsetDb / 20))
  const truePeakDbtp = first.decoded.truePeakDbtp ?? peakDb
  return {
    sha256,
    format: `${inspection.format}/${first.decoded.codec}`,
    frames: last.air.frames,
    integratedLufs: first.decoded.integratedLufs,
    truePeakDbtp,
    airOffsetDb,
    airTruePeakDbtp: truePeakDbtp + airOffsetDb + (first.decoded.mono ? monoLawDb : 0),
    airSha256: last.air.sha256,
    silenceHeadMs: last.air.silenceHeadMs,
    silenceTailMs: last.air.silenceTailMs,
    peaks: last.air.peaks,
  }
}

/** Copies and hashes in one reading; the source may change or vanish afterwards. */
function secureOriginal(job: IngestJob, original: string): { sha256: string; bytes: number } {
  const from = openSync(job.sourcePath, 'r')
  const to = job.sourceIsPrivate ? null : openSync(original, 'wx', 0o600)
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(1 << 20)
  let bytes = 0
  for (;;) {
    const count = readSync(from, buffer, 0, buffer.length, bytes)
    if (count === 0) break
    bytes += count
    if (bytes > job.maxBytes) throw refusal('MEDIA_TOO_LARGE', `more than ${Math.round(job.maxBytes / 1e6)} MB`)
    const part = buffer.subarray(0, count)
    hash.update(part)
    if (to !== null) for (let written = 0; written < count; ) written += writeSync(to, part, written)
  }
  if (to !== null) {
    fsyncSync(to)
    closeSync(to)
  }
  closeSync(from)
  return { sha256: hash.digest('hex'), bytes }
}

function inspectFile(path: string): Inspection {
  const fd = openSync(path, 'r')
  const inspection = inspect(new FileWindow(fd, fstatSync(fd).size))
  closeSync(fd)
  return inspection
}

async function decodeTo(
  airPath: string,
  path: string,
  inspection: Inspection,
  job: IngestJob,
  how: { readonly measure: boolean; readonly gain: number },
  onProgress: (bytesRead: number) => Promise<void>,
) {
  const writer = new AirCopyWriter(airPath, how.gain)
  const decoded = await decode({
    path,
    format: inspection.format,
    measure: how.measure,
    maxDurationMs: job.maxDurationMs,
    onSamples: (samples) => writer.write(samples),
    onProgress,
  })
  return { decoded, samplePeak: writer.samplePeak, air: writer.finish() }
}

/** Compares what came out with what was promised. */
function judge(inspection: Inspection, decoded: Decoded): void {
  const { fault, promisedMs, format } = inspection
  const { durationMs } = decoded
  if (decoded.damagedAtMs !== null) throw refusal('MEDIA_CORRUPT', 'damaged sound', decoded.damagedAtMs)
  if (fault !== null) throw refusal(fault.code, fault.reason, durationMs)
  if (decoded.cut) throw refusal('MEDIA_TRUNCATED', 'the file ends in the middle of a frame', durationMs)
  if (decoded.frames === 0) throw refusal('MEDIA_NO_AUDIO', 'no samples')
  const expectedMs = format === 'flac' || isPcm(decoded) ? promisedMs : decoded.indexedMs
  if (expectedMs !== null && durationMs < expectedMs - indexSlackMs)
    throw refusal('MEDIA_TRUNCATED', `${Math.round(expectedMs)} ms promised`, durationMs)
  const ceilingMs = format === 'wav' && !isPcm(decoded) ? null : (promisedMs ?? decoded.indexedMs)
  if (ceilingMs !== null && durationMs > ceilingMs * 1.01 + 2000)
    throw refusal('MEDIA_CORRUPT', `says ${Math.round(ceilingMs)} ms, holds ${Math.round(durationMs)} ms`)
}

function isPcm(decoded: Decoded): boolean {
  return decoded.codec.startsWith('pcm_')
}

function percentOf(bytesRead: number, bytes: number, firstPass: boolean): number {
  const part = Math.min(1, Math.max(0, bytesRead / bytes))
  return Math.round(firstPass ? part * 90 : 90 + part * 10)
}

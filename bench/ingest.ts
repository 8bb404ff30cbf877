// Import: how many times faster than the sound lasts, process start and fsync included, beside Debian's ffmpeg doing the same
// work (decode, ebur128 with true peak, 48 kHz stereo PCM to a file) in the same run; and how far the measured loudness is
// from ffmpeg's over every accepted kind of file.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../shared/domain/clock.ts'
import { runIngest } from '../station/library/index.ts'
import { ebur128, encodings, ffmpeg, makeMedia } from '../test/support/media-files.ts'
import { percentile, type Result, result } from './report.ts'

export interface IngestOptions {
  /** Length of the timed recordings, s. */
  readonly seconds: number
  readonly runs: number
}

export const ingestFull: IngestOptions = { seconds: 600, runs: 5 }

/** Noise is what MP3 decodes slowest; its level swings so that gating has work. `volume` above 0 makes decoded peaks clip. */
const timed = [
  { name: 'mp3', file: 'timed.mp3', volume: '-6dB', encode: ['-c:a', 'libmp3lame', '-b:a', '192k'] },
  { name: 'mp3 over full scale (made twice)', file: 'hot.mp3', volume: '12dB', encode: ['-c:a', 'libmp3lame', '-b:a', '192k'] },
  { name: 'flac', file: 'timed.flac', volume: '-6dB', encode: ['-c:a', 'flac'] },
  { name: 'm4a', file: 'timed.m4a', volume: '-6dB', encode: ['-c:a', 'aac', '-b:a', '160k'] },
  { name: 'opus', file: 'timed.opus', volume: '-6dB', encode: ['-c:a', 'libopus', '-b:a', '96k'] },
] as const

export async function runIngestBench({ seconds, runs }: IngestOptions): Promise<Result[]> {
  const dir = mkdtempSync(join(tmpdir(), 'truc-song-bench-ingest-'))
  try {
    const results: Result[] = []
    for (const { name, file, volume, encode } of timed) {
      const path = join(dir, file)
      const noise = `anoisesrc=c=pink:r=44100:a=0.4:d=${seconds},tremolo=f=0.2:d=0.8,volume=${volume},asplit[l][r];[r]adelay=11[d];[l][d]join=inputs=2`
      ffmpeg(['-f', 'lavfi', '-i', noise, ...encode, path])
      const ours: number[] = []
      const peer: number[] = []
      const cpuBefore = childrenCpuMs()
      let cpuOurs = 0
      for (let run = 0; run < (name === 'mp3' ? runs : 1); run++) {
        const cpuAt = childrenCpuMs()
        ours.push(await timeIngest(dir, path))
        cpuOurs += childrenCpuMs() - cpuAt
        peer.push(timeFfmpeg(dir, path))
      }
      const speed = percentile(
        ours.map((ms) => (seconds * 1000) / ms),
        50,
      )
      const peerSpeed = percentile(
        peer.map((ms) => (seconds * 1000) / ms),
        50,
      )
      results.push(result(`${name}: import`, speed, '× real time', name.startsWith('mp3') ? { min: 100 } : null))
      results.push(result(`${name}: ffmpeg`, peerSpeed, '× real time'))
      // On a machine that does other work the CPU's own time says more; 0 = this system does not tell.
      const cpuPeer = childrenCpuMs() - cpuBefore - cpuOurs
      const ofCpu = (ms: number) => (ms === 0 ? null : (seconds * 1000 * ours.length) / ms)
      results.push(
        result(`${name}: import, by CPU time`, ofCpu(cpuOurs), '× real time'),
        result(`${name}: ffmpeg, by CPU time`, ofCpu(cpuPeer), '× real time'),
      )
    }
    return [...results, ...(await loudnessErrors(dir))]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function loudnessErrors(dir: string): Promise<Result[]> {
  let loudness = 0
  let truePeak = 0
  for (const { file, args } of Object.values(encodings)) {
    for (const shape of [
      { channels: 2, rateHz: 44_100 },
      { channels: 1, rateHz: 22_050 },
    ]) {
      const path = makeMedia(dir, file, args, { seconds: 12, ...shape })
      const measured = await ingest(dir, path)
      const oracle = ebur128(path)
      loudness = Math.max(loudness, Math.abs((measured.integratedLufs ?? Number.POSITIVE_INFINITY) - oracle.lufs))
      truePeak = Math.max(truePeak, Math.abs(measured.truePeakDbtp - oracle.truePeakDb))
    }
  }
  return [
    result('loudness against ffmpeg ebur128, greatest error', loudness, 'LU', { max: 0.1 }),
    result('true peak against ffmpeg ebur128, greatest error', truePeak, 'dB'),
    result('files compared', Object.keys(encodings).length * 2, 'files'),
  ]
}

async function timeIngest(dir: string, path: string): Promise<number> {
  const begin = performance.now()
  await ingest(dir, path)
  return performance.now() - begin
}

async function ingest(dir: string, sourcePath: string) {
  const workDir = mkdtempSync(join(dir, 'work-'))
  const job = { sourcePath, sourceIsPrivate: false, workDir, maxDurationMs: 6 * 3_600_000, maxBytes: 8e9, maxMemoryBytes: 400e6 }
  const idle = () => undefined
  const run = { timeoutMs: 600_000, clock: systemClock, signal: new AbortController().signal, onHashed: idle, onProgress: idle }
  try {
    return await runIngest(job, run)
  } finally {
    rmSync(workDir, { recursive: true, force: true })
  }
}

function timeFfmpeg(dir: string, path: string): number {
  const begin = performance.now()
  const out = join(dir, 'peer.pcm')
  ffmpeg(['-i', path, '-af', 'ebur128=peak=true:framelog=verbose', '-ar', '48000', '-ac', '2', '-f', 's16le', out])
  return performance.now() - begin
}

/** CPU time of all ended child processes, ms (Linux: proc(5), fields 16 and 17, in hundredths of a second); 0 elsewhere. */
function childrenCpuMs(): number {
  if (process.platform !== 'linux') return 0
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[13]) + Number(fields[14])) * 10
}

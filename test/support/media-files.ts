// Sound files of every accepted kind, made by Debian's ffmpeg (an FFmpeg 5, not the 8 that the product decodes with), and
// the damage that happens to files in the field.
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Two voices and a little noise that swell, so that loudness gating has something to do. No two frames are equal. */
const music =
  "aevalsrc='0.3*sin(2*PI*220*t)*(0.6+0.4*sin(2*PI*0.3*t))+0.1*sin(2*PI*(440+30*sin(t))*t)+0.05*(random(0)-0.5)|0.3*sin(2*PI*277*t)*(0.5+0.5*sin(2*PI*0.2*t))+0.05*(random(1)-0.5)'"

export function ffmpeg(args: readonly string[]): void {
  execFileSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** `args`: how to encode. Gives the path. */
export function makeMedia(dir: string, name: string, args: readonly string[], { seconds = 8, rateHz = 44_100, channels = 2 } = {}): string {
  const path = join(dir, name)
  ffmpeg(['-f', 'lavfi', '-i', `${music}:s=${rateHz}:d=${seconds}`, '-ac', String(channels), ...args, path])
  return path
}

export const encodings: Readonly<Record<string, { readonly file: string; readonly args: readonly string[] }>> = {
  'WAV 16 bit': { file: 'a.wav', args: ['-c:a', 'pcm_s16le'] },
  'WAV 24 bit': { file: 'a24.wav', args: ['-c:a', 'pcm_s24le'] },
  'WAV float': { file: 'af.wav', args: ['-c:a', 'pcm_f32le'] },
  RF64: { file: 'rf64.wav', args: ['-c:a', 'pcm_s16le', '-rf64', 'always'] },
  FLAC: { file: 'a.flac', args: ['-c:a', 'flac'] },
  'MP3 constant rate': { file: 'cbr.mp3', args: ['-c:a', 'libmp3lame', '-b:a', '128k'] },
  'MP3 variable rate': { file: 'vbr.mp3', args: ['-c:a', 'libmp3lame', '-q:a', '4'] },
  'MP3 variable rate without Xing': { file: 'noxing.mp3', args: ['-c:a', 'libmp3lame', '-q:a', '4', '-write_xing', '0'] },
  'MP3 with both tags': {
    file: 'tags.mp3',
    args: ['-c:a', 'libmp3lame', '-metadata', 'title=Bản tin', '-id3v2_version', '3', '-write_id3v1', '1'],
  },
  'M4A, index last': { file: 'a.m4a', args: ['-c:a', 'aac', '-b:a', '128k'] },
  'M4A, index first': { file: 'first.m4a', args: ['-c:a', 'aac', '-movflags', '+faststart'] },
  'M4A, fragments': {
    file: 'frag.m4a',
    args: ['-c:a', 'aac', '-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-frag_duration', '1000000'],
  },
  'M4A, Apple lossless': { file: 'alac.m4a', args: ['-c:a', 'alac'] },
  'AAC, bare': { file: 'a.aac', args: ['-c:a', 'aac'] },
  'Ogg Vorbis': { file: 'a.ogg', args: ['-c:a', 'libvorbis', '-q:a', '4'] },
  'Ogg Opus': { file: 'a.opus', args: ['-c:a', 'libopus', '-b:a', '96k'] },
}

/** Integrated loudness (three decimals) and true peak (one) by Debian's `ffmpeg -af ebur128=peak=true`. */
export function ebur128(path: string, inputArgs: readonly string[] = []): { lufs: number; truePeakDb: number } {
  const filter = 'ebur128=peak=true:framelog=verbose:metadata=1,ametadata=print:key=lavfi.r128.I:file=-'
  const script = `ffmpeg -hide_banner -nostats -nostdin "$@" -af ${filter} -f null - 2>&1`
  const printed = execFileSync('sh', ['-c', script, 'sh', ...inputArgs, '-i', path], { encoding: 'utf8', maxBuffer: 1 << 28 })
  const values = printed.match(/lavfi\.r128\.I=(-?[\d.]+)/g) ?? []
  const summary = printed.slice(printed.lastIndexOf('Summary:'))
  return { lufs: Number(values.at(-1)?.split('=')[1]), truePeakDb: Number(/Peak:\s+(-?[\d.]+)/.exec(summary)?.[1]) }
}

/** How much sound Debian's ffmpeg gets out of this file, whatever it says about the rest of it, ms. */
export function decodedMs(path: string): number {
  const args = ['-hide_banner', '-loglevel', 'quiet', '-nostdin', '-i', path, '-vn', '-ac', '1', '-ar', '48000', '-f', 's16le', '-']
  const { stdout } = spawnSync('ffmpeg', args, { maxBuffer: 1 << 28 })
  return stdout.length / 96
}

/** The first part of a file, as a full stick or a broken line leaves it. */
export function cutFile(path: string, part: number, to: string): string {
  const bytes = readFileSync(path)
  writeFileSync(to, bytes.subarray(0, Math.floor(bytes.length * part)))
  return to
}

/** 4 KB in the middle overwritten with the same pseudo-random bytes each time. */
export function scribbleFile(path: string, to: string): string {
  const bytes = readFileSync(path)
  let state = 12_345
  const from = Math.floor(bytes.length / 2)
  for (let index = from; index < from + 4096; index++) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff
    bytes[index] = state >> 16
  }
  writeFileSync(to, bytes)
  return to
}

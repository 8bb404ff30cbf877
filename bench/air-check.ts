// The air-check: what the recorder's tap and the encoder cost, how large a day is, whether a blocked JavaScript thread loses a sample,
// and how soon a click on the timeline is heard in the browser.
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { AudioMessage } from '../shared/audio-protocol.ts'
import type { OutputId } from '../shared/domain/ids.ts'
import { dayOf, epochMs } from '../shared/domain/time.ts'
import { startSoundServer } from '../simulator/sound/sound-server.ts'
import { runEncoder } from '../station/logbook/air-check/run-encoder.ts'
import { startAudioProcess } from '../test/support/audio-process.ts'
import { openBrowser } from '../test/support/browser.ts'
import { lfsrNoise, rateHz, toWav } from '../test/support/signals.ts'
import { Bed } from './bed.ts'
import { gripThread, usage } from './process-load.ts'
import { type Result, result, spread } from './report.ts'

export interface AirCheckOptions {
  /** Length of each stretch in which the tap's cost is measured, s. */
  readonly costS: number
  /** Length of the segment that is encoded, s. */
  readonly segmentS: number
  /** Blocks of the audio process's JavaScript thread, 1.5 s each. */
  readonly blocks: number
  readonly clicks: number
}

export const airCheckFull: AirCheckOptions = { costS: 120, segmentS: 300, blocks: 40, clicks: 40 }

const main = 'main' as OutputId
const wavHeaderBytes = 44
const bytesPerFrame = 4
const blockMs = 1500

export async function runAirCheck(options: AirCheckOptions): Promise<Result[]> {
  const folder = await mkdtemp(join(tmpdir(), 'truc-song-air-check-'))
  try {
    const wav = join(folder, 'main_20260801T010000_000Z.wav')
    // Noise under a tone: nothing an encoder could leave out.
    await writeFile(wav, toWav(lfsrNoise(0x77, options.segmentS * rateHz, 0.2), 2))
    const made = await runEncoder({ wavPath: wav, folder, id: 'main_20260801T010000_000Z' }, new AbortController().signal)
    if (made === null) throw new Error('nothing was encoded')
    const encoderShare = (made.cpuMs / made.durationMs) * 100
    const { tapShare, recorded } = await recorder(options)
    return [
      result('recorder’s tap', tapShare, '% of a core'),
      result('encoder', encoderShare, '% of a core'),
      result('air-check of one output', tapShare + encoderShare, '% of a core', { max: 3 }),
      result('a day of one output', ((made.bytes / made.durationMs) * 86_400_000) / 1e6, 'MB', { max: 350 }),
      ...recorded,
      ...(await clicks(folder, made.durationMs, options.clicks)),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The audio process without and with its recorder, and then with its thread blocked. */
async function recorder({ costS, blocks }: AirCheckOptions): Promise<{ tapShare: number; recorded: Result[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'truc-song-air-check-'))
  const server = await startSoundServer({ dir: join(dir, 'sound'), sinks: [{ name: 'fm', label: 'FM' }], sources: [] })
  const start = (recorderDir: string | null) =>
    startAudioProcess(server, { outputs: [{ outputId: main, device: 'FM', backupDevice: null }], recorderDir })
  const shareOf = async (pid: number) => {
    const before = await usage(pid)
    await wait(costS * 1000)
    return (((await usage(pid)).cpuMs - before.cpuMs) / (costS * 1000)) * 100
  }
  try {
    const bare = await start(null)
    const without = await shareOf(bare.child.pid ?? 0)
    await bare.close()
    const tapes = join(dir, 'tapes')
    const recording = await start(tapes)
    const pid = recording.child.pid ?? 0
    const withTap = await shareOf(pid)
    const grip = await gripThread(pid)
    for (let done = 0; done < blocks; done += 1) {
      await grip.block(blockMs)
      await wait(500)
    }
    grip.close()
    await wait(1000)
    let playedS = 0
    const told = (message: AudioMessage) => {
      if (message.kind !== 'report' || message.outputs[0] === undefined) return false
      playedS = message.outputs[0].clockS
      // Reports of before are looked at as well; the whole stretch has to be over.
      return playedS > costS + (blocks * (blockMs + 500)) / 1000
    }
    await recording.wire.waitFor(told, 5000, 'a report')
    await recording.close()
    const names = (await readdir(tapes)).sort()
    const frames = await Promise.all(names.map(async (name) => ((await stat(join(tapes, name))).size - wavHeaderBytes) / bytesPerFrame))
    const recordedS = frames.reduce((sum, each) => sum + each, 0) / rateHz
    return {
      tapShare: withTap - without,
      recorded: [
        result('JS thread blocks of 1.5 s', blocks, 'blocks', { min: 1 }),
        // Missing samples begin a new segment; full ones are 5 minutes long.
        result('segments beyond the full ones', names.length - 1 - Math.floor(recordedS / 300), 'breaks', { max: 0 }),
        result('recorded behind the audio clock', playedS - recordedS, 's', { max: 10 }),
      ],
    }
  } finally {
    await server.close()
    await rm(dir, { recursive: true, force: true })
  }
}

/** A kept segment in a station's own folder, played in Chromium from random seconds as the page does. */
async function clicks(folder: string, durationMs: number, count: number): Promise<Result[]> {
  const bed = await Bed.open()
  const browser = await openBrowser(1366, 768)
  try {
    const fromMs = epochMs(Date.UTC(2026, 7, 1, 1))
    const kept = join(bed.dir, 'recordings', 'kept', dayOf(fromMs))
    await mkdir(kept, { recursive: true })
    const [name = ''] = (await readdir(folder)).filter((each) => each.endsWith('.opus'))
    await copyFile(join(folder, name), join(kept, name))
    const { code } = await bed.station.api<{ code: string }>('POST', '/session/codes', {})
    const page = await browser.page(`${bed.station.url.replace(/\/$/, '')}/#code=${encodeURIComponent(code)}`)
    await page.locator('nav.nav').waitFor()
    const address = `/api/v1/recordings/${name.split('_').slice(0, 3).join('_')}/audio`
    const ms: number[] = []
    for (let done = 0; done < count; done += 1) {
      const atS = ((durationMs / 1000 - 10) * ((done * 37) % count)) / count
      ms.push(
        await page.evaluate(
          ({ src, at }) =>
            new Promise<number>((resolve, reject) => {
              const audio = new Audio()
              const clickedMs = performance.now()
              // Heard is what moves the clock of the element past the place that was asked for.
              audio.addEventListener('timeupdate', () => {
                if (audio.currentTime <= at) return
                const lateMs = performance.now() - clickedMs - (audio.currentTime - at) * 1000
                audio.pause()
                audio.removeAttribute('src')
                audio.load()
                resolve(lateMs)
              })
              audio.addEventListener('error', () => reject(new Error(`not played: ${audio.error?.message ?? ''}`)), { once: true })
              audio.preload = 'auto'
              audio.src = src
              audio.currentTime = at
              audio.play().catch(reject)
            }),
          { src: address, at: atS },
        ),
      )
    }
    await page.close()
    return spread('click → recorded sound', ms, 'ms', { p99: 300 })
  } finally {
    await browser.close()
    await bed.close()
  }
}

// Everything a bench needs around the station: a data folder, the private sound server, simulated devices, a programme whose
// every sample is known, alerts whose rendered bytes are known, and ears at the sinks. The station itself is a black box.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dayOf, epochMs } from '../shared/domain/time.ts'
import { type SoundServer, startSoundServer } from '../simulator/sound/sound-server.ts'
import type { SoundSource } from '../simulator/sound/sound-config.ts'
import type { KnownSound } from '../test/support/discontinuity.ts'
import { MonitorCapture } from '../test/support/monitor-capture.ts'
import { lfsrNoise, rateHz, rmsDb, toWav, wavLeft } from '../test/support/signals.ts'
import { type BenchDevices, startDevices } from './devices.ts'
import { StationProcess } from './station-process.ts'

export const fm = { id: 'fm', sink: 'bench_fm', label: 'Bench FM' } as const
export const wired = { id: 'wired', sink: 'bench_wired', label: 'Bench wired' } as const
export const cue = { sink: 'bench_cue', label: 'Bench cue' } as const
export const line = { id: 'line1', source: 'bench_line', label: 'Bench line' } as const

export interface BedOptions {
  /** Virtual devices for live input. */
  readonly sources?: readonly SoundSource[]
  /** Merged over `audio` of config.json. */
  readonly audio?: Readonly<Record<string, unknown>>
}

/** An imported recording: the id the station gave it and the samples of its air copy. */
export interface Recording extends KnownSound {
  readonly cartId: string
  readonly durationMs: number
}

export interface ComposedAlert extends KnownSound {
  readonly alertId: string
  readonly totalMs: number
}

export class Bed {
  readonly dir: string
  readonly server: SoundServer
  readonly devices: BenchDevices
  station: StationProcess
  readonly #captures: MonitorCapture[] = []
  /** A bench that is told to end takes its processes with it. */
  readonly #onSignal = () => void this.close().finally(() => process.exit(1))

  private constructor(dir: string, server: SoundServer, devices: BenchDevices, station: StationProcess) {
    this.dir = dir
    this.server = server
    this.devices = devices
    this.station = station
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, this.#onSignal)
  }

  static async open(options: BedOptions = {}): Promise<Bed> {
    const dir = await mkdtemp(join(tmpdir(), 'truc-song-bench-'))
    const sinks = [fm, wired, cue].map(({ sink, label }) => ({ name: sink, label }))
    const sources = options.sources ?? []
    const server = await startSoundServer({ dir: join(dir, 'sound'), sinks, sources })
    const devices = await startDevices(fm.id, wired.id)
    const inputs = sources.some((source) => source.name === line.source)
      ? [{ id: line.id, label: 'Đường dây', device: line.label, kind: 'line' }]
      : []
    const config = {
      station: { id: 'bench', name: 'Đài đo', place: ['Bench'] },
      audio: { cueDevice: cue.label, inputs, ...options.audio },
      outputs: [fm, wired].map(({ id, label }) => ({ id, name: id, device: label })),
      alerts: { liveFiring: true },
      devices: devices.config,
    }
    await writeFile(join(dir, 'config.json'), JSON.stringify(config, null, 2))
    try {
      const station = await startStation(dir, server)
      return new Bed(dir, server, devices, station)
    } catch (cause) {
      await server.close()
      await devices.close()
      await rm(dir, { recursive: true, force: true })
      throw cause
    }
  }

  /** Starts the station again on the same folder, as its keeper would. */
  async restartStation(): Promise<StationProcess> {
    this.station = await startStation(this.dir, this.server)
    return this.station
  }

  /** Ears at a sink; closed with the bed. */
  async listen(sink: string, onFrames?: (left: Float32Array, fromFrame: number) => void): Promise<MonitorCapture> {
    const capture = await MonitorCapture.start({
      server: this.server,
      source: this.server.sinkMonitor(sink),
      ...(onFrames ? { onFrames } : {}),
    })
    this.#captures.push(capture)
    return capture
  }

  /** Imports `pcm` and returns the air copy the station made of it. */
  async importRecording(title: string, pcm: Float32Array, contentType: 'speech' | 'music' | 'fill' = 'music'): Promise<Recording> {
    const query = new URLSearchParams({ name: `${title}.wav`, title, contentType })
    const answer = await this.station.raw('POST', `/library/files?${query}`, toWav(pcm, 2), 'audio/wav')
    const cart = JSON.parse(answer.toString('utf8')) as { cartId: string; durationMs: number }
    const copy = await this.station.raw('GET', `/library/${cart.cartId}/audio.wav`, null, 'audio/wav')
    return { id: title, cartId: cart.cartId, durationMs: cart.durationMs, pcm: wavLeft(copy) }
  }

  /** Appends a row to today's rundown. */
  async schedule(
    recording: Recording,
    start: { kind: 'hard'; atMs: number } | { kind: 'follow' },
    crossfadeMs: number | null,
    resume: unknown = null,
  ): Promise<void> {
    const draft = {
      title: recording.id,
      contentType: 'music',
      source: { kind: 'file', cartId: recording.cartId },
      start,
      durationMs: recording.durationMs,
      crossfadeMs,
      resume,
      outputIds: [],
    }
    await this.station.api('POST', `/schedule/${dayOf(epochMs(Date.now()))}/items`, { draft })
  }

  /**
   * A known programme of `seconds` on air on every output, carriers measured up: the state in which a cut-in is hot.
   * Noise at −23 LUFS-like level, so that the gain the station gives it stays near 0 dB.
   */
  async programmeOnAir(seconds: number, capture: MonitorCapture, resume: unknown = { kind: 'exact' }): Promise<Recording> {
    const recording = await this.importRecording('programme', lfsrNoise(0xb1, seconds * rateHz, 0.12))
    await this.schedule(recording, { kind: 'hard', atMs: Date.now() + 1500 }, null, resume)
    await capture.waitFor((heard) => heard.frames > 4800 && rmsDb(heard.samples(heard.frames - 4800)) > -50, 20_000, 'the programme')
    await this.until('every carrier is measured up', 30_000, async () => {
      const outputs = await this.station.api<{ carriers: { state: string }[] }[]>('GET', '/onair')
      return (
        outputs.length === 2 &&
        outputs.every((output) => output.carriers.length > 0 && output.carriers.every((carrier) => carrier.state === 'up'))
      )
    })
    return recording
  }

  /** An alert from an imported recording, composed and rendered; `pcm` is what the station says will air. */
  async composeAlert(
    title: string,
    pcm: Float32Array,
    options: { attentionTone?: boolean; readings?: number } = {},
  ): Promise<ComposedAlert> {
    const recording = await this.importRecording(title, pcm, 'speech')
    const draft = {
      mode: 'live',
      templateId: null,
      title,
      source: { kind: 'file', cartId: recording.cartId },
      riskLevel: null,
      evacuation: false,
      orderedBy: 'bench',
      issuedAtMs: null,
      expiresAtMs: null,
      readings: options.readings ?? 1,
      attentionTone: options.attentionTone ?? false,
      outputIds: [],
    }
    const view = await this.station.api<{ alertId: string; state: string; audio: { totalMs: number } | null; failure: unknown }>(
      'POST',
      '/alerts',
      { draft },
    )
    if (view.audio === null) throw new Error(`the alert is ${view.state}: ${JSON.stringify(view.failure)}`)
    const bytes = await this.station.raw('GET', `/alerts/${view.alertId}/audio.wav`, null, 'audio/wav')
    return { id: title, alertId: view.alertId, totalMs: view.audio.totalMs, pcm: wavLeft(bytes) }
  }

  /** Polls an outside fact until it holds. */
  async until(what: string, withinMs: number, holds: () => Promise<boolean>): Promise<number> {
    const startedMs = performance.now()
    for (;;) {
      if (await holds()) return performance.now() - startedMs
      if (performance.now() - startedMs > withinMs) throw new Error(`waited ${withinMs} ms until ${what}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** Ends everything in reverse order; an audio process the station left behind is ended by its own pid. */
  async close(): Promise<void> {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, this.#onSignal)
    const audioPid = await this.station.audioPid().catch(() => null)
    if (this.station.running) await this.station.stop()
    if (audioPid !== null && isRunning(audioPid)) process.kill(audioPid, 'SIGKILL')
    await Promise.all(this.#captures.map((capture) => capture.stop()))
    await this.devices.close()
    await this.server.close()
    await rm(this.dir, { recursive: true, force: true })
  }

  /** The station's own log, for a report of what went wrong. */
  async log(): Promise<string> {
    return readFile(join(this.dir, 'station.log'), 'utf8')
  }
}

function startStation(dir: string, server: SoundServer): Promise<StationProcess> {
  return StationProcess.start({ dataDir: dir, configPath: join(dir, 'config.json'), env: server.env })
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ESRCH') return false
    throw cause
  }
}

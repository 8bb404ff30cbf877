// A whole station with its far ends: the real station process over its outside doors, a private sound server, and a
// transmitter, a relay board and a desk simulated on real sockets. Relay 8 closes the transmitter's interlock, as in the
// training district; relay 6 is the priority relay of the FM output. What the simulators recorded is the oracle.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DeskSimulator, startX32Simulator } from '../../hardware/desks/behringer-x32/simulator.ts'
import { createTransmitterSimulator, type TransmitterSimulator } from '../../hardware/transmitters/ecreso-crown/simulator.ts'
import { createRelaySimulator, type RelaySimulator } from '../../hardware/zones/waveshare-relay/simulator.ts'
import { systemClock } from '../../shared/domain/clock.ts'
import type { AlarmView, OnAirOutputView } from '../../shared/domain/onair.ts'
import type { LogRow } from '../../shared/domain/logbook.ts'
import { dayOf, epochMs } from '../../shared/domain/time.ts'
import { type SoundServer, startSoundServer } from '../../simulator/sound/sound-server.ts'
import { isRunning } from '../../bench/bed.ts'
import { StationProcess } from '../../bench/station-process.ts'
import { MonitorCapture } from './monitor-capture.ts'
import { rateHz, tones, toWav } from './signals.ts'

export const coils = { zone1: 0, zone2: 1, bypass: 5, allCall: 6, interlock: 7 } as const
/** Programme comes in on this channel of the desk, an announcer's microphone on the next. */
export const deskChannels = { programme: 'ch/01', mic: 'ch/02' } as const

export interface RigOptions {
  /** Merged over the outputs of config.json, by output id. */
  readonly outputs?: Readonly<Record<string, Record<string, unknown>>>
  readonly config?: Readonly<Record<string, unknown>>
  /** More of this process's environment for the station. */
  readonly env?: Readonly<Record<string, string>>
  readonly transmitterRampMs?: number
  readonly sinks?: readonly { readonly name: string; readonly label: string }[]
  readonly microphone?: boolean
  /** Of the first zone; default 0. */
  readonly zoneWarmUpMs?: number
  /** false: the interlock is closed by a bridge, so that no relay saves the day. */
  readonly interlockWired?: boolean
}

export class StationRig {
  readonly dir: string
  readonly sound: SoundServer
  readonly transmitter: TransmitterSimulator
  readonly relay: RelaySimulator
  readonly desk: DeskSimulator
  station: StationProcess
  readonly #env: Readonly<Record<string, string>>
  readonly #captures: MonitorCapture[] = []

  private constructor(parts: {
    dir: string
    sound: SoundServer
    transmitter: TransmitterSimulator
    relay: RelaySimulator
    desk: DeskSimulator
    station: StationProcess
    env: Readonly<Record<string, string>>
  }) {
    this.dir = parts.dir
    this.sound = parts.sound
    this.transmitter = parts.transmitter
    this.relay = parts.relay
    this.desk = parts.desk
    this.station = parts.station
    this.#env = parts.env
  }

  static async open(options: RigOptions = {}): Promise<StationRig> {
    const dir = await mkdtemp(join(tmpdir(), 'truc-song-rig-'))
    const sinks = [{ name: 'fm', label: 'FM' }, { name: 'wired', label: 'Wired' }, { name: 'cue', label: 'Cue' }, ...(options.sinks ?? [])]
    const sources = options.microphone ? [{ name: 'mic', label: 'Mic' }] : []
    const sound = await startSoundServer({ dir: join(dir, 'sound'), sinks, sources })
    const transmitter = await createTransmitterSimulator({
      wire: { kind: 'tcp' },
      model: 'helios',
      powerSetW: 100,
      interlockClosed: options.interlockWired === false,
      ...(options.transmitterRampMs === undefined ? {} : { rampMs: options.transmitterRampMs }),
    })
    const relay = await createRelaySimulator({ wire: { kind: 'tcp' } })
    relay.onCoil((coil, on) => {
      if (coil === coils.interlock && options.interlockWired !== false) transmitter.setInterlock(on)
    })
    const desk = await startX32Simulator(systemClock)
    for (const channel of [deskChannels.programme, deskChannels.mic, 'main']) desk.moveByHand(channel, { fader: 0.75, on: true })
    desk.setLevel(deskChannels.programme, -20)
    const output = (id: string, device: string) => ({ id, name: id, device, ...options.outputs?.[id] })
    const zone = (id: string, coil: number, outputs: string[]) => ({ id, label: id, coil, outputs })
    const config = {
      station: { id: 'rig', name: 'Đài thử', place: ['Thử'] },
      audio: { cueDevice: 'Cue', inputs: options.microphone ? [{ id: 'mic', label: 'Micro', device: 'Mic', kind: 'microphone' }] : [] },
      outputs: [output('fm', 'FM'), output('wired', 'Wired')],
      alerts: { liveFiring: true },
      devices: [
        {
          id: 'tx',
          driver: 'ecreso-helios-fm',
          label: 'Máy phát',
          transport: transmitter.address,
          outputs: ['fm'],
          options: { powerSetW: 100, onAirThresholdW: 50 },
        },
        {
          id: 'relay',
          driver: 'waveshare-relay-8',
          label: 'Rơ-le',
          transport: relay.address,
          options: {
            zones: [
              { ...zone('z1', coils.zone1, ['wired']), warmUpMs: options.zoneWarmUpMs ?? 0 },
              zone('z2', coils.zone2, ['wired']),
              { ...zone('all', coils.allCall, ['wired']), allCallOnly: true },
              zone('interlock', coils.interlock, ['fm']),
            ],
          },
        },
        {
          id: 'desk',
          driver: 'behringer-x32',
          label: 'Bàn trộn',
          transport: desk.address,
          options: { programmeChannels: [deskChannels.programme], micChannels: [deskChannels.mic], main: 'main' },
        },
      ],
      ...options.config,
    }
    await writeFile(join(dir, 'config.json'), JSON.stringify(config, null, 2))
    const env = { ...sound.env, ...options.env }
    try {
      const station = await startStation(dir, env)
      return new StationRig({ dir, sound, transmitter, relay, desk, station, env })
    } catch (cause) {
      await Promise.all([sound.close(), transmitter.close(), relay.close(), desk.close()])
      await rm(dir, { recursive: true, force: true })
      throw cause
    }
  }

  /** @param launcher a program that runs the station, such as strace */
  async restart(launcher: readonly string[] = []): Promise<void> {
    this.station = await startStation(this.dir, this.#env, launcher)
  }

  /** For the next start; merged over config.json. */
  async reconfigure(change: Readonly<Record<string, unknown>>): Promise<void> {
    const path = join(this.dir, 'config.json')
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...change }))
  }

  /** SIGKILL of the audio process, then of the station: a dead PC. */
  async killBoth(): Promise<void> {
    const pid = await this.station.audioPid()
    await this.station.kill9()
    process.kill(pid, 'SIGKILL')
  }

  async listen(sink: string): Promise<MonitorCapture> {
    const capture = await MonitorCapture.start({ server: this.sound, source: this.sound.sinkMonitor(sink) })
    this.#captures.push(capture)
    return capture
  }

  outputs(): Promise<OnAirOutputView[]> {
    return this.station.api('GET', '/onair')
  }

  async output(id: string): Promise<OnAirOutputView> {
    const found = (await this.outputs()).find((one) => one.outputId === id)
    if (!found) throw new Error(`no output ${id}`)
    return found
  }

  async alarms(): Promise<AlarmView[]> {
    return this.station.api('GET', '/alarms')
  }

  rows(): Promise<LogRow[]> {
    return this.station.api('GET', `/logbook/${dayOf(epochMs(Date.now()))}?limit=5000`)
  }

  /** Imports a tone of this length and gives the cart. */
  async importTone(
    title: string,
    seconds: number,
    frequencyHz = 440,
    contentType = 'speech',
  ): Promise<{ cartId: string; durationMs: number }> {
    const query = new URLSearchParams({ name: `${title}.wav`, title, contentType })
    const answer = await this.station.raw(
      'POST',
      `/library/files?${query}`,
      toWav(tones([frequencyHz], seconds * rateHz, 0.2), 2),
      'audio/wav',
    )
    return JSON.parse(answer.toString('utf8'))
  }

  async schedule(
    title: string,
    cartId: string,
    start: { kind: 'hard' | 'soft'; atMs: number } | { kind: 'follow' },
    resume: unknown = { kind: 'exact' },
    day: string = dayOf(epochMs(Date.now())),
  ): Promise<void> {
    const draft = {
      title,
      contentType: 'speech',
      source: { kind: 'file', cartId },
      start,
      durationMs: 0,
      crossfadeMs: 0,
      resume,
      outputIds: [],
    }
    await this.station.api('POST', `/schedule/${day}/items`, { draft })
  }

  /** A tone on air on both outputs with every carrier measured up. */
  async programmeOnAir(seconds: number): Promise<void> {
    const cart = await this.importTone('programme', seconds)
    await this.schedule('programme', cart.cartId, { kind: 'hard', atMs: Date.now() + 1000 })
    await this.until('both outputs are measured on air', 25_000, async () =>
      (await this.outputs()).every((output) => output.onAir === 'measured' && output.carriers.every((carrier) => carrier.state === 'up')),
    )
  }

  /** An alert read from a tone of this length, armed. */
  async armedAlert(seconds: number, change: Record<string, unknown> = {}): Promise<string> {
    const cart = await this.importTone(`alert-${seconds}`, seconds, 880)
    const draft = {
      mode: 'live',
      templateId: null,
      title: 'Tin thử',
      source: { kind: 'file', cartId: cart.cartId },
      riskLevel: 2,
      evacuation: false,
      orderedBy: 'thử',
      issuedAtMs: null,
      expiresAtMs: null,
      readings: 1,
      attentionTone: false,
      outputIds: [],
      ...change,
    }
    const view = await this.station.api<{ alertId: string }>('POST', '/alerts', { draft })
    await this.station.api('POST', `/alerts/${view.alertId}/arm`, {})
    return view.alertId
  }

  async fire(alertId: string): Promise<string> {
    const { cutInId } = await this.station.api<{ cutInId: string }>('POST', `/alerts/${alertId}/fire`, {})
    return cutInId
  }

  /** Asks an outside fact until it holds; answers how long that took, ms. */
  async until(what: string, withinMs: number, holds: () => Promise<boolean> | boolean): Promise<number> {
    const startedMs = performance.now()
    while (!(await holds())) {
      if (performance.now() - startedMs > withinMs) throw new Error(`waited ${withinMs} ms until ${what}\n${await this.#account()}`)
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    return performance.now() - startedMs
  }

  /** What was really on air when a wait ended in vain, with the last rows and the end of the log. */
  async #account(): Promise<string> {
    const shown = async (asked: Promise<unknown>) => JSON.stringify(await asked.catch(String), null, 1)
    const rows = await this.rows().catch(() => [])
    const lines = rows
      .slice(-25)
      .map((row) => JSON.stringify([row.seq, row.atMs, row.kind, row.phase, row.outputId, row.subject, row.planned, row.measured]))
    return [`at ${Date.now()}`, await shown(this.outputs()), lines.join('\n'), (await this.log()).slice(-1500)].join('\n')
  }

  log(): Promise<string> {
    return readFile(join(this.dir, 'station.log'), 'utf8')
  }

  async close(): Promise<void> {
    const audioPid = await this.station.audioPid().catch(() => null)
    if (this.station.running) await this.station.stop()
    if (audioPid !== null && isRunning(audioPid)) process.kill(audioPid, 'SIGKILL')
    await Promise.all(this.#captures.map((capture) => capture.stop()))
    await Promise.all([this.transmitter.close(), this.relay.close(), this.desk.close()])
    await this.sound.close()
    await rm(this.dir, { recursive: true, force: true })
  }
}

function startStation(dir: string, env: Readonly<Record<string, string>>, launcher: readonly string[] = []): Promise<StationProcess> {
  return StationProcess.start({ dataDir: dir, configPath: join(dir, 'config.json'), env, launcher })
}

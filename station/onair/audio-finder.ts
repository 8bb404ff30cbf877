// Finds the audio process: the one an earlier station left behind, or a new one, each connected and greeted. Two of them on one
// device would be worse than a gap, so one that lives and cannot be talked to is ended first.
import { audioProtocolVersion } from '../../shared/audio-protocol.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import { AudioConnection, type ConnectionListener, type Welcome } from './audio-connection.ts'
import { removeSocket } from './audio-sockets.ts'
import { type AudioRecord, type AudioSettings, isAlive, isOurs, kill, readRecord, settingsHash, spawnAudio } from './audio-spawn.ts'

export interface AudioClientLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const adoptWithinMs = 1500
const welcomeWithinMs = 6000
export const shutdownWithinMs = 2000

export interface FoundAudio {
  readonly connection: AudioConnection
  readonly record: AudioRecord
  readonly welcome: Welcome
}

export interface AudioFinderOptions {
  readonly dataDir: string
  readonly settings: AudioSettings
  readonly clock: Clock
  readonly log: AudioClientLog
  readonly listener: Omit<ConnectionListener, 'closed'>
  /** This connection ended: its process is dead, or will be. */
  closed(connection: AudioConnection): void
}

export class AudioFinder {
  readonly #options: AudioFinderOptions

  constructor(options: AudioFinderOptions) {
    this.#options = options
  }

  /**
   * The one that lives; null when there is none. `asConfigured`: it was started with today's settings.
   * @param afterSeq last event of it already in the logbook; −1 = none.
   */
  async adopt(afterSeq: number): Promise<(FoundAudio & { readonly asConfigured: boolean }) | null> {
    const { dataDir, log, settings } = this.#options
    const record = await readRecord(dataDir)
    if (record === null) return null
    try {
      if (record.protocolVersion !== audioProtocolVersion) throw new Error(`it speaks protocol ${record.protocolVersion}`)
      const found = await this.#greet(record, afterSeq)
      const asConfigured = record.settings === settingsHash(settings)
      log.info({ pid: record.pid, bootId: record.bootId, asConfigured }, 'audio process adopted')
      return { ...found, asConfigured }
    } catch (cause) {
      log.info({ pid: record.pid, reason: String(cause) }, 'no audio process to adopt')
      if (isAlive(record.pid) && (await isOurs(record.pid, dataDir))) {
        kill(record.pid, 'SIGKILL')
        await this.goneWithin(record.pid, shutdownWithinMs)
      }
      await removeSocket(record.socketPath)
      return null
    }
  }

  /**
   * A new one. Rejects when it ends or does not answer in time; it is dead then.
   * @param onStarted it exists from now on, greeted or not.
   * @param unwanted asked while it is waited for.
   */
  async spawn(onStarted: (record: AudioRecord) => void, unwanted: () => boolean): Promise<FoundAudio> {
    const { clock, dataDir, log, settings } = this.#options
    const { child, record } = await spawnAudio(dataDir, settings)
    onStarted(record)
    log.info({ pid: record.pid, bootId: record.bootId }, 'audio process started')
    let exited = false
    child.once('exit', () => {
      exited = true
    })
    const deadline = clock.monotonic() + welcomeWithinMs
    for (;;) {
      try {
        return await this.#greet(record, -1)
      } catch (cause) {
        if (exited || unwanted() || clock.monotonic() > deadline) {
          kill(record.pid, 'SIGKILL')
          throw new Error('no welcome from the new audio process', { cause })
        }
        await this.#pause(5)
      }
    }
  }

  /** Waits for the end of a process that was told to end. */
  async goneWithin(pid: number, ms: number): Promise<void> {
    const { clock } = this.#options
    const deadline = clock.monotonic() + ms
    while (isAlive(pid) && clock.monotonic() < deadline) await this.#pause(10)
  }

  async #greet(record: AudioRecord, afterSeq: number): Promise<FoundAudio> {
    const { clock, closed, listener } = this.#options
    let mine: AudioConnection | null = null
    const connection = await AudioConnection.open(record.socketPath, {
      ...listener,
      closed: () => {
        if (mine !== null) closed(mine)
      },
    })
    mine = connection
    try {
      const welcome = await within(clock, connection.hello(record.token, afterSeq), adoptWithinMs)
      return { connection, record: { ...record, pid: welcome.pid }, welcome }
    } catch (cause) {
      connection.close()
      throw cause
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(ms, resolve)
    })
  }
}

/** Rejects when there is no answer in time. */
export function within<T>(clock: Clock, promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ms, () => reject(new Error(`no answer within ${ms} ms`)))
    promise.then(resolve, reject).finally(() => timer.cancel())
  })
}

// Alerts in the memory of the audio process: an alert is wholly there before it can be armed, the bytes there are those that were
// rendered, and what is armed or was fired is put into a successor's memory before that takes any other order.
import { OperatorError } from '../../shared/domain/errors.ts'
import type { AlertId } from '../../shared/domain/ids.ts'
import type { AudioOrder } from '../onair/index.ts'
import type { AlertBook, Entry } from './alert-book.ts'
import type { AlertsPorts } from './ports.ts'

/** Alerts whose audio is kept there (a ten-minute one takes 58 MB). */
const loadedAtMost = 4
const loadTimeoutMs = 10_000

export class AlertMemory {
  readonly #ports: Pick<AlertsPorts, 'clock' | 'send' | 'onChanged'>
  readonly #book: AlertBook
  /** What is on its way there, at most once at a time: preview and arming may want the same alert in the same moment. */
  readonly #loading = new Map<AlertId, PromiseWithResolvers<void>>()

  constructor(ports: Pick<AlertsPorts, 'clock' | 'send' | 'onChanged'>, book: AlertBook) {
    this.#ports = ports
    this.#book = book
  }

  /** How its audio is put there; null while it has none. */
  loadOrder({ rendered, view }: Entry): AudioOrder | null {
    if (!rendered) return null
    const { attentionPath, bodyPath, gainDb } = rendered
    return { kind: 'loadAlert', alert: { alertId: view.alertId, attentionPath, bodyPath, gainDb } }
  }

  /** Refuses what has no audio, and audio that is not the one that was rendered. */
  async ensure(entry: Entry): Promise<void> {
    const { rendered, view } = entry
    const load = this.loadOrder(entry)
    if (!rendered || !load) throw new OperatorError('ALERT_NOT_READY', { state: view.state })
    for (let other = this.#loading.get(view.alertId); other; other = this.#loading.get(view.alertId))
      await Promise.allSettled([other.promise])
    if (entry.loaded !== null) return
    this.#makeRoom(entry)
    const loading = Promise.withResolvers<void>()
    const late = () => loading.reject(new OperatorError('AUDIO_UNAVAILABLE', { during: 'loadAlert' }))
    const timer = this.#ports.clock.after(loadTimeoutMs, late)
    this.#loading.set(view.alertId, loading)
    try {
      await Promise.all([this.#ports.send(load).catch(loading.reject), loading.promise])
    } finally {
      timer.cancel()
      this.#loading.delete(view.alertId)
    }
    if (entry.loaded !== rendered.audio.sha256) {
      this.forget(entry)
      throw new OperatorError('ALERT_NOT_READY', { state: 'audio changed on disk' })
    }
  }

  /** The audio process says that it holds it. */
  holds(alertId: AlertId, sha256: string): void {
    const entry = this.#book.find(alertId)
    if (entry) entry.loaded = sha256
    this.#loading.get(alertId)?.resolve()
  }

  /** Another audio process, which holds these. */
  replaced(held: readonly { alertId: AlertId; sha256: string }[]): void {
    for (const entry of this.#book.entries()) entry.loaded = held.find((one) => one.alertId === entry.view.alertId)?.sha256 ?? null
  }

  /**
   * Puts what is armed, and what was fired while there was nobody to take it, into the memory of a successor.
   * @param send goes straight to it: every other order waits meanwhile, so that none finds its alert missing
   */
  async reload(send: (order: AudioOrder) => Promise<void>): Promise<void> {
    const wanted = this.#book.entries().filter(({ view, loaded }) => (view.state === 'armed' || view.state === 'airing') && loaded === null)
    const failures: unknown[] = []
    // One that cannot be loaded keeps none of the others out.
    for (const entry of wanted) await this.#loadAgain(entry, send).catch((cause: unknown) => failures.push(cause))
    if (failures.length > 0) throw failures[0]
  }

  async #loadAgain(entry: Entry, send: (order: AudioOrder) => Promise<void>): Promise<void> {
    const load = this.loadOrder(entry)
    if (load === null) return
    await send(load)
    if (entry.loaded === entry.rendered?.audio.sha256) return
    entry.loaded = null
    await send({ kind: 'unloadAlert', alertId: entry.view.alertId })
    throw new OperatorError('ALERT_NOT_READY', { state: 'audio changed on disk' })
  }

  forget(entry: Entry): void {
    entry.loaded = null
    this.#ports.send({ kind: 'unloadAlert', alertId: entry.view.alertId }).catch(() => this.#ports.onChanged())
  }

  #makeRoom(keep: Entry): void {
    const loaded = this.#book.entries().filter((entry) => entry.loaded !== null)
    const idle = loaded.filter((entry) => entry !== keep && entry.view.state !== 'armed' && entry.view.state !== 'airing')
    const oldest = idle.sort((a, b) => a.view.createdAtMs - b.view.createdAtMs)[0]
    if (loaded.length >= loadedAtMost && oldest) this.forget(oldest)
  }
}

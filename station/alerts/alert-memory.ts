// Alerts in the memory of the audio process: an alert is wholly there before it can be armed, the bytes there are those that were
// rendered, and what is armed or was fired is put into a successor's memory before that takes any other order.
import { alertBytesPerMs, alertMemoryBytes } from '../../shared/audio-protocol.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { AlertId } from '../../shared/domain/ids.ts'
import type { AudioOrder } from '../onair/index.ts'
import type { AlertBook, Entry } from './alert-book.ts'
import type { AlertsPorts } from './ports.ts'

/** Alerts whose audio is kept there, however short. */
const heldAtMost = 4
const loadTimeoutMs = 10_000

interface Loading {
  readonly bytes: number
  /** The audio process says that it holds it. */
  told(): void
  /** It is there, or was given up. */
  readonly over: Promise<void>
}

export class AlertMemory {
  readonly #ports: Pick<AlertsPorts, 'clock' | 'send' | 'onChanged'>
  readonly #book: AlertBook
  /** What the audio process confirmed to hold, by SHA-256; it may be a text that was corrected since. */
  readonly #held = new Map<AlertId, string>()
  /** What is on its way there, at most once at a time: preview and arming may want the same alert in the same moment. */
  readonly #loading = new Map<AlertId, Loading>()

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

  /** Refuses what has no audio, audio that is not the one that was rendered, and what was composed anew meanwhile. */
  async ensure(entry: Entry): Promise<void> {
    const { alertId } = entry.view
    for (let other = this.#loading.get(alertId); other; other = this.#loading.get(alertId)) await other.over
    const load = this.loadOrder(entry)
    if (!load || this.#book.find(alertId) !== entry) throw new OperatorError('ALERT_NOT_READY', { state: entry.view.state })
    if (this.#holdsRendered(entry)) return
    this.#makeRoom(entry)
    await this.#load(entry, load)
    if (this.#book.find(alertId) === entry && this.#holdsRendered(entry)) return
    this.forget(alertId)
    throw new OperatorError('ALERT_NOT_READY', { state: 'audio changed on disk' })
  }

  /** The audio process says that it holds it. */
  holds(alertId: AlertId, sha256: string): void {
    this.#held.set(alertId, sha256)
    this.#loading.get(alertId)?.told()
  }

  /** It holds another text under this id than the one that was rendered last: airing it would read that one. */
  holdsAnother({ view, rendered }: Entry): boolean {
    const held = this.#held.get(view.alertId)
    return held !== undefined && held !== rendered?.audio.sha256
  }

  /** Another audio process, which holds these. */
  replaced(held: readonly { alertId: AlertId; sha256: string }[]): void {
    this.#held.clear()
    for (const { alertId, sha256 } of held) this.#held.set(alertId, sha256)
  }

  /**
   * Puts what is armed, and what was fired while there was nobody to take it, into the memory of a successor.
   * @param send goes straight to it: every other order waits meanwhile, so that none finds its alert missing
   */
  async reload(send: (order: AudioOrder) => Promise<void>): Promise<void> {
    const wanted = this.#book.entries().filter((entry) => isNeeded(entry) && !this.#holdsRendered(entry))
    const failures: unknown[] = []
    // One that cannot be loaded keeps none of the others out.
    for (const entry of wanted) await this.#loadAgain(entry, send).catch((cause: unknown) => failures.push(cause))
    if (failures.length > 0) throw failures[0]
  }

  /** Takes it out of the memory, where it is there: it was dropped, or another text takes its place. */
  forget(alertId: AlertId): void {
    if (!this.#held.delete(alertId)) return
    this.#ports.send({ kind: 'unloadAlert', alertId }).catch(() => this.#ports.onChanged())
  }

  async #load({ view: { alertId }, rendered }: Entry, load: AudioOrder): Promise<void> {
    const told = Promise.withResolvers<void>()
    const over = Promise.withResolvers<void>()
    this.#loading.set(alertId, { bytes: bytesOf(rendered), told: told.resolve, over: over.promise })
    const late = () => told.reject(new OperatorError('AUDIO_UNAVAILABLE', { during: 'loadAlert' }))
    const timer = this.#ports.clock.after(loadTimeoutMs, late)
    try {
      await Promise.all([this.#ports.send(load).catch(told.reject), told.promise])
    } finally {
      timer.cancel()
      this.#loading.delete(alertId)
      over.resolve()
    }
  }

  async #loadAgain(entry: Entry, send: (order: AudioOrder) => Promise<void>): Promise<void> {
    const { alertId } = entry.view
    const load = this.loadOrder(entry)
    if (load === null) return
    await send(load)
    if (this.#holdsRendered(entry)) return
    this.#held.delete(alertId)
    await send({ kind: 'unloadAlert', alertId })
    throw new OperatorError('ALERT_NOT_READY', { state: 'audio changed on disk' })
  }

  #holdsRendered({ view, rendered }: Entry): boolean {
    return rendered !== null && this.#held.get(view.alertId) === rendered.audio.sha256
  }

  /** What nobody can air any more goes first, then the oldest that nobody needs now. Refuses where what is left does not fit. */
  #makeRoom(entry: Entry): void {
    const idle: Entry[] = []
    let count = 1 + this.#loading.size
    let bytes = bytesOf(entry.rendered) + [...this.#loading.values()].reduce((sum, loading) => sum + loading.bytes, 0)
    for (const alertId of [...this.#held.keys()]) {
      const held = this.#book.find(alertId)
      if (held === undefined || held === entry || held.view.state === 'cancelled' || !this.#holdsRendered(held)) {
        this.forget(alertId)
        continue
      }
      count += 1
      bytes += bytesOf(held.rendered)
      if (!isNeeded(held)) idle.push(held)
    }
    for (const oldest of idle.sort((a, b) => a.view.createdAtMs - b.view.createdAtMs)) {
      if (count <= heldAtMost && bytes <= alertMemoryBytes) return
      this.forget(oldest.view.alertId)
      count -= 1
      bytes -= bytesOf(oldest.rendered)
    }
    if (bytes > alertMemoryBytes) throw new OperatorError('ALERT_MEMORY_FULL', { title: entry.view.title })
  }
}

/** It may air at any moment, or does. */
function isNeeded({ view }: Entry): boolean {
  return view.state === 'armed' || view.state === 'airing'
}

/** What it takes there; its lengths are told to the nearest millisecond. */
function bytesOf(rendered: Entry['rendered']): number {
  return rendered === null ? 0 : (rendered.audio.attentionMs + rendered.audio.bodyMs + 1) * alertBytesPerMs
}

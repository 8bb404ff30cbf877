// Preview on the cue device: the very bytes and gain that would air, and how much of an alert was heard, wherever that was.
import { OperatorError } from '../../shared/domain/errors.ts'
import type { AlertId, CartId } from '../../shared/domain/ids.ts'
import type { CueView } from '../../shared/domain/station.ts'
import type { AlertBook } from './alert-book.ts'
import type { AlertMemory } from './alert-memory.ts'
import { type AlertsPorts, bodyRepeats } from './ports.ts'

export class CueDesk {
  readonly #ports: AlertsPorts
  readonly #book: AlertBook
  readonly #memory: AlertMemory
  #cue: CueView | null = null
  /** Who had which audio of an alert played on the device: its end tells how much was heard, not by whom, nor of which text. */
  readonly #listeners = new Map<AlertId, { readonly actor: string; readonly sha256: string }>()

  constructor(ports: AlertsPorts, book: AlertBook, memory: AlertMemory) {
    this.#ports = ports
    this.#book = book
    this.#memory = memory
  }

  get view(): CueView | null {
    return this.#cue
  }

  async play(alertId: AlertId, offsetMs: number, actor: string): Promise<void> {
    const entry = this.#book.get(alertId)
    const { audio } = entry.view
    if (!audio) throw new OperatorError('ALERT_NOT_READY', { state: entry.view.state })
    this.#requireDevice()
    await this.#memory.ensure(entry)
    this.#listeners.set(alertId, { actor, sha256: audio.sha256 })
    await this.#ports.send({ kind: 'cueAlert', alertId, bodyRepeats, gapMs: 0, offsetMs })
    this.#started({ kind: 'alert', id: alertId }, offsetMs, audio.totalMs)
  }

  async playCart(cartId: CartId, offsetMs: number): Promise<void> {
    const playable = this.#ports.playable(cartId)
    if (!playable) throw new OperatorError('NOT_FOUND', { cartId })
    this.#requireDevice()
    await this.#ports.send({
      kind: 'cueItem',
      source: { kind: 'pcm', path: playable.path, frames: playable.frames, gainDb: playable.gainDb, loop: false },
      offsetMs,
    })
    this.#started({ kind: 'cart', id: cartId }, offsetMs, playable.frames / 48)
  }

  async stop(): Promise<void> {
    await this.#ports.send({ kind: 'stopCue' })
  }

  /** Listening counts wherever it happened; the same audio heard twice does not count twice its length. */
  heard(alertId: AlertId, ms: number, actor: string): void {
    const entry = this.#book.get(alertId)
    const limit = entry.view.audio?.totalMs ?? 0
    entry.view = { ...entry.view, previewedMs: Math.min(limit, entry.view.previewedMs + ms) }
    this.#ports.log.note({
      kind: 'alert.previewed',
      actor,
      outputId: null,
      subject: entry.view.title,
      measured: { ms: Math.round(ms), sha256: entry.view.audio?.sha256 ?? null },
    })
    this.#ports.onChanged()
    void this.#book.persist(entry)
  }

  /** The device is silent again. @param ended what it played, as the audio process says; absent where that is gone */
  over(ended?: { readonly alertId: AlertId | null; readonly playedMs: number }): void {
    const alertId = ended?.alertId ?? null
    const view = alertId === null ? undefined : this.#book.find(alertId)?.view
    const listener = view && this.#listeners.get(view.alertId)
    // Corrected while it was played: of what it reads now nothing was heard.
    const corrected = listener !== undefined && listener.sha256 !== view?.audio?.sha256
    if (ended && view && !corrected) this.heard(view.alertId, ended.playedMs, listener?.actor ?? 'audio')
    this.#cue = null
    this.#ports.onCueChanged()
  }

  #requireDevice(): void {
    const cue = this.#ports.cue()
    if (cue.via !== 'device') throw new OperatorError('CUE_UNAVAILABLE', { via: cue.via, reason: cue.reason ?? '' })
  }

  #started(subject: CueView['subject'], offsetMs: number, durationMs: number): void {
    this.#cue = { subject, startedAtMs: this.#ports.clock.now(), offsetMs, durationMs }
    this.#ports.onCueChanged()
  }
}

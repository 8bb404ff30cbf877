// Alerts: composed, rendered, heard, armed, fired. Firing is synchronous from the order to the audio socket; everything
// that touches a disk comes after it. An alert's audio is wholly in the audio process's memory before it can be armed.
import { stat } from 'node:fs/promises'
import type { AudioEvent } from '../../shared/audio-protocol.ts'
import type { AlertDraft, AlertTemplate, AlertView, OrderVia } from '../../shared/domain/alert.ts'
import type { StationConfig } from '../../shared/config.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import { AlertId, type CartId, CutInId, newId, type OutputId } from '../../shared/domain/ids.ts'
import type { CueView } from '../../shared/domain/station.ts'
import type { AudioOrder, FireOrder, LogPort } from '../onair/index.ts'
import type { Store } from '../store/index.ts'
import { type AlertEvent, alertTransition, stateAfterRestart } from './alert-machine.ts'
import type { Playable } from '../schedule/index.ts'

/** What was rendered: files of mono s16le 48 kHz, and what is known of them. */
export interface RenderedAlert {
  readonly attentionPath: string | null
  readonly bodyPath: string
  readonly gainDb: number
  readonly audio: NonNullable<AlertView['audio']>
}

export interface AlertsPorts {
  readonly clock: Clock
  readonly config: StationConfig
  readonly store: Store['alerts']
  readonly log: LogPort
  readonly templates: readonly AlertTemplate[]
  /** The correction that ships with every station, so that none is ever missing. */
  readonly correction: AlertDraft
  readonly liveFiring: boolean
  readonly outputIds: readonly OutputId[]
  render(alertId: AlertId, draft: AlertDraft): Promise<RenderedAlert>
  send(order: AudioOrder): Promise<void>
  fire(order: FireOrder): void
  cue(): { via: 'device' | 'browser' | 'none'; reason: string | null }
  playable(cartId: CartId): Playable | null
  onChanged(): void
  onCueChanged(): void
}

interface Entry {
  view: AlertView
  rendered: RenderedAlert | null
  /** SHA-256 the audio process confirmed to hold; null = not in its memory. */
  loaded: string | null
}

/** Alerts whose audio is kept in the audio process (a ten-minute one takes 58 MB). */
const loadedAtMost = 4
const loadTimeoutMs = 10_000
/** The rendered body holds all its readings, with “xin nhắc lại” between them. */
const bodyRepeats = 1
/** Disaster risk level from which nothing returns to music by itself (DESIGN 6). */
const holdAfterRisk = 3

export class AlertsService {
  readonly #ports: AlertsPorts
  readonly #entries = new Map<AlertId, Entry>()
  readonly #loading = new Map<AlertId, { resolve(): void; reject(error: Error): void }>()
  #cue: CueView | null = null
  #correctionId: AlertId | null = null

  constructor(ports: AlertsPorts) {
    this.#ports = ports
  }

  /** Loads what was composed before. `airing` = what an adopted audio process is still reading. */
  async load(airing: ReadonlySet<string>): Promise<void> {
    for (const stored of await this.#ports.store.all()) {
      const was = stored.alert
      const state = stateAfterRestart(was.state, airing.has(was.alertId))
      const rendered =
        stored.audioPath === null ? null : { ...(JSON.parse(stored.audioPath) as Omit<RenderedAlert, 'audio'>), audio: was.audio }
      this.#entries.set(was.alertId, {
        view: { ...was, state },
        rendered: rendered?.audio ? { ...rendered, audio: rendered.audio } : null,
        loaded: null,
      })
      if (was.templateId === 'correction-builtin') this.#correctionId = was.alertId
    }
  }

  /** Makes the shipped correction where the folder has none yet. Not part of the start: the voice takes its time. */
  async ensureCorrection(): Promise<void> {
    if (this.#correctionId !== null) return
    const view = await this.compose({ ...this.#ports.correction, templateId: 'correction-builtin' }, null)
    this.#correctionId = view.alertId
    this.#ports.onChanged()
  }

  list(): AlertView[] {
    return [...this.#entries.values()].map((entry) => entry.view).sort((a, b) => b.createdAtMs - a.createdAtMs)
  }

  get(alertId: AlertId): AlertView {
    return this.#entry(alertId).view
  }

  get correctionId(): AlertId | null {
    return this.#correctionId
  }

  get templates(): readonly AlertTemplate[] {
    return this.#ports.templates
  }

  get cue(): CueView | null {
    return this.#cue
  }

  /** The alert that a key fires. */
  armed(): AlertView | null {
    return this.list().find((view) => view.state === 'armed') ?? null
  }

  /** `origin`: the province's order that it carries out; without one it stays what it was. */
  async compose(draft: AlertDraft, alertId: AlertId | null, given: AlertView['origin'] = undefined): Promise<AlertView> {
    const { clock } = this.#ports
    const before = alertId === null ? null : this.#entry(alertId)
    if (before) this.#require(before, 'compose')
    const id = alertId ?? newId(AlertId, 'alert')
    const origin = given ?? before?.view.origin
    const view: AlertView = {
      ...draft,
      alertId: id,
      state: 'rendering',
      revision: (before?.view.revision ?? 0) + 1,
      createdAtMs: before?.view.createdAtMs ?? clock.now(),
      audio: null,
      failure: null,
      previewedMs: 0,
      lastCutInId: before?.view.lastCutInId ?? null,
      ...(origin === undefined ? {} : { origin }),
    }
    const entry: Entry = { view, rendered: null, loaded: null }
    this.#entries.set(id, entry)
    this.#ports.onChanged()
    try {
      const rendered = await this.#ports.render(id, draft)
      if (this.#entries.get(id) !== entry) return this.get(id)
      entry.rendered = rendered
      this.#move(entry, 'rendered', { audio: rendered.audio })
    } catch (error) {
      if (error instanceof OperatorError && before === null && error.code !== 'SPEECH_FAILED') this.#entries.delete(id)
      const failure =
        error instanceof OperatorError ? { code: error.code, message: error.message } : { code: 'SPEECH_FAILED', message: String(error) }
      this.#move(entry, 'failed', { failure })
      if (!this.#entries.has(id)) this.#ports.onChanged()
      if (error instanceof OperatorError) throw error
    }
    await this.#persist(entry)
    this.#ports.log.note({
      kind: before ? 'alert.changed' : 'alert.composed',
      actor: given === undefined ? 'operator' : 'province',
      outputId: null,
      subject: draft.title,
      sent: { alertId: id, sha256: entry.view.audio?.sha256 ?? null, mode: draft.mode },
    })
    return entry.view
  }

  /** Plays it on the cue device: the very bytes and gain that would air. */
  async preview(alertId: AlertId, offsetMs: number): Promise<void> {
    const entry = this.#entry(alertId)
    const { audio } = entry.view
    if (!audio) throw new OperatorError('ALERT_NOT_READY', { state: entry.view.state })
    this.#requireCueDevice()
    await this.#ensureLoaded(entry)
    await this.#ports.send({ kind: 'cueAlert', alertId, bodyRepeats, gapMs: 0, offsetMs })
    this.#cueStarted({ kind: 'alert', id: alertId }, offsetMs, audio.totalMs)
  }

  async previewCart(cartId: CartId, offsetMs: number): Promise<void> {
    const playable = this.#ports.playable(cartId)
    if (!playable) throw new OperatorError('NOT_FOUND', { cartId })
    this.#requireCueDevice()
    await this.#ports.send({
      kind: 'cueItem',
      source: { kind: 'pcm', path: playable.path, frames: playable.frames, gainDb: playable.gainDb, loop: false },
      offsetMs,
    })
    this.#cueStarted({ kind: 'cart', id: cartId }, offsetMs, playable.frames / 48)
  }

  async stopPreview(): Promise<void> {
    await this.#ports.send({ kind: 'stopCue' })
  }

  /** Listening counts wherever it happened; the same audio heard twice does not count twice its length. */
  previewed(alertId: AlertId, ms: number): void {
    const entry = this.#entry(alertId)
    const limit = entry.view.audio?.totalMs ?? 0
    entry.view = { ...entry.view, previewedMs: Math.min(limit, entry.view.previewedMs + ms) }
    this.#ports.log.note({
      kind: 'alert.previewed',
      actor: 'operator',
      outputId: null,
      subject: entry.view.title,
      measured: { ms: Math.round(ms), sha256: entry.view.audio?.sha256 ?? null },
    })
    this.#ports.onChanged()
    void this.#persist(entry)
  }

  async arm(alertId: AlertId): Promise<AlertView> {
    const entry = this.#entry(alertId)
    this.#require(entry, 'arm')
    this.#refuseExpired(entry.view)
    await this.#ensureLoaded(entry)
    for (const other of this.#entries.values()) if (other !== entry && other.view.state === 'armed') this.#move(other, 'disarm')
    this.#move(entry, 'arm')
    this.#ports.log.note({
      kind: 'alert.armed',
      actor: 'operator',
      outputId: null,
      subject: entry.view.title,
      sent: { alertId, sha256: entry.loaded },
    })
    await this.#persist(entry)
    return entry.view
  }

  async disarm(alertId: AlertId): Promise<AlertView> {
    const entry = this.#entry(alertId)
    this.#require(entry, 'disarm')
    this.#move(entry, 'disarm')
    this.#ports.log.note({ kind: 'alert.disarmed', actor: 'operator', outputId: null, subject: entry.view.title })
    await this.#persist(entry)
    return entry.view
  }

  async cancel(alertId: AlertId, actor = 'operator'): Promise<AlertView> {
    const entry = this.#entry(alertId)
    this.#require(entry, 'cancel')
    this.#move(entry, 'cancel')
    if (entry.loaded !== null) this.#unload(entry)
    this.#ports.log.note({
      kind: 'alert.changed',
      actor,
      outputId: null,
      subject: entry.view.title,
      sent: { state: 'cancelled' },
    })
    await this.#persist(entry)
    return entry.view
  }

  /** Cuts in now. Synchronous to the audio socket; idempotent by `cutInId`. */
  fire(order: { alertId: AlertId; cutInId?: CutInId | undefined; via: OrderVia; heldMs?: number | undefined }): CutInId {
    const entry = this.#entry(order.alertId)
    const { view } = entry
    if (order.cutInId !== undefined && view.lastCutInId === order.cutInId) return order.cutInId
    if (!this.#ports.liveFiring) throw new OperatorError('LIVE_FIRING_OFF', { remedy: 'alerts.liveFiring' })
    this.#require(entry, 'fired')
    this.#refuseExpired(view)
    const cutInId = order.cutInId ?? newId(CutInId, 'cut')
    const grave = view.evacuation || (view.riskLevel ?? 0) >= holdAfterRisk
    this.#ports.fire({
      cutInId,
      alertId: view.alertId,
      title: view.title,
      mode: view.mode,
      outputIds: view.outputIds.length > 0 ? view.outputIds : this.#ports.outputIds,
      severity: view.evacuation ? 5 : (view.riskLevel ?? 0),
      automatic: false,
      readings: bodyRepeats,
      resume: grave ? { kind: 'hold' } : null,
      via: order.via,
      actor: order.via,
      heldMs: order.heldMs ?? null,
      previewedMs: view.previewedMs,
    })
    this.#move(entry, 'fired', { lastCutInId: cutInId })
    void this.#persist(entry)
    return cutInId
  }

  ended(alertId: AlertId): void {
    const entry = this.#entries.get(alertId)
    if (!entry) return
    this.#move(entry, 'ended')
    void this.#persist(entry)
  }

  /** How its audio is put into the audio process's memory; null while it has none. */
  loadOrder(alertId: AlertId): AudioOrder | null {
    const rendered = this.#entries.get(alertId)?.rendered
    if (!rendered) return null
    const { attentionPath, bodyPath, gainDb } = rendered
    return { kind: 'loadAlert', alert: { alertId, attentionPath, bodyPath, gainDb } }
  }

  /** Files of an alert in the order they are read, for a browser to play. */
  async audioFor(alertId: AlertId): Promise<{ files: readonly { path: string; bytes: number }[]; channels: 1 }> {
    const { rendered, view } = this.#entry(alertId)
    if (!rendered) throw new OperatorError('ALERT_NOT_READY', { state: view.state })
    const paths = rendered.attentionPath === null ? [rendered.bodyPath] : [rendered.attentionPath, rendered.bodyPath]
    const files = await Promise.all(paths.map(async (path) => ({ path, bytes: (await stat(path)).size })))
    return { files, channels: 1 }
  }

  audioEvent(event: AudioEvent): void {
    switch (event.kind) {
      case 'alertLoaded': {
        const entry = this.#entries.get(event.alertId)
        if (entry) entry.loaded = event.sha256
        this.#loading.get(event.alertId)?.resolve()
        return
      }
      case 'cueEnded':
        if (event.alertId !== null && this.#entries.has(event.alertId)) this.previewed(event.alertId, event.playedMs)
        this.#cue = null
        this.#ports.onCueChanged()
        return
      default:
        return
    }
  }

  /** A fresh audio process holds nothing: what was armed is loaded again, and armed stays armed. */
  async audioReplaced(held: readonly { alertId: AlertId; sha256: string }[]): Promise<void> {
    for (const entry of this.#entries.values()) entry.loaded = held.find((one) => one.alertId === entry.view.alertId)?.sha256 ?? null
    this.#cue = null
    this.#ports.onCueChanged()
    for (const entry of this.#entries.values()) if (entry.view.state === 'armed' && entry.loaded === null) await this.#ensureLoaded(entry)
  }

  #entry(alertId: AlertId): Entry {
    const entry = this.#entries.get(alertId)
    if (!entry) throw new OperatorError('NOT_FOUND', { alertId })
    return entry
  }

  #require(entry: Entry, event: AlertEvent): void {
    const result = alertTransition(entry.view.state, event)
    if ('refused' in result) throw new OperatorError(result.refused, { state: entry.view.state, title: entry.view.title })
  }

  #move(entry: Entry, event: AlertEvent, change: Partial<AlertView> = {}): void {
    const result = alertTransition(entry.view.state, event)
    if ('state' in result) entry.view = { ...entry.view, ...change, state: result.state }
    this.#ports.onChanged()
  }

  #refuseExpired(view: AlertView): void {
    if (view.expiresAtMs !== null && view.expiresAtMs <= this.#ports.clock.now())
      throw new OperatorError('ALERT_EXPIRED', { title: view.title })
  }

  #requireCueDevice(): void {
    const cue = this.#ports.cue()
    if (cue.via !== 'device') throw new OperatorError('CUE_UNAVAILABLE', { via: cue.via, reason: cue.reason ?? '' })
  }

  #cueStarted(subject: CueView['subject'], offsetMs: number, durationMs: number): void {
    this.#cue = { subject, startedAtMs: this.#ports.clock.now(), offsetMs, durationMs }
    this.#ports.onCueChanged()
  }

  async #ensureLoaded(entry: Entry): Promise<void> {
    const { rendered, view } = entry
    const load = this.loadOrder(view.alertId)
    if (!rendered || !load) throw new OperatorError('ALERT_NOT_READY', { state: view.state })
    if (entry.loaded !== null) return
    this.#makeRoom(entry)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = this.#ports.clock.after(loadTimeoutMs, () => reject(new OperatorError('AUDIO_UNAVAILABLE', { during: 'loadAlert' })))
    this.#loading.set(view.alertId, { resolve, reject })
    try {
      await this.#ports.send(load)
      await promise
    } finally {
      timer.cancel()
      this.#loading.delete(view.alertId)
    }
    if (entry.loaded !== rendered.audio.sha256) {
      this.#unload(entry)
      throw new OperatorError('ALERT_NOT_READY', { state: 'audio changed on disk' })
    }
  }

  #makeRoom(keep: Entry): void {
    const idle = [...this.#entries.values()].filter(
      (entry) => entry !== keep && entry.loaded !== null && entry.view.state !== 'armed' && entry.view.state !== 'airing',
    )
    const loaded = [...this.#entries.values()].filter((entry) => entry.loaded !== null).length
    const oldest = idle.sort((a, b) => a.view.createdAtMs - b.view.createdAtMs)[0]
    if (loaded >= loadedAtMost && oldest) this.#unload(oldest)
  }

  #unload(entry: Entry): void {
    entry.loaded = null
    this.#ports.send({ kind: 'unloadAlert', alertId: entry.view.alertId }).catch(() => this.#ports.onChanged())
  }

  async #persist(entry: Entry): Promise<void> {
    const { rendered } = entry
    const paths =
      rendered && JSON.stringify({ attentionPath: rendered.attentionPath, bodyPath: rendered.bodyPath, gainDb: rendered.gainDb })
    await this.#ports.store.put(entry.view, paths)
  }
}

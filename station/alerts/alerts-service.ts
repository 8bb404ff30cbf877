// Alerts: composed, rendered, heard, armed, fired. Firing is synchronous from the order to the audio socket; everything
// that touches a disk comes after it. An alert's audio is wholly in the audio process's memory before it can be armed.
import { stat } from 'node:fs/promises'
import type { AudioEvent } from '../../shared/audio-protocol.ts'
import type { AlertDraft, AlertTemplate, AlertView, ArmFrom, Interruption, OrderVia } from '../../shared/domain/alert.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import { AlertId, type CartId, CutInId, newId, type OutputId } from '../../shared/domain/ids.ts'
import type { CueView } from '../../shared/domain/station.ts'
import type { AudioOrder, FireOrder } from '../onair/index.ts'
import { AlertBook, type Entry } from './alert-book.ts'
import { AlertMemory } from './alert-memory.ts'
import { isGrave, severityOf } from './alert-rank.ts'
import { CueDesk } from './cue-desk.ts'
import { type AlertsPorts, bodyRepeats } from './ports.ts'

const correctionTemplate = 'correction-builtin'

export class AlertsService {
  readonly #ports: AlertsPorts
  readonly #book: AlertBook
  readonly #memory: AlertMemory
  readonly #cueDesk: CueDesk
  #correctionId: AlertId | null = null

  constructor(ports: AlertsPorts) {
    this.#ports = ports
    this.#book = new AlertBook(ports)
    this.#memory = new AlertMemory(ports, this.#book)
    this.#cueDesk = new CueDesk(ports, this.#book, this.#memory)
  }

  /** Loads what was composed before. `airing` = what an adopted audio process is still reading. */
  async load(airing: ReadonlySet<string>): Promise<void> {
    await this.#book.load(airing)
    this.#correctionId = this.list().findLast((view) => view.templateId === correctionTemplate)?.alertId ?? null
  }

  /** Makes the shipped correction where the folder has none yet. Not part of the start: the voice takes its time. */
  async ensureCorrection(): Promise<void> {
    if (this.#correctionId !== null) return
    const view = await this.compose({ ...this.#ports.correction, templateId: correctionTemplate }, null, undefined, 'station')
    this.#correctionId = view.alertId
    this.#ports.onChanged()
  }

  list(): AlertView[] {
    return this.#book.views()
  }

  get(alertId: AlertId): AlertView {
    return this.#book.get(alertId).view
  }

  get correctionId(): AlertId | null {
    return this.#correctionId
  }

  get templates(): readonly AlertTemplate[] {
    return this.#ports.templates
  }

  get cue(): CueView | null {
    return this.#cueDesk.view
  }

  /** The alert that a key fires. */
  armed(): AlertView | null {
    return this.list().find((view) => view.state === 'armed') ?? null
  }

  /** `origin`: the province's order that it carries out; without one it stays what it was. */
  async compose(
    draft: AlertDraft,
    alertId: AlertId | null,
    given: AlertView['origin'] = undefined,
    actor = 'operator',
  ): Promise<AlertView> {
    const { clock } = this.#ports
    const before = alertId === null ? null : this.#book.get(alertId)
    if (before) this.#book.require(before, 'compose')
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
    // Another text has no place to go on from.
    if (before) this.#book.interrupt(before, null)
    const entry: Entry = { view, rendered: null }
    this.#book.set(id, entry)
    this.#memory.forget(id)
    try {
      const rendered = await this.#ports.render(id, draft)
      if (this.#book.find(id) !== entry) return this.get(id)
      entry.rendered = rendered
      this.#book.move(entry, 'rendered', { audio: rendered.audio })
    } catch (error) {
      if (error instanceof OperatorError && before === null && error.code !== 'SPEECH_FAILED') this.#book.remove(id)
      const failure =
        error instanceof OperatorError ? { code: error.code, message: error.message } : { code: 'SPEECH_FAILED', message: String(error) }
      this.#book.move(entry, 'failed', { failure })
      if (!this.#book.find(id)) this.#ports.onChanged()
      if (error instanceof OperatorError) throw error
    }
    await this.#book.persist(entry)
    this.#ports.log.note({
      kind: before ? 'alert.changed' : 'alert.composed',
      actor,
      outputId: null,
      subject: draft.title,
      sent: { alertId: id, sha256: entry.view.audio?.sha256 ?? null, mode: draft.mode },
    })
    return entry.view
  }

  /** Plays it on the cue device: the very bytes and gain that would air. */
  preview(alertId: AlertId, offsetMs: number, actor: string): Promise<void> {
    return this.#cueDesk.play(alertId, offsetMs, actor)
  }

  previewCart(cartId: CartId, offsetMs: number): Promise<void> {
    return this.#cueDesk.playCart(cartId, offsetMs)
  }

  stopPreview(): Promise<void> {
    return this.#cueDesk.stop()
  }

  /** So much of it was heard, here or in a browser. */
  previewed(alertId: AlertId, ms: number, actor: string): void {
    this.#cueDesk.heard(alertId, ms, actor)
  }

  /** An airing of it was cut off, in an earlier boot or on every output, and nothing is left of it: a person decides how it goes on. */
  async interrupted(alertId: AlertId, interruption: Interruption): Promise<void> {
    const entry = this.#book.find(alertId)
    if (!entry) return
    this.#book.move(entry, 'cutOff')
    // Fired and not ended it is airing, or was stored as armed or airing, which a restart makes ready; else it has been settled since.
    if (entry.view.state !== 'ready') return
    this.#book.interrupt(entry, interruption)
    await this.#book.persist(entry)
  }

  async arm(alertId: AlertId, actor = 'operator', from: ArmFrom = 'start'): Promise<AlertView> {
    const entry = this.#book.get(alertId)
    this.#book.require(entry, 'arm')
    if (from === 'interruption' && entry.view.interrupted === undefined)
      throw new OperatorError('ALERT_NOT_INTERRUPTED', { title: entry.view.title })
    this.#refuseExpired(entry.view)
    await this.#memory.ensure(entry)
    // Cancelled meanwhile, or on air.
    this.#book.require(entry, 'arm')
    for (const other of this.#book.entries()) if (other !== entry && other.view.state === 'armed') this.#book.move(other, 'disarm')
    this.#book.move(entry, 'arm')
    const cutOff = entry.view.interrupted
    if (cutOff) this.#book.interrupt(entry, { ...cutOff, continues: from === 'interruption' })
    this.#ports.log.note({
      kind: 'alert.armed',
      actor,
      outputId: null,
      subject: entry.view.title,
      sent: {
        alertId,
        sha256: entry.view.audio?.sha256 ?? null,
        ...(cutOff && { from, offsetMs: from === 'start' ? 0 : cutOff.positionMs }),
      },
    })
    await this.#book.persist(entry)
    return entry.view
  }

  async disarm(alertId: AlertId, actor = 'operator'): Promise<AlertView> {
    const entry = this.#book.get(alertId)
    this.#book.require(entry, 'disarm')
    this.#book.move(entry, 'disarm')
    if (entry.view.interrupted) this.#book.interrupt(entry, { ...entry.view.interrupted, continues: false })
    this.#ports.log.note({ kind: 'alert.disarmed', actor, outputId: null, subject: entry.view.title })
    await this.#book.persist(entry)
    return entry.view
  }

  async cancel(alertId: AlertId, actor = 'operator'): Promise<AlertView> {
    const entry = this.#book.get(alertId)
    this.#book.require(entry, 'cancel')
    const cutOff = entry.view.interrupted
    this.#book.move(entry, 'cancel')
    this.#book.interrupt(entry, null)
    this.#memory.forget(alertId)
    this.#ports.log.note({
      kind: 'alert.changed',
      actor,
      outputId: null,
      subject: entry.view.title,
      sent: { state: 'cancelled', ...(cutOff && { cutOffMs: cutOff.positionMs }) },
    })
    await this.#book.persist(entry)
    return entry.view
  }

  /** Cuts in now. Synchronous to the audio socket; idempotent by `cutInId`. */
  fire(order: { alertId: AlertId; cutInId?: CutInId | undefined; via: OrderVia; heldMs?: number | undefined; actor: string }): CutInId {
    const entry = this.#book.get(order.alertId)
    const { view } = entry
    if (order.cutInId !== undefined && view.lastCutInId === order.cutInId) return order.cutInId
    if (!this.#ports.liveFiring) throw new OperatorError('LIVE_FIRING_OFF', { remedy: 'alerts.liveFiring' })
    this.#book.require(entry, 'fired')
    this.#refuseExpired(view)
    // A load that was given up may have come after all, over the corrected one.
    if (this.#memory.holdsAnother(entry)) throw new OperatorError('ALERT_NOT_READY', { state: view.state })
    const cutInId = order.cutInId ?? newId(CutInId, 'cut')
    this.#ports.fire({
      cutInId,
      alertId: view.alertId,
      title: view.title,
      mode: view.mode,
      outputIds: view.outputIds.length > 0 ? view.outputIds : this.#ports.outputIds,
      severity: severityOf(view),
      automatic: false,
      readings: bodyRepeats,
      resume: isGrave(view) ? { kind: 'hold' } : null,
      ...(view.interrupted?.continues ? { offsetMs: view.interrupted.positionMs } : {}),
      via: order.via,
      actor: order.actor,
      heldMs: order.heldMs ?? null,
      previewedMs: view.previewedMs,
    })
    this.#book.move(entry, 'fired', { lastCutInId: cutInId, airedAtMs: this.#ports.clock.now() })
    this.#book.interrupt(entry, null)
    void this.#book.persist(entry)
    return cutInId
  }

  /** What an airing of it is called and how it ranks; null = there is no such alert. */
  airingFacts(alertId: AlertId): Pick<FireOrder, 'title' | 'mode' | 'severity' | 'readings'> | null {
    const view = this.#book.find(alertId)?.view
    return view === undefined ? null : { title: view.title, mode: view.mode, severity: severityOf(view), readings: bodyRepeats }
  }

  /** Outputs on which a grave airing was cut off, and nobody has decided yet how it goes on. */
  gravelyCutOff(): ReadonlySet<OutputId> {
    const cutOff = this.list().filter((view) => view.interrupted !== undefined && isGrave(view))
    return new Set(cutOff.flatMap(({ outputIds }) => (outputIds.length > 0 ? outputIds : this.#ports.outputIds)))
  }

  /** An airing of it is over: at its end on at least one output, or by a hand. */
  ended(alertId: AlertId): void {
    const entry = this.#book.find(alertId)
    if (!entry) return
    this.#book.move(entry, 'ended')
    void this.#book.persist(entry)
  }

  /** How its audio is put into the audio process's memory; null while it has none. */
  loadOrder(alertId: AlertId): AudioOrder | null {
    const entry = this.#book.find(alertId)
    return entry === undefined ? null : this.#memory.loadOrder(entry)
  }

  /** Files of an alert in the order they are read, for a browser to play. */
  async audioFor(alertId: AlertId): Promise<{ files: readonly { path: string; bytes: number }[]; channels: 1 }> {
    const { rendered, view } = this.#book.get(alertId)
    if (!rendered) throw new OperatorError('ALERT_NOT_READY', { state: view.state })
    const paths = rendered.attentionPath === null ? [rendered.bodyPath] : [rendered.attentionPath, rendered.bodyPath]
    const files = await Promise.all(paths.map(async (path) => ({ path, bytes: (await stat(path)).size })))
    return { files, channels: 1 }
  }

  audioEvent(event: AudioEvent): void {
    switch (event.kind) {
      case 'alertLoaded':
        return this.#memory.holds(event.alertId, event.sha256)
      case 'cueEnded':
        return this.#cueDesk.over(event)
      default:
        return
    }
  }

  /** Another audio process, which holds these. */
  audioReplaced(held: readonly { alertId: AlertId; sha256: string }[]): void {
    this.#cueDesk.over()
    this.#memory.replaced(held)
  }

  /** What is armed stays armed, and what was fired meanwhile airs: loaded into the successor before it takes other orders. */
  reload(send: (order: AudioOrder) => Promise<void>): Promise<void> {
    return this.#memory.reload(send)
  }

  #refuseExpired(view: AlertView): void {
    if (view.expiresAtMs !== null && view.expiresAtMs <= this.#ports.clock.now())
      throw new OperatorError('ALERT_EXPIRED', { title: view.title })
  }
}

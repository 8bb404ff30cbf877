// Every alert there is, as it is shown and as it is stored; its state changes here and nowhere else.
import type { AlertView, Interruption } from '../../shared/domain/alert.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { AlertId } from '../../shared/domain/ids.ts'
import { type AlertEvent, alertTransition, stateAfterRestart } from './alert-machine.ts'
import type { AlertsPorts, RenderedAlert } from './ports.ts'

export interface Entry {
  view: AlertView
  rendered: RenderedAlert | null
}

export class AlertBook {
  readonly #ports: Pick<AlertsPorts, 'store' | 'onChanged' | 'interrupted'>
  readonly #entries = new Map<AlertId, Entry>()

  constructor(ports: Pick<AlertsPorts, 'store' | 'onChanged' | 'interrupted'>) {
    this.#ports = ports
  }

  /** Reads what was composed before. `airing` = what an adopted audio process is still reading. */
  async load(airing: ReadonlySet<string>): Promise<void> {
    for (const stored of await this.#ports.store.all()) {
      const was = stored.alert
      const state = stateAfterRestart(was.state, airing.has(was.alertId))
      const rendered =
        stored.audioPath === null ? null : { ...(JSON.parse(stored.audioPath) as Omit<RenderedAlert, 'audio'>), audio: was.audio }
      // What was armed to go on is armed no longer; that it was cut off still stands.
      const { interrupted, ...rest } = was
      const view: AlertView =
        interrupted === undefined ? { ...rest, state } : { ...rest, state, interrupted: { ...interrupted, continues: false } }
      if (interrupted !== undefined) this.#ports.interrupted(view)
      this.#entries.set(was.alertId, {
        view,
        rendered: rendered?.audio ? { ...rendered, audio: rendered.audio } : null,
      })
    }
  }

  entries(): Entry[] {
    return [...this.#entries.values()]
  }

  /** Newest first. */
  views(): AlertView[] {
    return this.entries()
      .map((entry) => entry.view)
      .sort((a, b) => b.createdAtMs - a.createdAtMs)
  }

  find(alertId: AlertId): Entry | undefined {
    return this.#entries.get(alertId)
  }

  /** Refuses with NOT_FOUND. */
  get(alertId: AlertId): Entry {
    const entry = this.#entries.get(alertId)
    if (!entry) throw new OperatorError('NOT_FOUND', { alertId })
    return entry
  }

  set(alertId: AlertId, entry: Entry): void {
    this.#entries.set(alertId, entry)
    this.#ports.onChanged()
  }

  remove(alertId: AlertId): void {
    this.#entries.delete(alertId)
  }

  /** Refuses what the machine refuses; changes nothing. */
  require(entry: Entry, event: AlertEvent): void {
    const result = alertTransition(entry.view.state, event)
    if ('refused' in result) throw new OperatorError(result.refused, { state: entry.view.state, title: entry.view.title })
  }

  move(entry: Entry, event: AlertEvent, change: Partial<AlertView> = {}): void {
    const result = alertTransition(entry.view.state, event)
    if ('state' in result) entry.view = { ...entry.view, ...change, state: result.state }
    this.#ports.onChanged()
  }

  /** An airing of it was cut off, or that no longer stands. The caller persists it. */
  interrupt(entry: Entry, interrupted: Interruption | null): void {
    const { interrupted: before, ...rest } = entry.view
    if (interrupted === null && before === undefined) return
    entry.view = interrupted === null ? rest : { ...rest, interrupted }
    this.#ports.interrupted(entry.view)
    this.#ports.onChanged()
  }

  async persist({ view, rendered }: Entry): Promise<void> {
    const paths =
      rendered && JSON.stringify({ attentionPath: rendered.attentionPath, bodyPath: rendered.bodyPath, gainDb: rendered.gainDb })
    await this.#ports.store.put(view, paths)
  }
}

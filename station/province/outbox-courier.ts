// Runs the outbox machine: reads what waits, hands it to the link, and takes it out when the province holds it.
import { assertNever } from '../../shared/domain/assert-never.ts'
import type { Timer } from '../../shared/domain/clock.ts'
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { EpochMs } from '../../shared/domain/time.ts'
import type { OutboxState as Waiting } from '../store/index.ts'
import { isUnwritable, LinkError } from './adapter.ts'
import type { Link } from './link.ts'
import { type OutboxEffect, type OutboxEvent, type OutboxState, outboxIdle, outboxTransition, parkedOnce } from './outbox-machine.ts'
import type { ProvincePorts } from './ports.ts'

/** Entries kept for a province that does not answer: a busy hour writes 1,000 rows, so this is three weeks of nothing but busy hours. */
export const outboxLimit = 500_000
const trimEveryMs = 60_000
/** What the province would not have is tried again so often, and at every boot: perhaps it was the province. */
const retryParkedEveryMs = 86_400_000
/** Rows written within this go together. */
const gatherMs = 100
/** Into a folder they go as files: 8,640 a day at most, and FAT holds 10,900 such names in a folder. */
const gatherFilesMs = 10_000

export class OutboxCourier {
  readonly #ports: ProvincePorts
  readonly #link: Pick<Link, 'deliver'>
  readonly #onContact: () => void
  readonly #onHeld: (head: { readonly seq: number; readonly hash: string }) => void
  #state: OutboxState = outboxIdle
  #rows: readonly LogRow[] = []
  #wait: Timer | null = null
  #gather: Timer | null = null
  #trim: Timer | null = null
  #retry: Timer | null = null
  #closed = false
  #view: Waiting = { waiting: 0, oldestAtMs: null, parked: 0, parkedSeq: null, dropped: 0 }
  #lastCommittedAtMs: EpochMs | null = null
  #reason: string | null = null

  /** @param onHeld the province holds this row */
  constructor(
    ports: ProvincePorts,
    link: Pick<Link, 'deliver'>,
    onContact: () => void,
    onHeld: (head: { readonly seq: number; readonly hash: string }) => void,
  ) {
    this.#ports = ports
    this.#link = link
    this.#onContact = onContact
    this.#onHeld = onHeld
  }

  async start(): Promise<void> {
    await this.#ports.store.outbox.open(true)
    this.#trim = this.#ports.clock.every(trimEveryMs, () => void this.#keepBounded())
    this.#retry = this.#ports.clock.every(retryParkedEveryMs, () => void this.#retryParked())
    // What an earlier boot parked is still not told.
    await this.#look()
    await this.#retryParked()
    this.#step({ kind: 'wake', linkIsBack: true })
  }

  /** A row was written. */
  rowWritten(): void {
    const ms = this.#ports.config.province.adapter === 'folder' ? gatherFilesMs : gatherMs
    this.#gather ??= this.#ports.clock.after(ms, () => {
      this.#gather = null
      this.#step({ kind: 'wake', linkIsBack: false })
      if (this.#state.kind === 'waiting') void this.#look()
    })
  }

  linkIsBack(): void {
    this.#step({ kind: 'wake', linkIsBack: true })
  }

  get view(): Waiting & { readonly lastCommittedAtMs: EpochMs | null; readonly reason: string | null } {
    return { ...this.#view, lastCommittedAtMs: this.#lastCommittedAtMs, reason: this.#reason }
  }

  close(): void {
    this.#closed = true
    for (const timer of [this.#wait, this.#gather, this.#trim, this.#retry]) timer?.cancel()
  }

  #step(event: OutboxEvent): void {
    if (this.#closed) return
    const { retrying } = this.#state
    const { state, effects } = outboxTransition(this.#state, event)
    this.#state = state
    for (const effect of effects) this.#run(effect)
    // All that had been parked was asked about once more: what is told of it holds again.
    if (retrying && !state.retrying) void this.#look()
  }

  #run(effect: OutboxEffect): void {
    switch (effect.kind) {
      case 'read':
        return this.#then(this.#ports.store.outbox.next(effect.limit), (rows) => {
          this.#rows = rows
          return { kind: 'rows', seqs: rows.map((row) => row.seq) }
        })
      case 'send':
        return this.#then(this.#link.deliver(this.#rows), (answer) => {
          this.#onContact()
          this.#because(null)
          if (answer === 'unacceptable') return { kind: 'failed', how: 'unacceptable', random: this.#ports.random() }
          this.#lastCommittedAtMs = this.#ports.clock.now()
          const newest = this.#rows.at(-1)
          if (newest !== undefined) this.#onHeld({ seq: newest.seq, hash: newest.hash })
          return { kind: 'committed' }
        })
      case 'commit':
        return this.#then(this.#settled(this.#committed(effect.seqs, effect.unpark)), () => ({ kind: 'settled' }))
      case 'park':
        return this.#then(this.#settled(this.#ports.store.outbox.park(effect.seq, effect.reason)), () => ({ kind: 'settled' }))
      case 'wait':
        this.#wait?.cancel()
        this.#wait = this.#ports.clock.after(effect.ms, () => this.#step({ kind: 'due' }))
        void this.#look()
        return
      default:
        assertNever(effect)
    }
  }

  #then<T>(work: Promise<T>, event: (value: T) => OutboxEvent): void {
    work.then(
      (value) => this.#step(event(value)),
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error)
        if (error instanceof LinkError) this.#because(error.code)
        else if (!this.#closed) this.#ports.trouble.warn({ error: reason }, 'outbox')
        this.#step({ kind: 'failed', how: 'later', random: this.#ports.random() })
      },
    )
  }

  #because(reason: string | null): void {
    this.#reason = reason
    this.#ports.alarms.set(isUnwritable(reason), 'PROVINCE_FOLDER_UNWRITABLE', 'province', {})
  }

  async #committed(seqs: readonly number[], unpark: boolean): Promise<void> {
    await this.#ports.store.outbox.committed(seqs)
    if (unpark) await this.#ports.store.outbox.unpark(parkedOnce)
  }

  async #retryParked(): Promise<void> {
    try {
      if ((await this.#ports.store.outbox.unpark(null)) > 0) this.#step({ kind: 'unparked' })
    } catch (error) {
      this.#ports.trouble.warn({ error: String(error) }, 'parked rows not taken up')
    }
  }

  async #settled(work: Promise<unknown>): Promise<void> {
    await work
    await this.#look()
  }

  /** How much waits, for the screens. */
  async #look(): Promise<void> {
    if (this.#closed) return
    try {
      this.#view = await this.#ports.store.outbox.state()
      this.#ports.alarms.set(this.#view.dropped > 0, 'PROVINCE_OUTBOX_DROPPED', 'province', { count: this.#view.dropped })
      const { parkedSeq } = this.#view
      // While they are tried again it is not known to be over.
      if (parkedSeq !== null || !this.#state.retrying)
        this.#ports.alarms.set(parkedSeq !== null, 'PROVINCE_OUTBOX_PARKED', 'province', { seq: parkedSeq ?? 0 })
      this.#ports.onChanged()
    } catch (error) {
      this.#ports.trouble.warn({ error: String(error) }, 'outbox could not be counted')
    }
  }

  async #keepBounded(): Promise<void> {
    try {
      if ((await this.#ports.store.outbox.trim(outboxLimit)) > 0) await this.#look()
    } catch (error) {
      this.#ports.trouble.warn({ error: String(error) }, 'outbox could not be trimmed')
    }
  }
}

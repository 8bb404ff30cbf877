// Reads go to a worker and connection of their own, so that a screen is not kept waiting by a slow fsync (WAL readers never
// wait for the writer). Started by the first read; thrown away and started anew after a fault.
import { OperatorError } from '../../shared/domain/errors.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import type { ReadName, ReadOperations } from './operations.ts'
import { StorageFault, WorkerLink } from './worker-link.ts'

export class ReadPool {
  readonly #path: string
  readonly #clock: Clock
  #reader: Promise<WorkerLink> | null = null
  #closed = false

  constructor(path: string, clock: Clock) {
    this.#path = path
    this.#clock = clock
  }

  async call<K extends ReadName>(name: K, args: Parameters<ReadOperations[K]>): Promise<ReturnType<ReadOperations[K]>> {
    if (this.#closed) throw new OperatorError('STORE_UNAVAILABLE', { reason: 'closed' })
    this.#reader ??= this.#open()
    const reader = this.#reader
    return this.#guard(reader, name, args)
  }

  /** A long walk (the whole chain) in a worker of its own, so that other reads go on. */
  async callApart<K extends ReadName>(name: K, args: Parameters<ReadOperations[K]>): Promise<ReturnType<ReadOperations[K]>> {
    const link = await this.#open()
    try {
      return (await link.call(name, args)) as ReturnType<ReadOperations[K]>
    } finally {
      await link.terminate()
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    const reader = this.#reader
    this.#reader = null
    if (reader === null) return
    const [opened] = await Promise.allSettled([reader])
    if (opened.status === 'fulfilled') await opened.value.terminate()
  }

  async #guard<K extends ReadName>(
    reader: Promise<WorkerLink>,
    name: K,
    args: Parameters<ReadOperations[K]>,
  ): Promise<ReturnType<ReadOperations[K]>> {
    const link = await reader.catch((error: unknown) => this.#giveUp(reader, error))
    try {
      return (await link.call(name, args)) as ReturnType<ReadOperations[K]>
    } catch (error) {
      if (!(error instanceof StorageFault)) throw error
      return this.#giveUp(reader, error)
    }
  }

  /** Whatever kept the reader from answering, the next read starts a new one. */
  async #giveUp(reader: Promise<WorkerLink>, error: unknown): Promise<never> {
    await this.#discard(reader)
    if (!(error instanceof StorageFault)) throw error
    throw new OperatorError('STORE_UNAVAILABLE', { reason: error.code }, { cause: error })
  }

  async #discard(reader: Promise<WorkerLink>): Promise<void> {
    if (this.#reader !== reader) return
    this.#reader = null
    const [opened] = await Promise.allSettled([reader])
    if (opened.status === 'fulfilled') await opened.value.terminate()
  }

  async #open(): Promise<WorkerLink> {
    // A dying reader is noticed by the request that was asked of it, or by the next one.
    const link = new WorkerLink({ role: 'reader', path: this.#path }, () => undefined)
    try {
      await link.open(false, this.#clock.now())
      return link
    } catch (error) {
      await link.terminate()
      throw error
    }
  }
}

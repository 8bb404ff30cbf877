// One store worker as the main thread sees it: requests with answers, unasked faults, and its death. Nothing here waits.
import { Worker } from 'node:worker_threads'
import { assertNever } from '../../shared/domain/assert-never.ts'
import { BugError, OperatorError } from '../../shared/domain/errors.ts'
import type { Failure, Opened, Request, Response, WorkerRole } from './protocol.ts'

/** The disk, the file or the worker failed; what was asked may or may not have landed. */
export class StorageFault extends Error {
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options)
    this.name = 'StorageFault'
    this.code = code
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** Leaves each request without its id; the link numbers them. */
type Unnumbered<R> = R extends Request ? Omit<R, 'id'> : never

export class WorkerLink {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 1
  #death: StorageFault | null = null

  /** `onFault` hears of storage faults outside any request, and of the worker's death. */
  constructor(role: WorkerRole, onFault: (fault: StorageFault) => void) {
    this.#worker = new Worker(new URL('./store-worker.ts', import.meta.url), {
      workerData: role,
      execArgv: [],
      // Rows are small; without it each worker's young generation grows to 32 MB.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    })
    this.#worker.on('message', (answer: Response) => this.#receive(answer, onFault))
    this.#worker.on('error', (error) => this.#die(new StorageFault('WORKER_DIED', String(error), { cause: error }), onFault))
    this.#worker.on('exit', (code) => this.#die(new StorageFault('WORKER_DIED', `store worker ended with code ${code}`), onFault))
  }

  open(afterFault: boolean, atMs: number): Promise<Opened> {
    return this.#request({ kind: 'open', afterFault, atMs }) as Promise<Opened>
  }

  call(name: string, args: readonly unknown[]): Promise<unknown> {
    return this.#request({ kind: 'call', name, args })
  }

  /** Closes the connection, which copies the WAL into the database. */
  async closeConnection(): Promise<void> {
    await this.#request({ kind: 'close' })
  }

  /** Ends the worker; what was asked of it is rejected. */
  async terminate(): Promise<void> {
    this.#die(new StorageFault('CLOSED', 'the store was closed'), () => undefined)
    await this.#worker.terminate()
  }

  #request(request: Unnumbered<Request>): Promise<unknown> {
    if (this.#death !== null) return Promise.reject(this.#death)
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.postMessage({ ...request, id })
    })
  }

  #receive(answer: Response, onFault: (fault: StorageFault) => void): void {
    if (answer.id === null) {
      const error = errorOf(answer.failure)
      onFault(error instanceof StorageFault ? error : new StorageFault('BUG', error.message, { cause: error }))
      return
    }
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if ('failure' in answer) waiting?.reject(errorOf(answer.failure))
    else waiting?.resolve(answer.value)
  }

  #die(fault: StorageFault, onFault: (fault: StorageFault) => void): void {
    if (this.#death !== null) return
    this.#death = fault
    for (const waiting of this.#waiting.values()) waiting.reject(fault)
    this.#waiting.clear()
    onFault(fault)
  }
}

function errorOf(failure: Failure): Error {
  switch (failure.kind) {
    case 'refusal':
      return new OperatorError(failure.code, failure.detail)
    case 'storage':
      return new StorageFault(failure.code, failure.message)
    case 'bug':
      return new BugError(failure.message)
    default:
      return assertNever(failure)
  }
}

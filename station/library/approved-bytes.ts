// S10: are the bytes that would air still those that were approved at import? Each recording is read whole once, and again only
// when the file was touched since; the reading is done in a thread of its own, one recording at a time.
import { stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import type { Cart } from '../../shared/domain/library.ts'
import type { Library } from './library-service.ts'
import type { Proof } from './prove.ts'

/** How often a recording is looked at that was written to meanwhile: whoever goes on writing is not waited for. */
const looks = 3

interface Known {
  /** Length and times of the file when it was read. */
  readonly mark: string
  readonly sha256: string
}

/** The library, whose proof of a recording now includes that it is the one that was approved. */
export function onlyApproved(library: Library): Library {
  const approved = new ApprovedBytes(library)
  return { ...library, prove: (cart, how) => (how === undefined ? approved.prove(cart) : library.prove(cart, how)) }
}

class ApprovedBytes {
  readonly #library: Pick<Library, 'prove' | 'airCopyPath'>
  readonly #known = new Map<string, Known>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(library: Pick<Library, 'prove' | 'airCopyPath'>) {
    this.#library = library
  }

  /** Whether the recording can be played, and is the one that was approved. */
  async prove(cart: Cart): Promise<Proof> {
    for (let look = 0; look < looks; look += 1) {
      const proof = await this.#look(cart)
      if (proof !== null) return proof
    }
    return { ok: false, reason: 'unreadable' }
  }

  /** null = it was written to since the first look: what was read is neither the one nor the other. */
  async #look(cart: Cart): Promise<Proof | null> {
    const path = this.#library.airCopyPath(cart)
    const mark = await markOf(path)
    const readable = await this.#library.prove(cart)
    if (!readable.ok || cart.airSha256 === undefined) return readable
    const before = this.#known.get(path)
    const sha256 = mark !== null && before?.mark === mark ? before.sha256 : await this.#read(path)
    if ((await markOf(path)) !== mark) return null
    if (sha256 === null || mark === null) return { ok: false, reason: 'unreadable' }
    this.#known.set(path, { mark, sha256 })
    return sha256 === cart.airSha256 ? { ok: true } : { ok: false, reason: 'changed' }
  }

  #read(path: string): Promise<string | null> {
    const next = this.#last.then(() => sha256InWorker(path))
    this.#last = next.catch(() => undefined)
    return next
  }
}

/** null = there is no such file. */
async function markOf(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null)
  return found === null ? null : `${found.ino}/${found.size}/${found.mtimeMs}/${found.ctimeMs}`
}

/** null = it cannot be read through. */
function sha256InWorker(path: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./hash-worker.ts', import.meta.url), {
      workerData: { path },
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the recording could not be read through (${code})`)))
  })
}

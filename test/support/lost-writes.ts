// Power cuts on a model of a disk that keeps what was synced and forgets the rest (S2). The recorded writes of a process are
// replayed up to a moment; then the files are laid down as a restart would find them, and inspected.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Acknowledged, acknowledgedIn, inspectLogbook } from './logbook-inspection.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { TraceEvent } from './write-trace.ts'

type Change = Extract<TraceEvent, { kind: 'write' | 'truncate' }>

interface ModelFile {
  readonly durable: Content
  /** Changes not yet covered by a sync, oldest first, and how many were before them. */
  pending: Change[]
  settled: number
}

/** nothing: every un-synced write is lost. some: any of them may have reached the disk, in whole or in part, as on a real one. */
export type Survival = 'nothing' | 'some'

const sectorBytes = 512

export class DiskModel {
  readonly #files = new Map<string, ModelFile>()

  apply(event: TraceEvent): void {
    switch (event.kind) {
      case 'write':
      case 'truncate':
        this.#file(event.file).pending.push(event)
        return
      case 'sync':
        this.#settle(this.#file(event.file), event.covers, true)
        return
      case 'syncFailed':
        this.#settle(this.#file(event.file), event.covers, false)
        return
      case 'unlink':
        this.#files.delete(event.file)
        return
      case 'told':
        return
    }
  }

  /** Writes the files as they are after the power cut. */
  layDown(folder: string, survival: Survival, random: SeededRandom): void {
    for (const [path, file] of this.#files) {
      const content = survival === 'nothing' ? file.durable.bytes : withSome(file, random)
      writeFileSync(join(folder, basename(path)), content)
    }
  }

  #file(path: string): ModelFile {
    const known = this.#files.get(path)
    if (known !== undefined) return known
    const file: ModelFile = { durable: new Content(), pending: [], settled: 0 }
    this.#files.set(path, file)
    return file
  }

  #settle(file: ModelFile, covers: number, kept: boolean): void {
    const count = Math.max(0, covers - file.settled)
    const covered = file.pending.splice(0, count)
    file.settled += count
    // A truncation is the file system's own record and outlives a failed sync of pages.
    for (const change of covered) if (kept || change.kind === 'truncate') file.durable.apply(change)
  }
}

/** Bytes that grow: a WAL of some MB is written in thousands of pieces. */
class Content {
  #bytes: Buffer
  #length: number

  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#bytes = Buffer.from(bytes)
    this.#length = bytes.length
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  apply(change: Change): void {
    if (change.kind === 'truncate') {
      this.#reserve(change.lengthBytes)
      this.#bytes.fill(0, Math.min(this.#length, change.lengthBytes))
      this.#length = change.lengthBytes
      return
    }
    const end = change.offset + change.data.length
    this.#reserve(end)
    change.data.copy(this.#bytes, change.offset)
    this.#length = Math.max(this.#length, end)
  }

  #reserve(lengthBytes: number): void {
    if (lengthBytes <= this.#bytes.length) return
    const larger = Buffer.alloc(lengthBytes * 2)
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}

function withSome(file: ModelFile, random: SeededRandom): Buffer {
  const content = new Content(file.durable.bytes)
  for (const change of file.pending) {
    if (random.next() < 0.5) continue
    content.apply(change.kind === 'write' && random.next() < 0.3 ? torn(change, random) : change)
  }
  return content.bytes
}

/** Only the first sectors of a write arrived. */
function torn(change: Extract<Change, { kind: 'write' }>, random: SeededRandom): Change {
  const sectors = Math.ceil(change.data.length / sectorBytes)
  return { ...change, data: change.data.subarray(0, random.below(sectors) * sectorBytes) }
}

export interface CutReport {
  /** Different moments: two of those asked for may fall together. */
  readonly cuts: number
  readonly acknowledged: number
  /** Cuts after which something was wrong, with what. */
  readonly wrong: readonly string[]
}

/** Cuts the power at `cuts` moments of the recording, half of them just after a row was acknowledged. */
export function cutPower(events: readonly TraceEvent[], database: string, cuts: number, random: SeededRandom, folder: string): CutReport {
  const told = events.flatMap((event, index) => (event.kind === 'told' && event.text.startsWith('ack ') ? [index] : []))
  if (told.length === 0) throw new Error('nothing was acknowledged in this recording: there is nothing to lose')
  const moments = new Map<number, Survival>()
  for (let cut = 0; cut < cuts; cut += 1) {
    const at = cut % 2 === 0 ? (told[random.below(told.length)] ?? 0) : random.below(events.length)
    moments.set(at, random.next() < 0.5 ? 'nothing' : 'some')
  }
  const disk = new DiskModel()
  const acknowledged: Acknowledged[] = []
  const wrong: string[] = []
  for (const [index, event] of events.entries()) {
    disk.apply(event)
    if (event.kind === 'told') acknowledged.push(...acknowledgedIn(event.text))
    const survival = moments.get(index)
    if (survival === undefined) continue
    const home = join(folder, `cut-${index}`)
    mkdirSync(home)
    disk.layDown(home, survival, random)
    const found = inspectLogbook(join(home, basename(database)), acknowledged)
    if (found.length > 0) wrong.push(`power cut at event ${index} (${survival} survived): ${found.slice(0, 3).join('; ')}`)
    rmSync(home, { recursive: true, force: true })
  }
  return { cuts: moments.size, acknowledged: acknowledged.length, wrong }
}

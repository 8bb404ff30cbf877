// What the station lays down in the province's folder, and the heads of its logbook that are found there: the list that `GET …/heads`
// answers over HTTPS as a file, and the rows themselves, so that neither is needed for the other. What was laid down first stays. Each is
// signed by the station; the public half of its key lies beside them.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { RecordBatch, type StationRecord, type WitnessedHead, WitnessedHeads } from '../../shared/domain/province.ts'
import { dayOf, epochMs } from '../../shared/domain/time.ts'
import { maxBatchBytes, maxHeadsBytes } from '../../shared/province-contract.ts'
import { LinkError, parsedJson } from './adapter.ts'
import { layAside, layDown, namesIn, textOf } from './folder-files.ts'
import { type HeldRow, headsOf, withTold } from './held-heads.ts'
import { signatureBytes, signedText, wasChanged } from './signed-file.ts'
import type { StationKey } from './station-key.ts'

/** Days whose rows are all read again; of an older one the newest file tells its head. */
const daysReadWhole = 2
const seqDigits = 10

export class FolderWitness {
  readonly #base: string
  readonly #station: string
  readonly #stationId: string
  readonly #key: StationKey
  readonly #now: () => number
  /** The head that this process laid down last; it is followed, those of others stay. */
  #own: WitnessedHead | null = null

  /** @param base the province's folder @param now epoch ms */
  constructor(base: string, stationId: string, key: StationKey, now: () => number) {
    this.#base = base
    this.#stationId = stationId
    this.#key = key
    this.#station = folderName(stationId)
    this.#now = now
  }

  /** `stations/<station>.json`: by which key what follows is signed. */
  async introduce(): Promise<void> {
    const { kid, publicKey } = this.#key
    const text = JSON.stringify({ stationId: this.#stationId, kid, publicKey })
    const name = `${this.#station}.json`
    const found = await textOf(join(this.#base, 'stations', name), maxHeadsBytes)
    if (found?.text !== text) await layDown(this.#base, ['stations'], name, text)
  }

  /** `records/<station>/<day>/<newest row>-<key>.json`, then `heads/<station>.json`. */
  async deliver(key: string, batch: string): Promise<'committed' | 'unacceptable'> {
    const { records } = JSON.parse(batch) as RecordBatch
    const newest = newestOf(records)
    if (newest === null || Buffer.byteLength(batch) > maxBatchBytes) return 'unacceptable'
    const folders = ['records', this.#station, dayOf(epochMs(this.#now()))]
    const name = `${String(newest.seq).padStart(seqDigits, '0')}-${folderName(key)}`
    const signed = signedText(batch, this.#key)
    const found = await textOf(join(this.#base, ...folders, `${name}.json`), maxBatchBytes + signatureBytes)
    // Told again with other words: both are kept, and read as a contradiction.
    const free = found === null || found.text === signed ? name : `${name}-${digest(signed)}`
    if (found?.text !== signed) await layDown(this.#base, folders, `${free}.json`, signed)
    await this.#tell({ seq: newest.seq, hash: newest.hash, heldAtMs: epochMs(this.#now()) })
    return 'committed'
  }

  /** All that is found here, whoever laid it down. Rejects with `damaged` where the list is none; asked again the rows alone tell. */
  async heads(): Promise<readonly WitnessedHead[]> {
    return withTold(await this.#told(), await this.#ofRows())
  }

  async #tell(head: WitnessedHead): Promise<void> {
    const own = this.#own
    const sameDay = own !== null && dayOf(own.heldAtMs) === dayOf(head.heldAtMs)
    if (sameDay && own.seq > head.seq) return
    const told = (await this.#told()).filter((one) => !(sameDay && one.seq === own.seq && one.hash === own.hash))
    const text = JSON.stringify({ heads: withTold(told, [head]) })
    await layDown(this.#base, ['heads'], `${this.#station}.json`, signedText(text, this.#key))
    this.#own = head
  }

  async #told(): Promise<readonly WitnessedHead[]> {
    const path = join(this.#base, 'heads', `${this.#station}.json`)
    const found = await textOf(path, maxHeadsBytes + signatureBytes)
    if (found === null) return []
    const told = WitnessedHeads.safeParse(parsedJson(found.text))
    if (told.success && !wasChanged(found.text, this.#key)) return told.data.heads
    await layAside(path)
    throw new LinkError('damaged', `heads/${this.#station}.json is not a list of heads, or not the one that was signed`)
  }

  async #ofRows(): Promise<readonly WitnessedHead[]> {
    const folder = join(this.#base, 'records', this.#station)
    const days = await namesIn(folder)
    const heads: WitnessedHead[] = []
    const held: HeldRow[] = []
    for (const [index, day] of days.entries()) {
      const names = (await namesIn(join(folder, day))).filter((name) => name.endsWith('.json'))
      const whole = index >= days.length - daysReadWhole
      const rows: HeldRow[] = []
      for (const name of whole ? names : names.slice(-1)) rows.push(...(await this.#heldRows(join(folder, day, name))))
      if (whole) held.push(...rows)
      else heads.push(...headsOf(rows))
    }
    return [...heads, ...headsOf(held)]
  }

  /** A file that cannot be read is no witness; its rows are in the logbook. One that was changed under our signature is said. */
  async #heldRows(path: string): Promise<readonly HeldRow[]> {
    const found = await textOf(path, maxBatchBytes + signatureBytes)
    const batch = RecordBatch.safeParse(parsedJson(found?.text ?? ''))
    if (found === null || !batch.success) return []
    if (wasChanged(found.text, this.#key)) {
      await layAside(path)
      throw new LinkError('damaged', `${path} is not the file that was signed`)
    }
    const heldAtMs = epochMs(found.changedMs)
    return batch.data.records.map(({ seq, hash, prevHash, bootId }) => ({ seq, hash, prevHash, bootId, heldAtMs }))
  }
}

function newestOf(records: readonly StationRecord[]): StationRecord | null {
  return records.reduce<StationRecord | null>((newest, row) => (newest === null || row.seq > newest.seq ? row : newest), null)
}

/** As it is where a name may be so; else with a mark, so that two stations never share one. */
function folderName(id: string): string {
  const plain = id.replaceAll(/[^A-Za-z0-9_-]/g, '_')
  return plain === id ? plain : `${plain}-${digest(id)}`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

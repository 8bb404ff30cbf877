// The province's own memory: what it ordered, the files, the stations, and every row they told. Committed means on the disk: a batch is
// one transaction with synchronous=FULL, and a row that comes again is kept once by its id.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type MediaRef, ProvinceItem, type StationRecord, type WitnessedHead } from '../../shared/domain/province.ts'

export interface StationSeen {
  readonly stationId: string
  readonly name: string
  readonly lastContactMs: number | null
  readonly records: number
  readonly headSeq: number | null
  readonly headHash: string | null
  /** Rows that say otherwise than was said before: another row of this number, or on another row before it. A chain that was written anew. */
  readonly contradictions: number
}

export interface StoredRecord {
  readonly entryId: string
  readonly seq: number
  readonly receivedMs: number
  readonly record: StationRecord
}

const schema = `
CREATE TABLE IF NOT EXISTS items (item_id TEXT PRIMARY KEY, changed INTEGER NOT NULL, item TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS stations (station_id TEXT PRIMARY KEY, name TEXT NOT NULL, last_contact_ms INTEGER) STRICT;
CREATE TABLE IF NOT EXISTS media (sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, mime_type TEXT NOT NULL, name TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS records (
  station_id TEXT NOT NULL, entry_id TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, received_ms INTEGER NOT NULL, record TEXT NOT NULL,
  PRIMARY KEY (station_id, entry_id)) STRICT;
CREATE INDEX IF NOT EXISTS records_seq ON records (station_id, seq);
CREATE INDEX IF NOT EXISTS records_boot ON records (station_id, received_ms / 86400000, record ->> 'bootId', seq);
CREATE TABLE IF NOT EXISTS contradictions (
  station_id TEXT NOT NULL, seq INTEGER NOT NULL, entry_id TEXT NOT NULL, hash TEXT NOT NULL, prev_hash TEXT NOT NULL, received_ms INTEGER NOT NULL,
  PRIMARY KEY (station_id, entry_id, hash)) STRICT;
`

export class ProvinceStore {
  readonly #db: Database.Database
  readonly #mediaDir: string

  constructor(folder: string) {
    this.#mediaDir = join(folder, 'media')
    mkdirSync(this.#mediaDir, { recursive: true, mode: 0o700 })
    this.#db = new Database(join(folder, 'province.sqlite'))
    this.#db.pragma('journal_mode = WAL')
    this.#db.pragma('synchronous = FULL')
    this.#db.exec(schema)
  }

  // — what is ordered —

  /** Rises by one and answers the new value. */
  count(name: string, floor = 0): number {
    this.#db
      .prepare('INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value - 1) + 1')
      .run(name, floor + 1)
    return Number(this.#db.prepare('SELECT value FROM counters WHERE name = ?').pluck().get(name))
  }

  items(): ProvinceItem[] {
    const texts = this.#db.prepare<[], string>('SELECT item FROM items ORDER BY changed').pluck().all()
    return texts.map((text) => JSON.parse(text) as ProvinceItem)
  }

  item(itemId: string): ProvinceItem | null {
    const text = this.#db.prepare<[string], string>('SELECT item FROM items WHERE item_id = ?').pluck().get(itemId)
    return text === undefined ? null : (JSON.parse(text) as ProvinceItem)
  }

  put(items: readonly ProvinceItem[]): void {
    const put = this.#db.prepare(
      'INSERT INTO items VALUES (?, ?, ?) ON CONFLICT (item_id) DO UPDATE SET changed = excluded.changed, item = excluded.item',
    )
    const all = this.#db.transaction(() => {
      const changed = this.count('changes')
      for (const item of items) put.run(item.itemId, changed, JSON.stringify(ProvinceItem.parse(item)))
    })
    all.immediate()
  }

  // — files —

  addMedia(bytes: Buffer, name: string, mimeType: string): MediaRef {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    writeFileSync(this.mediaPath(sha256), bytes, { mode: 0o600 })
    this.#db.prepare('INSERT OR REPLACE INTO media VALUES (?, ?, ?, ?)').run(sha256, bytes.length, mimeType, name)
    return { sha256, bytes: bytes.length, mimeType, name }
  }

  mediaPath(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError('not a hash')
    return join(this.#mediaDir, sha256)
  }

  hasMedia(sha256: string): boolean {
    return this.#db.prepare('SELECT 1 FROM media WHERE sha256 = ?').get(sha256) !== undefined
  }

  // — stations —

  addStation(stationId: string, name: string): void {
    this.#db
      .prepare('INSERT INTO stations VALUES (?, ?, NULL) ON CONFLICT (station_id) DO UPDATE SET name = excluded.name')
      .run(stationId, name)
  }

  seen(stationId: string, atMs: number): void {
    this.#db.prepare('UPDATE stations SET last_contact_ms = ? WHERE station_id = ?').run(atMs, stationId)
  }

  /** All on the disk when it returns. What was told first stays; what says otherwise is kept beside it. */
  commit(stationId: string, records: readonly StationRecord[], atMs: number): void {
    const insert = this.#db.prepare('INSERT OR IGNORE INTO records VALUES (?, ?, ?, ?, ?, ?)')
    const contradict = this.#db.prepare('INSERT OR IGNORE INTO contradictions VALUES (?, ?, ?, ?, ?, ?)')
    const otherwise = this.#db.prepare<Record<string, string | number>>(`SELECT 1 FROM records WHERE station_id = @stationId AND (
      (seq = @seq AND hash <> @hash) OR (seq = @seq - 1 AND hash <> @prevHash) OR (seq = @seq + 1 AND record ->> 'prevHash' <> @hash)) LIMIT 1`)
    const all = this.#db.transaction(() => {
      for (const record of records) {
        const { entryId, seq, hash, prevHash } = record
        if (otherwise.get({ stationId, seq, hash, prevHash }) !== undefined) contradict.run(stationId, seq, entryId, hash, prevHash, atMs)
        insert.run(stationId, entryId, seq, hash, atMs, JSON.stringify(record))
      }
    })
    all.immediate()
  }

  /** The newest of each day and each boot, and what stood before every row that contradicted another; oldest first. */
  heads(stationId: string): WitnessedHead[] {
    return this.#db
      .prepare<{ readonly id: string }, WitnessedHead>(
        `SELECT seq, hash, min(received_ms) AS heldAtMs FROM records WHERE station_id = @id AND seq IN (
          SELECT max(seq) FROM records WHERE station_id = @id GROUP BY received_ms / 86400000, record ->> 'bootId'
          UNION SELECT seq FROM contradictions WHERE station_id = @id UNION SELECT seq - 1 FROM contradictions WHERE station_id = @id)
        GROUP BY seq, hash ORDER BY seq DESC LIMIT 1000`,
      )
      .all({ id: stationId })
      .reverse()
  }

  stations(): StationSeen[] {
    return this.#db
      .prepare<[], StationSeen>(
        `SELECT station_id AS stationId, name, last_contact_ms AS lastContactMs,
          (SELECT count(*) FROM records WHERE records.station_id = stations.station_id) AS records,
          (SELECT max(seq) FROM records WHERE records.station_id = stations.station_id) AS headSeq,
          (SELECT hash FROM records WHERE records.station_id = stations.station_id ORDER BY seq DESC LIMIT 1) AS headHash,
          (SELECT count(*) FROM contradictions WHERE contradictions.station_id = stations.station_id) AS contradictions
        FROM stations ORDER BY station_id`,
      )
      .all()
  }

  /** Newest last; at most `limit`, after a sequence of the station. */
  records(stationId: string, afterSeq: number, limit: number): StoredRecord[] {
    return this.#db
      .prepare<[string, number, number], { entry_id: string; seq: number; received_ms: number; record: string }>(
        'SELECT entry_id, seq, received_ms, record FROM records WHERE station_id = ? AND seq > ? ORDER BY seq LIMIT ?',
      )
      .all(stationId, afterSeq, limit)
      .map((row) => ({ entryId: row.entry_id, seq: row.seq, receivedMs: row.received_ms, record: JSON.parse(row.record) as StationRecord }))
  }

  close(): void {
    this.#db.close()
  }
}

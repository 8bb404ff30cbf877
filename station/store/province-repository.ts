// What came from the province and what became of it, each item as the province area wrote it.
import type { ReadConnection, WriteConnection } from './connection.ts'

export interface StoredIncoming {
  readonly itemId: string
  readonly receivedAtMs: number
  /** JSON value; its shape belongs to station/province. */
  readonly incoming: unknown
}

export function createProvinceReader(db: ReadConnection) {
  const all = db.prepare<[], string>('SELECT incoming FROM province_items').pluck()
  return {
    all: (): unknown[] => all.all().map((text) => JSON.parse(text) as unknown),
  }
}

export function createProvinceWriter(db: WriteConnection) {
  const put = db.prepare(
    `INSERT INTO province_items VALUES (?, ?, ?) ON CONFLICT (item_id) DO UPDATE
      SET received_at_ms = excluded.received_at_ms, incoming = excluded.incoming`,
  )
  const remove = db.prepare('DELETE FROM province_items WHERE item_id = ?')
  return {
    put: db.transaction((items: readonly StoredIncoming[]): void => {
      for (const { itemId, receivedAtMs, incoming } of items) put.run(itemId, receivedAtMs, JSON.stringify(incoming))
    }),
    remove: db.transaction((itemIds: readonly string[]): void => {
      for (const itemId of itemIds) remove.run(itemId)
    }),
  }
}

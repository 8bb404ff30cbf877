// Numbered migrations, one SQL file each, numbered with gaps. The number of the last one applied is the database's
// user_version; a database with a number we do not have was written by a newer program and is not touched.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ReadConnection, WriteConnection } from './connection.ts'
import { searchText } from './search-text.ts'
import { StoreRefusal } from './store-refusal.ts'

export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

/** `TRS1`, so that a foreign SQLite file is not taken for ours. */
export const applicationId = 0x54525331

/** Every migration, lowest first. */
export function loadMigrations(): readonly Migration[] {
  const folder = new URL('./migrations/', import.meta.url)
  return readdirSync(fileURLToPath(folder))
    .filter((file) => /^\d{4}-[a-z0-9-]+\.sql$/.test(file))
    .sort()
    .map((file) => ({ version: Number(file.slice(0, 4)), name: file.slice(0, -4), sql: readFileSync(new URL(file, folder), 'utf8') }))
}

/** Refuses a database that is not ours, or that a newer program wrote, before anything in it is changed. */
export function assertOurs(db: ReadConnection, migrations: readonly Migration[]): void {
  const owner = Number(db.pragma('application_id', { simple: true }))
  const tables = Number(db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get())
  if (owner !== applicationId && tables > 0) throw new StoreRefusal('STORE_UNAVAILABLE', { reason: 'not a Trực Sóng database' })
  const found = schemaVersion(db)
  const known = migrations.at(-1)?.version ?? 0
  if (found > known) throw new StoreRefusal('STORE_FROM_FUTURE', { found, known })
}

/** Brings the database to the newest version, each step in a transaction of its own. Answers the names applied. */
export function migrate(db: WriteConnection, migrations: readonly Migration[]): readonly string[] {
  const found = schemaVersion(db)
  const due = migrations.filter((migration) => migration.version > found)
  if (due.length > 0) {
    db.function('folded_text', { deterministic: true, varargs: true }, (subject, actor, ...payloads) =>
      searchText(String(subject), String(actor), payloads as (string | null)[]),
    )
  }
  for (const migration of due) {
    const step = db.transaction(() => {
      db.exec(migration.sql)
      db.pragma(`application_id = ${applicationId}`)
      db.pragma(`user_version = ${migration.version}`)
    })
    step.immediate()
  }
  return due.map((migration) => migration.name)
}

/** True where every migration has been applied: what a reader needs before it prepares its statements. */
export function isCurrent(db: ReadConnection, migrations: readonly Migration[]): boolean {
  return schemaVersion(db) === (migrations.at(-1)?.version ?? 0)
}

function schemaVersion(db: ReadConnection): number {
  return Number(db.pragma('user_version', { simple: true }))
}

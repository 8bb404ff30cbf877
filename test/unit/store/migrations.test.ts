// One test per migration: what it makes, and for each index the plan of the query it was made for. The queries are the product's.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { OperatorError } from '../../../shared/domain/errors.ts'
import { alertSql } from '../../../station/store/alert-repository.ts'
import { cartSql } from '../../../station/store/cart-repository.ts'
import { openWritable, type WriteConnection } from '../../../station/store/connection.ts'
import { logbookSql } from '../../../station/store/logbook-reader.ts'
import { applicationId, assertOurs, loadMigrations, migrate } from '../../../station/store/migrations.ts'
import { reviewSql } from '../../../station/store/review-reader.ts'
import { outboxSql } from '../../../station/store/outbox-repository.ts'
import { rundownSql } from '../../../station/store/rundown-repository.ts'
import { searchQuery } from '../../../station/store/search-text.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openTestStore } from '../../support/test-store.ts'

const migrations = loadMigrations()

/** A database after every migration up to and including this one. */
function migratedTo(version: number): WriteConnection {
  const db = openWritable(join(temporaryFolder('migration'), 'station.sqlite'), () => undefined)
  onTestFinished(() => void db.close())
  migrate(
    db,
    migrations.filter((migration) => migration.version <= version),
  )
  return db
}

const planOf = (db: WriteConnection, sql: string) =>
  db
    .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...Array.from({ length: sql.split('?').length - 1 }, () => 1))
    .map((step) => step.detail)
    .join(' | ')

const tablesOf = (db: WriteConnection) => db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all()

describe('migrations', () => {
  it('are numbered upwards with gaps, one file each, and no file is overlooked', () => {
    const versions = migrations.map((migration) => migration.version)
    expect(versions).toEqual([...versions].sort((a, b) => a - b))
    expect(new Set(versions).size).toBe(versions.length)
    expect(versions.every((version) => version % 10 === 0)).toBe(true)
    expect(migrations).toHaveLength(readdirSync('station/store/migrations').length)
  })

  it('0010 logbook: reads of a day, of what follows, of one entry and of the head each by an index', () => {
    const db = migratedTo(10)
    expect(tablesOf(db)).toEqual(['logbook', 'logbook_head', 'logbook_open'])
    expect(planOf(db, logbookSql.between)).toContain('SEARCH logbook USING INDEX logbook_at (at_ms>? AND at_ms<?')
    expect(planOf(db, logbookSql.after)).toBe('SEARCH logbook USING INTEGER PRIMARY KEY (rowid>?)')
    expect(planOf(db, 'SELECT * FROM logbook WHERE entry_id = ?')).toBe('SEARCH logbook USING INDEX logbook_entry (entry_id=?)')
    expect(planOf(db, logbookSql.headAt)).toBe('SEARCH logbook USING INTEGER PRIMARY KEY (rowid=?)')
    expect(planOf(db, logbookSql.open)).toContain('SEARCH logbook USING INTEGER PRIMARY KEY')
    expect(planOf(db, 'DELETE FROM logbook_open WHERE action_id = ?')).toContain('USING PRIMARY KEY (action_id=?)')
  })

  it('0010 logbook: a row can be neither changed nor deleted by our own hand', () => {
    const db = migratedTo(10)
    db.exec(`INSERT INTO logbook VALUES (1, 'e', 'b', 'stop', 'note', NULL, 1, 1.5, 1, 'a', NULL, 's', NULL, NULL, NULL, 0, 'p', 'h')`)
    expect(() => db.exec(`UPDATE logbook SET subject = 'x'`)).toThrow('append-only')
    expect(() => db.exec('DELETE FROM logbook')).toThrow('append-only')
    expect(() =>
      db.exec(`INSERT INTO logbook SELECT 2, entry_id, boot_id, kind, phase, action_id, at_ms, monotonic_ms, written_at_ms,
      actor, output_id, subject, planned, sent, measured, late, prev_hash, hash FROM logbook`),
    ).toThrow('UNIQUE')
  })

  it('0020 rundown: plan, what became of it, and former plans', () => {
    const db = migratedTo(20)
    expect(tablesOf(db)).toEqual(expect.arrayContaining(['rundown_actuals', 'rundown_days', 'rundown_items', 'rundown_undo']))
  })

  it('0100 item origin: a day in order, and its newest undo, by an index; what was measured before has no origin of its own', () => {
    const db = migratedTo(90)
    db.exec(`INSERT INTO rundown_actuals VALUES ('a', 'aired', NULL, 5, 9)`)
    migrate(db, loadMigrations())
    expect(db.prepare('SELECT actual_start_ms, origin_ms FROM rundown_actuals').get()).toEqual({ actual_start_ms: 5, origin_ms: null })
    expect(planOf(db, rundownSql.items)).toContain('SEARCH rundown_items USING INDEX rundown_items_day (day=?)')
    expect(planOf(db, rundownSql.items)).not.toContain('TEMP B-TREE')
    expect(planOf(db, rundownSql.daysUsing)).toContain('SEARCH rundown_items USING INDEX rundown_items_day (day>?)')
    expect(planOf(db, rundownSql.newestUndo)).toBe('SEARCH rundown_undo USING INDEX rundown_undo_day (day=?)')
  })

  it('0030 carts: by original and by import, by an index', () => {
    const db = migratedTo(30)
    expect(planOf(db, cartSql.bySha256)).toBe('SEARCH carts USING INDEX carts_sha256 (sha256=?)')
    expect(planOf(db, cartSql.all)).toBe('SCAN carts USING INDEX carts_imported')
  })

  it('0040 alerts: newest first by an index', () => {
    expect(planOf(migratedTo(40), alertSql.all)).toBe('SCAN alerts USING INDEX alerts_created')
  })

  it('0090 province: what waits is found by urgency and order, without sorting', () => {
    const db = migratedTo(90)
    expect(tablesOf(db)).toEqual(expect.arrayContaining(['outbox', 'outbox_switch', 'province_items']))
    for (const sql of [outboxSql.urgent, outboxSql.ordinary]) {
      expect(planOf(db, sql)).toContain('INDEX outbox_order (urgency=?)')
      expect(planOf(db, sql)).toContain('SEARCH logbook USING INTEGER PRIMARY KEY (rowid=?)')
      expect(planOf(db, sql)).not.toContain('TEMP B-TREE')
    }
  })

  it('0050 settings: by name', () => {
    const db = migratedTo(50)
    expect(planOf(db, 'SELECT value FROM settings WHERE name = ?')).toBe('SEARCH settings USING PRIMARY KEY (name=?)')
  })

  it('0080 review: what was said about days, what was sent on one, and the search, each by an index; former rows are found too', () => {
    const db = migratedTo(50)
    db.exec(
      `INSERT INTO logbook VALUES (1, 'e', 'b', 'stop', 'note', NULL, 1, 1.5, 1, 'Lò Thị Mai', NULL, 'Đường Hoà Bình', NULL, '{"reason":"lũ quét"}', NULL, 0, 'p', 'h')`,
    )
    migrate(db, migrations)
    const found = (text: string) =>
      db.prepare('SELECT rowid FROM logbook_search WHERE logbook_search MATCH ?').pluck().all(searchQuery(text))
    expect(['duong hòa', 'Đuong', 'mai lu', 'QUÉT'].map((text) => found(text))).toEqual([[1], [1], [1], [1]])
    expect(found('hoa sen')).toEqual([])
    expect(planOf(db, reviewSql.review)).toBe('SEARCH logbook USING INDEX logbook_review (subject>? AND subject<?)')
    expect(planOf(db, reviewSql.facts)).toContain('SEARCH logbook USING INDEX logbook_at (at_ms>? AND at_ms<?)')
    expect(planOf(db, reviewSql.started)).toContain('SEARCH logbook USING INDEX logbook_at (at_ms>? AND at_ms<?)')
    expect(planOf(db, reviewSql.count)).toBe('SEARCH logbook USING COVERING INDEX logbook_at (at_ms>? AND at_ms<?)')
    expect(planOf(db, reviewSql.before)).toBe('SEARCH logbook USING INTEGER PRIMARY KEY (rowid<?)')
    expect(planOf(db, reviewSql.search)).toContain('SEARCH logbook USING INTEGER PRIMARY KEY')
  })

  it('leave no index without a plan above', () => {
    const db = migratedTo(9999)
    const indexes = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name`).pluck().all()
    expect(indexes).toEqual([
      'alerts_created',
      'carts_imported',
      'carts_sha256',
      'logbook_at',
      'logbook_entry',
      'logbook_review',
      'outbox_order',
      'rundown_items_day',
      'rundown_undo_day',
    ])
  })

  it('are applied once: a second opening applies none', () => {
    const db = migratedTo(9999)
    expect(migrate(db, migrations)).toEqual([])
    expect(db.pragma('application_id', { simple: true })).toBe(applicationId)
    expect(() => assertOurs(db, migrations)).not.toThrow()
  })

  it('leave the database as it was when one fails half-way', () => {
    const db = migratedTo(10)
    const broken = { version: 15, name: '0015-broken', sql: 'CREATE TABLE half (a); SELECT nonsense;' }
    expect(() => migrate(db, [broken])).toThrow('nonsense')
    expect(tablesOf(db)).not.toContain('half')
    expect(db.pragma('user_version', { simple: true })).toBe(10)
  })

  it('set on every connection what durability and safety need', () => {
    const db = migratedTo(10)
    const pragma = (name: string) => db.pragma(name, { simple: true })
    expect([
      pragma('journal_mode'),
      pragma('synchronous'),
      pragma('foreign_keys'),
      pragma('trusted_schema'),
      pragma('busy_timeout'),
    ]).toEqual(['wal', 2, 1, 0, 5000])
  })
})

describe('a database that is not ours', () => {
  const refusal = async (prepare: (path: string) => void): Promise<{ error: unknown; journal: unknown }> => {
    const folder = temporaryFolder('refused')
    const path = join(folder, 'station.sqlite')
    prepare(path)
    const error = await openTestStore(folder).then(
      () => null,
      (why: unknown) => why,
    )
    const db = new Database(path)
    const journal = db.pragma('journal_mode', { simple: true })
    db.close()
    return { error, journal }
  }

  it('from a newer program is refused by its own code, and not touched', async () => {
    const { error, journal } = await refusal((path) => {
      const db = new Database(path)
      db.exec('CREATE TABLE t (a)')
      db.pragma(`application_id = ${applicationId}`)
      db.pragma('user_version = 90000')
      db.close()
    })
    expect(error).toBeInstanceOf(OperatorError)
    expect(error).toMatchObject({ code: 'STORE_FROM_FUTURE', detail: { found: 90_000, known: loadMigrations().at(-1)?.version } })
    expect(journal).toBe('delete')
  })

  it('of another program is refused, and not touched', async () => {
    const { error, journal } = await refusal((path) => {
      const db = new Database(path)
      db.exec('CREATE TABLE bookmarks (url)')
      db.close()
    })
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', detail: { reason: 'not a Trực Sóng database' } })
    expect(journal).toBe('delete')
  })
})

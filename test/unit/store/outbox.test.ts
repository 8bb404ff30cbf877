// The outbox over a real file: rows enter in the transaction that writes them, urgent ones leave first, and it stays bounded.
import Database from 'better-sqlite3'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { logEntry } from '../../support/log-entries.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openTestStore } from '../../support/test-store.ts'

describe('the outbox', () => {
  it('holds every row written while there is a province, and none from before', async () => {
    const { logbook, outbox } = await openTestStore(temporaryFolder('outbox'))
    await logbook.append(logEntry({ subject: 'before' }))
    expect(await outbox.state()).toEqual({ waiting: 0, oldestAtMs: null, parked: 0, parkedSeq: null, dropped: 0 })
    await outbox.open(true)
    const row = await logbook.append(logEntry({ subject: 'after' }))
    expect(await outbox.next(10)).toEqual([row])
    expect(await outbox.state()).toMatchObject({ waiting: 1, oldestAtMs: row.atMs })
    await outbox.committed([row.seq])
    expect(await outbox.next(10)).toEqual([])
  })

  it('N1: alerts leave newest first, then everything in order', async () => {
    const { logbook, outbox } = await openTestStore(temporaryFolder('outbox'))
    await outbox.open(true)
    for (const kind of ['item.aired', 'cutin', 'device.status', 'stop', 'item.missed'] as const)
      await logbook.append(logEntry({ kind, phase: 'note' }))
    expect((await outbox.next(10)).map((row) => row.kind)).toEqual(['stop', 'cutin', 'item.aired', 'device.status', 'item.missed'])
    expect((await outbox.next(3)).map((row) => row.kind)).toEqual(['stop', 'cutin', 'item.aired'])
  })

  it('N1: is bounded: the oldest that are not urgent are given up and counted; the rows stay in the logbook', async () => {
    const { logbook, outbox } = await openTestStore(temporaryFolder('outbox'))
    await outbox.open(true)
    for (const kind of ['item.aired', 'cutin', 'device.status', 'item.missed'] as const)
      await logbook.append(logEntry({ kind, phase: 'note' }))
    expect(await outbox.trim(2)).toBe(2)
    expect((await outbox.next(10)).map((row) => row.kind)).toEqual(['cutin', 'item.missed'])
    expect(await outbox.state()).toMatchObject({ waiting: 2, dropped: 2 })
    expect(await logbook.rows({ afterSeq: -1 })).toHaveLength(4)
  })

  it('keeps a parked row apart, for a person', async () => {
    const { logbook, outbox } = await openTestStore(temporaryFolder('outbox'))
    await outbox.open(true)
    const { seq } = await logbook.append(logEntry({}))
    await outbox.park(seq, 'unacceptable')
    expect(await outbox.next(10)).toEqual([])
    expect(await outbox.state()).toMatchObject({ waiting: 0, parked: 1, parkedSeq: seq })
    expect(await outbox.unpark('another reason')).toBe(0)
    expect(await outbox.unpark('unacceptable')).toBe(1)
    expect(await outbox.next(10)).toHaveLength(1)
    await outbox.park(seq, 'unacceptableAgain')
    expect([await outbox.unpark('unacceptable'), await outbox.unpark(null), await outbox.unpark(null)]).toEqual([0, 1, 0])
    expect(await outbox.state()).toMatchObject({ waiting: 1, parked: 0, parkedSeq: null })
  })

  it('a row that is rolled back is in no outbox', async () => {
    const folder = temporaryFolder('outbox')
    const { logbook, outbox } = await openTestStore(folder)
    await outbox.open(true)
    await logbook.append(logEntry({}))
    const db = new Database(join(folder, 'station.sqlite'))
    db.exec(`BEGIN; INSERT INTO logbook SELECT seq + 1, 'e', boot_id, kind, phase, action_id, at_ms, monotonic_ms, written_at_ms, actor,
      output_id, subject, planned, sent, measured, late, prev_hash, hash FROM logbook`)
    expect(db.prepare('SELECT count(*) FROM outbox').pluck().get()).toBe(2)
    db.exec('ROLLBACK')
    expect(db.prepare('SELECT count(*) FROM outbox').pluck().get()).toBe(1)
    db.close()
  })
})

// C6 in a running station: the store writes on while somebody works on its file, and each minute's check finds it.
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { ChainVerdict } from '../../../shared/domain/logbook.ts'
import { ChainWatch } from '../../../station/logbook/index.ts'
import { logEntry } from '../../support/log-entries.ts'
import { rewriteAll } from '../../support/rewrite-chain.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openTestStore } from '../../support/test-store.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

async function running() {
  const folder = temporaryFolder('chain-watch')
  const store = await openTestStore(folder)
  const verdicts: ChainVerdict[] = []
  const clock = new VirtualClock()
  const watch = new ChainWatch({
    clock,
    verifySlice: store.logbook.verifySlice,
    onVerdict: (verdict) => verdicts.push(verdict),
    onError: (error) => expect.fail(String(error)),
  })
  const write = async (count: number) => {
    for (let index = 0; index < count; index += 1) watch.written(await store.logbook.append(logEntry({ subject: `hàng ${index}` })))
  }
  await write(12)
  await watch.round()
  await write(3)
  await watch.round()
  expect(verdicts.splice(0).map((verdict) => verdict.ok)).toEqual([true, true])
  const tamper = (change: (db: Database.Database) => void) => {
    const db = new Database(join(folder, 'station.sqlite'))
    db.exec('DROP TRIGGER logbook_no_update; DROP TRIGGER logbook_no_delete')
    change(db)
    db.close()
  }
  const found = async () => {
    await watch.round()
    return verdicts.at(-1)
  }
  return { folder, store, clock, watch, write, tamper, found, verdicts }
}

test('an edited row, a deleted row, a cut tail: the first bad row is named', async () => {
  const edited = await running()
  edited.tamper((db) => db.exec(`UPDATE logbook SET subject = 'khác' WHERE seq = 4`))
  expect(await edited.found()).toMatchObject({ ok: false, firstBadSeq: 4 })
  const deleted = await running()
  deleted.tamper((db) => db.exec('DELETE FROM logbook WHERE seq = 7'))
  expect(await deleted.found()).toMatchObject({ ok: false, firstBadSeq: 7 })
  const cut = await running()
  cut.tamper((db) =>
    db.exec('DELETE FROM logbook WHERE seq > 9; UPDATE logbook_head SET seq = 9, hash = (SELECT hash FROM logbook WHERE seq = 9)'),
  )
  expect(await cut.found()).toMatchObject({ ok: false, firstBadSeq: 10 })
})

test('a chain re-hashed from end to end with every seal in the folder is still not the one that was seen', async () => {
  const { folder, store, tamper, found } = await running()
  const rows = await store.logbook.rows({ afterSeq: 0 })
  tamper((db) =>
    rewriteAll(
      folder,
      db,
      rows.map((row) => (row.seq === 3 ? { ...row, subject: 'chưa từng có' } : row)),
    ),
  )
  expect(await store.logbook.verify()).toMatchObject({ ok: true })
  expect(await found()).toMatchObject({ ok: false, reason: expect.stringMatching(/rewritten|replaced/) })
})

test('a chain re-hashed before this watch saw any of it is not the one that the province holds', async () => {
  const { folder, store, clock, tamper } = await running()
  const rows = await store.logbook.rows({ afterSeq: 0 })
  const verdicts: ChainVerdict[] = []
  const fresh = new ChainWatch({
    clock,
    verifySlice: store.logbook.verifySlice,
    onVerdict: (verdict) => verdicts.push(verdict),
    onError: (error) => expect.fail(String(error)),
  })
  fresh.witness({ seq: 9, hash: rows[8]?.hash ?? '' })
  // An older acknowledgement that comes late is no head.
  fresh.witness({ seq: 2, hash: 'f'.repeat(64) })
  tamper((db) =>
    rewriteAll(
      folder,
      db,
      rows.map((row) => (row.seq === 3 ? { ...row, subject: 'chưa từng có' } : row)),
    ),
  )
  await fresh.round()
  expect(verdicts.at(-1)).toMatchObject({ ok: false, firstBadSeq: 9, reason: expect.stringContaining('the province') })
})

test('somebody asks: the whole chain is passed at once against all that was seen, and a broken one is told like a minute’s', async () => {
  const asked = await running()
  expect(await asked.watch.whole()).toMatchObject({ ok: true, rows: 15, headSeq: 15 })
  expect(asked.verdicts.splice(0)).toMatchObject([{ ok: true, rows: 15 }])
  const rows = await asked.store.logbook.rows({ afterSeq: 0 })
  asked.tamper((db) =>
    rewriteAll(
      asked.folder,
      db,
      rows.map((row) => (row.seq === 3 ? { ...row, subject: 'chưa từng có' } : row)),
    ),
  )
  expect(await asked.watch.whole()).toMatchObject({ ok: false, firstBadSeq: 12, reason: expect.stringContaining('an earlier check') })
  expect(asked.verdicts).toMatchObject([{ ok: false }])
})

test('checked every minute and never with a false alarm while rows are being written', async () => {
  const { clock, watch, write, store } = await running()
  watch.start()
  const writing = write(200)
  for (let minute = 0; minute < 5; minute += 1) await clock.advance(60_000)
  await writing
  watch.close()
  expect(clock.pendingTimers).toBe(0)
  await watch.round()
  expect(await store.logbook.verify()).toMatchObject({ ok: true, rows: 215 })
})

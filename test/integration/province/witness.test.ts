// C6 from outside: the province holds heads of the station's logbook. A chain written anew while everything was switched off, with every
// seal in the folder made to fit, is found by them after restarts of both: by those the station kept, and, where these were taken out
// as well, by those the province tells.
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import type { ProvinceSlice } from '../../../shared/domain/province.ts'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import { fromColumns, type LogbookColumns } from '../../../station/store/logbook-rows.ts'
import { ProvinceServer } from '../../support/province-server.ts'
import { rewriteAll } from '../../support/rewrite-chain.ts'
import { jsonLines, runCli } from '../../support/run-cli.ts'
import { StationRig } from '../../support/station-rig.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

it('C6: a whole chain hashed anew while everything was off is found by the province’s heads, kept and told', async () => {
  const home = temporaryFolder('province')
  let province = await ProvinceServer.start(home)
  onTestFinished(() => province.stop())
  const rig = await StationRig.open({ config: { province: province.config() } })
  onTestFinished(() => rig.close())
  const broken = async () => (await rig.alarms()).find((alarm) => alarm.code === 'CHAIN_BROKEN')
  const tampered = (change: (db: Database.Database) => void) => {
    const db = new Database(join(rig.dir, 'station.sqlite'))
    change(db)
    db.close()
  }
  await rig.until('everything is told', 20_000, async () => {
    const { outbox } = await rig.station.api<ProvinceSlice>('GET', '/province')
    return outbox.lastCommittedAtMs !== null && outbox.waiting === 0
  })
  await rig.station.stop()
  await province.stop()
  // Both start again as they were: nobody is accused.
  province = await ProvinceServer.start(home)
  await rig.restart()
  await rig.until('everything is told', 20_000, async () => {
    const { outbox, link } = await rig.station.api<ProvinceSlice>('GET', '/province')
    return link.state === 'ok' && outbox.lastCommittedAtMs !== null && outbox.waiting === 0
  })
  expect(await broken()).toBeUndefined()
  expect((await province.state()).stations[0]?.contradictions).toBe(0)
  await rig.station.stop()
  await province.stop()

  tampered((db) => {
    const untold = db.prepare<[], number>('SELECT seq FROM outbox').pluck().all()
    db.exec('DROP TRIGGER logbook_no_update; DROP TRIGGER logbook_no_delete; DELETE FROM outbox')
    const told: readonly LogRow[] = db.prepare<[], LogbookColumns>('SELECT * FROM logbook ORDER BY seq').all().map(fromColumns)
    rewriteAll(
      rig.dir,
      db,
      told.map((row) => (row.seq === 2 ? { ...row, subject: 'chưa từng có' } : row)),
    )
    // Only what was not told yet is told, as if nothing had been done.
    db.exec(`DELETE FROM outbox WHERE seq NOT IN (${untold.join()})`)
  })
  await rig.restart()
  await rig.until('the heads that were kept do not fit', 20_000, async () => (await broken()) !== undefined)
  expect(String((await broken())?.params['reason'])).toContain('the province')
  await rig.station.stop()

  // Whoever can do that can take them out as well: then nothing in the folder tells.
  tampered((db) => db.exec(`DELETE FROM settings WHERE name = 'province.heads'`))
  expect(jsonLines(await runCli('logbook', 'verify', rig.dir))).toMatchObject([{ ok: true }])
  province = await ProvinceServer.start(home)
  await rig.restart()
  await rig.until('the heads that are told do not fit', 20_000, async () => (await broken()) !== undefined)
  expect(String((await broken())?.params['reason'])).toContain('the province')
  // What is told from now on does not stand on what was told before: the province sees it too.
  await rig.until('the province sees it', 20_000, async () => ((await province.state()).stations[0]?.contradictions ?? 0) > 0)
}, 120_000)

// C6 from outside: the province holds heads of the station's logbook. A chain written anew while everything was switched off, with every
// seal in the folder made to fit, is found by them after restarts of both: by those the station kept, and, where these were taken out
// as well, by those the province tells: a server over HTTPS, or a folder that was carried away and came back.
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import type { ProvinceSlice } from '../../../shared/domain/province.ts'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import { fromColumns, type LogbookColumns } from '../../../station/store/logbook-rows.ts'
import { recordsIn } from '../../support/province-folder.ts'
import { ProvinceServer } from '../../support/province-server.ts'
import { rewriteAll } from '../../support/rewrite-chain.ts'
import { jsonLines, runCli } from '../../support/run-cli.ts'
import { manifestOf, signingKey, signManifest } from '../../support/signed-manifests.ts'
import { StationRig } from '../../support/station-rig.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** Whoever holds rows of the station's logbook outside of it. */
interface Holder {
  readonly config: object
  away(): Promise<void>
  back(): Promise<void>
  /** Rows that it was told and that do not stand on each other. */
  contradictions(): Promise<number>
}

async function aServer(): Promise<Holder> {
  const home = temporaryFolder('province')
  let province = await ProvinceServer.start(home)
  onTestFinished(() => province.stop())
  return {
    config: province.config(),
    away: () => province.stop(),
    async back() {
      province = await ProvinceServer.start(home)
    },
    contradictions: async () => (await province.state()).stations[0]?.contradictions ?? 0,
  }
}

function aFolder(): Promise<Holder> {
  const stick = temporaryFolder('stick')
  const key = signingKey()
  writeFileSync(join(stick, 'manifest.jws'), signManifest(key, manifestOf(Date.now())))
  return Promise.resolve({
    config: { adapter: 'folder', folder: stick, trustedKeys: [{ kid: key.kid, publicKey: key.publicKey }] },
    away: () => Promise.resolve(renameSync(stick, `${stick}-away`)),
    back: () => Promise.resolve(renameSync(`${stick}-away`, stick)),
    contradictions() {
      const rows = recordsIn(stick)
      const other = rows.filter((row) => rows.some(({ seq, hash }) => seq === row.seq - 1 && hash !== row.prevHash))
      return Promise.resolve(other.length)
    },
  })
}

it.each([
  ['a server', aServer],
  ['a folder', aFolder],
])(
  'C6: a whole chain hashed anew while everything was off is found by the heads that %s holds, kept and told',
  async (_what, open) => {
    const province = await open()
    const rig = await StationRig.open({ config: { province: province.config } })
    onTestFinished(() => rig.close())
    const broken = async () => (await rig.alarms()).find((alarm) => alarm.code === 'CHAIN_BROKEN')
    const tampered = (change: (db: Database.Database) => void) => {
      const db = new Database(join(rig.dir, 'station.sqlite'))
      change(db)
      db.close()
    }
    const everythingIsTold = () =>
      rig.until('everything is told', 20_000, async () => {
        await rig.station.api('POST', '/province/pull', {})
        const { outbox, link } = await rig.station.api<ProvinceSlice>('GET', '/province')
        return link.state === 'ok' && outbox.lastCommittedAtMs !== null && outbox.waiting === 0
      })
    await everythingIsTold()
    await rig.station.stop()
    await province.away()
    // Both start again as they were: nobody is accused.
    await province.back()
    await rig.restart()
    await everythingIsTold()
    expect(await broken()).toBeUndefined()
    expect(await province.contradictions()).toBe(0)
    await rig.station.stop()
    await province.away()

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
    await province.back()
    await rig.restart()
    await rig.until('the heads that are told do not fit', 20_000, async () => (await broken()) !== undefined)
    expect(String((await broken())?.params['reason'])).toContain('the province')
    // What is told from now on does not stand on what was told before: the province sees it too.
    await rig.until('the province sees it', 20_000, async () => (await province.contradictions()) > 0)
  },
  120_000,
)

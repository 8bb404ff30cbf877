// C6 in a whole station: every minute somebody looks, whoever asked for it or not; what was found broken is an alarm that names the row
// and that nothing clears.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { AlarmsService } from '../../../station/health/index.ts'
import { LogFacts } from '../../../station/house/log-facts.ts'
import { watchChain } from '../../../station/house/supervision.ts'
import { LogbookService } from '../../../station/logbook/index.ts'
import { logEntry } from '../../support/log-entries.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openTestStore } from '../../support/test-store.ts'
import { until } from '../../support/until.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

/** A logbook of five rows that is watched from the first on; `work` is done to its file as somebody at the computer would. */
async function watched() {
  const folder = temporaryFolder('chain-alarm')
  const store = await openTestStore(folder)
  const clock = new VirtualClock()
  const logbook = new LogbookService({ store: store.logbook, bootId: 'boot-1', clock, onTrouble: (error) => expect.fail(error.message) })
  const raised: string[] = []
  const quiet = () => undefined
  const alarms = new AlarmsService(clock, {
    onChanged: quiet,
    onRaised: ({ code, params }) => raised.push(`${code} ${params['seq']}`),
    onCleared: ({ code }) => raised.push(`${code} cleared`),
    onAcknowledged: quiet,
  })
  const facts = await LogFacts.read(store.logbook, clock)
  const log = { info: quiet, warn: quiet, error: (detail: object) => expect.fail(JSON.stringify(detail)) } as never
  const watch = watchChain({ clock, log, store, logbook, alarms, facts, onChanged: quiet })
  onTestFinished(() => watch.close())
  await until('the chain was passed at the start', () => facts.chainOk === true)
  for (let index = 1; index <= 5; index += 1) await logbook.note(logEntry({ subject: `hàng ${index}` }))
  const work = (change: (db: Database.Database) => void) => {
    const db = new Database(join(folder, 'station.sqlite'))
    db.exec('DROP TRIGGER IF EXISTS logbook_no_update; DROP TRIGGER IF EXISTS logbook_no_delete')
    change(db)
    db.close()
  }
  return { folder, clock, watch, facts, raised, work }
}

test('C6: a row changed under a running station is the alarm of the next minute, names the row, and stands', async () => {
  const { clock, watch, facts, raised, work } = await watched()
  work((db) => db.exec(`UPDATE logbook SET subject = 'khác' WHERE seq = 3`))
  await clock.advance(59_999)
  expect([facts.chainOk, raised]).toEqual([true, []])
  await clock.advance(1)
  await until('it is found', () => facts.chainOk === false)
  // Put back as it was, it was changed no less.
  work((db) => db.exec(`UPDATE logbook SET subject = 'hàng 3' WHERE seq = 3`))
  expect(await watch.whole()).toMatchObject({ ok: true })
  expect([facts.chainOk, raised]).toEqual([false, ['CHAIN_BROKEN 3']])
})

test('C6: a newest row that is taken away with every seal in the folder is missed by the station that wrote it', async () => {
  const { folder, clock, facts, raised, work } = await watched()
  work((db) => {
    db.exec('DELETE FROM logbook WHERE seq = 5; UPDATE logbook_head SET seq = 4, hash = (SELECT hash FROM logbook WHERE seq = 4)')
    const head = db.prepare('SELECT seq, hash FROM logbook WHERE seq = 4').get()
    writeFileSync(join(folder, 'logbook-head.json'), JSON.stringify(head))
  })
  await clock.advance(60_000)
  await until('it is found', () => facts.chainOk === false)
  expect(raised).toEqual(['CHAIN_BROKEN 5'])
})

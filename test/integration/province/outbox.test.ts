// What the station tells: kept through days without a link, through answers that get lost, and through a province that dies at the worst
// moment; each row there once.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../shared/domain/clock.ts'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import { hashRow } from '../../../station/logbook/index.ts'
import { createLink } from '../../../station/province/link.ts'
import { filesIn, recordsIn } from '../../support/province-folder.ts'
import { folderSettings, linkSettings, openProvinceStation, openTestLink } from '../../support/province-station.ts'
import { logEntry, sealedRows } from '../../support/log-entries.ts'
import { ProvinceServer } from '../../support/province-server.ts'
import { bulletinOf } from '../../support/signed-manifests.ts'
import { going, hour, media, minute, stubbed } from '../../support/stub-province.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openTestStore } from '../../support/test-store.ts'
import { until } from '../../support/until.ts'

describe('N1: seven days without a link', () => {
  it('local work goes on, one alarm is raised, and everything is back in step without a person', async () => {
    const { clock, province, station, today, titles, is, inStep } = await stubbed()
    province.publish(bulletinOf('truoc', clock.now(), { media: media('truoc') }))
    await station.service.start()
    await is('truoc', 'offered')
    await going(clock, 'told', () => province.held.length > 0)
    province.away = true
    const pullsBefore = province.pulls
    const unreachable = () => station.raised.filter((alarm) => alarm.code === 'PROVINCE_UNREACHABLE').length
    await clock.advance(13 * minute)
    expect(unreachable(), 'a line that is down for a while is no alarm').toBe(0)
    await clock.advance(3 * minute)
    expect(unreachable()).toBe(1)
    for (let step = 0; step < 7 * 24; step++) {
      await station.note({ kind: step % 24 === 5 ? 'cutin' : 'item.aired', subject: `giờ ${step}` })
      await clock.advance(hour)
    }
    await station.service.place('truoc', { day: today, start: { kind: 'follow' } })
    expect(titles()).toEqual(['Bản tin truoc'])
    expect(unreachable(), 'one, not five hundred').toBe(1)
    // Backed off: about one look a minute, not one a second.
    expect(province.pulls - pullsBefore).toBeLessThan(7 * 24 * 60 * 1.5)
    const slice = station.service.slice()
    expect(slice.link).toMatchObject({ state: 'unreachable', reason: 'unreachable' })
    const before = province.held.length
    province.away = false
    province.publish(bulletinOf('sau', clock.now(), { media: media('sau') }))
    await clock.advance(2 * minute)
    await inStep()
    await is('sau', 'offered')
    await going(clock, 'everything is told', () => province.held.length - before >= 7 * 24)
    await going(clock, 'nothing waits', () => station.service.slice().outbox.waiting === 0)
    const told = province.held.slice(before)
    expect(new Set(told.map((row) => row.entryId)).size).toBe(told.length)
    const cuts = told.filter((row) => row.kind === 'cutin').map((row) => row.subject)
    expect(cuts).toEqual(['giờ 149', 'giờ 125', 'giờ 101', 'giờ 77', 'giờ 53', 'giờ 29', 'giờ 5'])
    const aired = told.filter((row) => row.kind === 'item.aired').map((row) => row.seq)
    expect(aired).toEqual([...aired].sort((a, b) => a - b))
    expect(station.alarms.views().map((alarm) => alarm.code)).not.toContain('PROVINCE_UNREACHABLE')
  })
})

describe('N9: the province keeps each row once', () => {
  const realStation = async (province: ProvinceServer, folder = temporaryFolder('province-area')) => {
    const store = await openTestStore(folder)
    const station = await openProvinceStation({
      folder,
      clock: systemClock,
      store,
      openLink: (events) => createLink(linkSettings(province, folder), events),
    })
    await station.service.start()
    return station
  }
  const told = async (station: Awaited<ReturnType<typeof realStation>>, atLeast: number) => {
    await until(
      'told',
      () => station.service.slice().outbox.waiting === 0 && station.service.slice().outbox.lastCommittedAtMs !== null,
      40_000,
    )
    expect(await station.store.outbox.next(10)).toEqual([])
    expect(atLeast).toBeGreaterThan(0)
  }

  it('N9: answers lost ten times over lose nothing and double nothing', async () => {
    const province = await ProvinceServer.start(temporaryFolder('province'))
    onTestFinished(() => province.stop())
    const station = await realStation(province)
    await until('in step', () => station.service.slice().link.state === 'ok')
    await province.turn({ loseAnswers: 10 })
    for (let row = 0; row < 300; row++) await station.note({ kind: 'item.aired', subject: `mục ${row}` })
    // The pauses between attempts are the machine's own; the link being found again cuts them short, as it does in life.
    const rung = setInterval(() => station.service.pullNow(), 300)
    await told(station, 300)
    clearInterval(rung)
    const rows = await province.records()
    expect(rows.filter((row) => row.kind === 'item.aired')).toHaveLength(300)
    expect(new Set(rows.map((row) => row.entryId)).size).toBe(rows.length)
    expect((await province.state()).stations[0]?.contradictions).toBe(0)
    expect((await province.turn({})).loseAnswers).toBe(0)
  })

  it('C6: a row that was changed while it waited is told as it stands, under the hash it was sealed with, and holds up nothing', async () => {
    const province = await ProvinceServer.start(temporaryFolder('province'))
    onTestFinished(() => province.stop())
    const folder = temporaryFolder('province-area')
    const before = await openTestStore(folder)
    await before.outbox.open(true)
    const rows = await Promise.all([1, 2, 3].map((index) => before.logbook.append(logEntry({ subject: `hàng ${index}`, sent: { index } }))))
    await before.close()
    const db = new Database(join(folder, 'station.sqlite'))
    db.exec(`DROP TRIGGER logbook_no_update; UPDATE logbook SET sent = '{"index' WHERE seq = 2`)
    db.close()
    const station = await realStation(province, folder)
    await told(station, 3)
    const records = (await province.records()).sort((a, b) => a.seq - b.seq)
    expect(records.slice(0, 3)).toEqual(rows.with(1, { ...rows[1]!, sent: { unreadable: '{"index' } }))
    expect(records.slice(0, 3).map((row) => hashRow(row as LogRow) === row.hash)).toEqual([true, false, true])
    expect(await station.store.outbox.state()).toMatchObject({ parked: 0 })
  })

  it('N9: told once more, by another boot too, the same rows are the same batch: in a folder one file', async () => {
    const folder = temporaryFolder('stick')
    writeFileSync(join(folder, 'manifest.jws'), 'of a province')
    const rows = sealedRows(4)
    for (const told of [rows, rows, sealedRows(4, { fromSeq: 5, prevHash: rows.at(-1)?.hash ?? '' })])
      expect(await openTestLink(folderSettings(folder, temporaryFolder('own'), [])).deliver(told)).toBe('committed')
    expect(filesIn(join(folder, 'records'))).toHaveLength(2)
    expect(recordsIn(folder).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('a row that is none is refused as one (400), so that it is parked and the rest goes on', async () => {
    const province = await ProvinceServer.start(temporaryFolder('province'))
    onTestFinished(() => province.stop())
    const link = openTestLink(linkSettings(province, temporaryFolder('link')))
    expect(await link.deliver([{ seq: 1, subject: 'không phải một dòng' } as unknown as LogRow])).toBe('unacceptable')
  })

  it('N9: killed between its commit and its answer, the province comes back with every row once', async () => {
    const folder = temporaryFolder('province')
    const first = await ProvinceServer.start(folder)
    const station = await realStation(first)
    await until('in step', () => station.service.slice().link.state === 'ok')
    await first.turn({ dieAfterCommit: true })
    for (let row = 0; row < 50; row++) await station.note({ kind: 'item.aired', subject: `mục ${row}` })
    await first.gone()
    const second = await ProvinceServer.start(folder)
    onTestFinished(() => second.stop())
    expect(second.ready.url).toBe(first.ready.url)
    await until('rows wait or are told', () => station.service.slice().outbox.waiting > 0 || station.service.slice().link.state === 'ok')
    const rung = setInterval(() => station.service.pullNow(), 300)
    await until('told', () => station.service.slice().outbox.waiting === 0, 40_000)
    clearInterval(rung)
    const rows = await second.records()
    expect(rows.filter((row) => row.kind === 'item.aired')).toHaveLength(50)
    expect(new Set(rows.map((row) => row.seq)).size).toBe(rows.length)
  })
})

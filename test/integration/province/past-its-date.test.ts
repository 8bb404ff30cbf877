// The end of what stands in the rundown: of a session that has begun the parts to come can still be changed, taken back and grow too old;
// what a person placed or moved is never taken out for its date without a question. Over a real store and the real rundown.
import { describe, expect, it } from 'vitest'
import { OutputId } from '../../../shared/domain/ids.ts'
import { ProvinceItem, type ProvinceSession } from '../../../shared/domain/province.ts'
import type { EpochMs } from '../../../shared/domain/time.ts'
import { bulletinOf } from '../../support/signed-manifests.ts'
import { going, media, minute, stubbed } from '../../support/stub-province.ts'

const main = OutputId.parse('main')

describe('a session that has begun', () => {
  const begun = async (change: Partial<ProvinceSession> = {}) => {
    const rig = await stubbed()
    const { clock, province, station, today, is, inStep } = rig
    const session = ProvinceItem.parse({
      kind: 'session',
      itemId: 'phien',
      revision: 1,
      title: 'Phiên trưa',
      expiresAtMs: null,
      withdrawn: false,
      startMs: clock.now() + minute,
      hard: false,
      parts: ['Một', 'Hai', 'Ba'].map((title) => ({ title, contentType: 'speech', media: media(title) })),
      ...change,
    }) as ProvinceSession
    province.publish(session)
    await station.service.start()
    await is('phien', 'placed')
    const rows = () => station.schedule.view(today).items
    const start = (index: number) => {
      const { itemId } = rows()[index]?.item ?? {}
      if (itemId === undefined) throw new Error(`no row ${index}`)
      station.schedule.itemStarted(main, itemId, clock.now(), 0)
    }
    await clock.advance(minute)
    start(0)
    await clock.advance(10_000)
    const tell = async (next: ProvinceItem) => {
      province.publish(next)
      station.service.pullNow()
      await inStep()
    }
    return { ...rig, session, rows, start, tell }
  }

  it('is not over at its first part: taken back, the parts to come are taken out and the one on air stays', async () => {
    const { session, stateOf, titles, tell, is, clock } = await begun()
    expect(stateOf('phien')).toBe('placed')
    await tell({ ...session, revision: 2, withdrawn: true })
    await is('phien', 'withdrawn')
    await going(clock, 'the rest is out', () => titles().length === 1)
    expect(titles()).toEqual(['Một'])
  })

  it('changed in the middle is put to a person; taken, what was on air stays and nothing is aired twice', async () => {
    const { session, station, titles, rows, tell, is, start, clock } = await begun()
    const parts = [...session.parts.slice(0, 2), { title: 'Ba mới', contentType: 'speech' as const, media: media('Ba mới') }]
    await tell({ ...session, revision: 2, parts })
    await is('phien', 'conflict')
    expect(titles()).toEqual(['Một', 'Hai', 'Ba'])
    await going(clock, 'its recording is here', () => station.service.slice().media.waiting === 0)
    await station.service.resolve('phien', 'theirs')
    await going(clock, 'exchanged', () => titles()[2] === 'Ba mới')
    expect(titles()).toEqual(['Một', 'Hai', 'Ba mới'])
    expect(rows().map((row) => [row.item.start.kind, row.actualStartMs !== null])).toEqual([
      ['soft', true],
      ['follow', false],
      ['follow', false],
    ])
    start(1)
    await clock.advance(10_000)
    await is('phien', 'placed')
    start(2)
    await is('phien', 'aired')
  })

  it('past its end in the middle, the parts to come are not aired any more', async () => {
    const { stateOf, titles, clock } = await begun({ expiresAtMs: (Date.UTC(2026, 7, 1, 1, 0, 0) + 2 * minute) as EpochMs })
    expect(stateOf('phien')).toBe('placed')
    await clock.advance(minute)
    await going(clock, 'the rest is out', () => titles().length === 1)
    expect(stateOf('phien')).toBe('expired')
  })

  it('T1: ended by a clock that was ahead for a moment, its parts to come are behind the begun one again', async () => {
    const { stateOf, titles, clock, is, rows } = await begun({ expiresAtMs: (Date.UTC(2026, 7, 1, 1, 0, 0) + 1.5 * minute) as EpochMs })
    clock.jumpWall(minute / 2)
    await clock.advance(5000)
    await going(clock, 'the rest is out', () => titles().length === 1)
    expect(stateOf('phien')).toBe('expired')
    clock.jumpWall(-minute / 2)
    await is('phien', 'placed')
    expect(titles()).toEqual(['Một', 'Hai', 'Ba'])
    expect(rows().map((row) => row.actualStartMs !== null)).toEqual([true, false, false])
  })
})

describe('past its date', () => {
  const placed = async () => {
    const rig = await stubbed()
    const { clock, province, station, today, is } = rig
    const ends = (itemId: string, change: object = {}) =>
      bulletinOf(itemId, clock.now(), { media: media(itemId), expiresAtMs: (clock.now() + 10 * minute) as EpochMs, ...change })
    province.publish(ends('chon'), ends('tu-vao', { class: 'priority' }), ends('doi', { class: 'priority' }))
    await station.service.start()
    await is('chon', 'offered')
    await is('tu-vao', 'placed')
    await is('doi', 'placed')
    const later = { kind: 'hard', atMs: (clock.now() + 30 * minute) as EpochMs } as const
    await station.service.place('chon', { day: today, start: later })
    const row = station.schedule.view(today).items.find((one) => one.item.origin?.provinceItemId === 'doi')
    if (row === undefined) throw new Error('no row')
    await station.schedule.edits.move(today, row.item.itemId, 2)
    await clock.advance(11 * minute)
    await is('tu-vao', 'expired')
    await going(clock, 'it is taken out', () => rig.titles().length === 2)
    const shown = (itemId: string) => station.service.slice().incoming.find((one) => one.item.itemId === itemId)
    return { ...rig, shown }
  }

  it('what went in by itself is taken out; what a person placed or moved stays, side by side, with one alarm', async () => {
    const { station, titles, shown } = await placed()
    expect(titles().sort()).toEqual(['Bản tin chon', 'Bản tin doi'])
    for (const itemId of ['chon', 'doi'])
      expect(shown(itemId)).toMatchObject({ state: 'conflict', reason: 'expiredAbove', taken: { itemId } })
    expect(station.raised.filter((alarm) => alarm.code === 'PROVINCE_DECISION')).toHaveLength(1)
  })

  it('T1: by a clock that was ahead for a moment only, it is back: what went in by itself in the rundown, the others offered', async () => {
    const { clock, province, station, titles, is, stateOf } = await stubbed()
    const ends = (itemId: string, change: object = {}) =>
      bulletinOf(itemId, clock.now(), { media: media(itemId), expiresAtMs: (clock.now() + 60 * minute) as EpochMs, ...change })
    province.publish(ends('chon'), ends('tu-vao', { class: 'priority' }))
    await station.service.start()
    await is('chon', 'offered')
    await is('tu-vao', 'placed')
    clock.jumpWall(120 * minute)
    await clock.advance(5000)
    await going(clock, 'it is taken out', () => titles().length === 0)
    expect([stateOf('chon'), stateOf('tu-vao')]).toEqual(['expired', 'expired'])
    clock.jumpWall(-120 * minute)
    await is('tu-vao', 'placed')
    await is('chon', 'offered')
    expect(titles()).toEqual(['Bản tin tu-vao'])
  })

  it('kept, it is not asked about again, and is aired; given up, it is taken out', async () => {
    const { station, titles, shown, clock, is, today } = await placed()
    await station.service.resolve('chon', 'mine')
    await station.service.resolve('doi', 'theirs')
    await going(clock, 'it is out', () => titles().length === 1)
    expect(shown('doi')?.state).toBe('expired')
    await clock.advance(5 * minute)
    expect([titles(), shown('chon')?.state, shown('chon')?.reason]).toEqual([['Bản tin chon'], 'placed', 'keptPastEnd'])
    expect(station.alarms.has('PROVINCE_DECISION', 'province')).toBe(false)
    const row = station.schedule.view(today).items[0]
    if (row === undefined) throw new Error('no row')
    station.schedule.itemStarted(main, row.item.itemId, clock.now(), 0)
    await is('chon', 'aired')
  })

  it('aired before anybody answered, nothing is left to ask', async () => {
    const { station, shown, clock, is, today } = await placed()
    const row = station.schedule.view(today).items.find((one) => one.item.origin?.provinceItemId === 'chon')
    if (row === undefined) throw new Error('no row')
    station.schedule.itemStarted(main, row.item.itemId, clock.now(), 0)
    await is('chon', 'aired')
    expect(shown('doi')?.state).toBe('conflict')
  })
})

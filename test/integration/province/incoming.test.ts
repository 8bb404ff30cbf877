// What becomes of what the province sends, over a real store and the real rundown, on virtual time.
import { describe, expect, it } from 'vitest'
import type { AlertId, CartId } from '../../../shared/domain/ids.ts'
import type { EpochMs } from '../../../shared/domain/time.ts'
import type { Incoming } from '../../../station/province/incoming-machine.ts'
import { csvLine } from '../../../station/logbook/index.ts'
import { openProvinceStation } from '../../support/province-station.ts'
import { bulletinOf } from '../../support/signed-manifests.ts'
import { going, hour, media, minute, stubbed } from '../../support/stub-province.ts'

describe('what comes in', () => {
  it('normal is offered and placed by the operator; priority goes in first; each row carries its source', async () => {
    const { clock, province, station, today, titles, is } = await stubbed()
    province.publish(
      bulletinOf('thuong', clock.now(), { media: media('thuong') }),
      bulletinOf('uu-tien', clock.now(), { class: 'priority', media: media('uu-tien') }),
    )
    await station.service.start()
    await is('thuong', 'offered')
    await is('uu-tien', 'placed')
    expect(titles()).toEqual(['Bản tin uu-tien'])
    const placed = await station.service.place('thuong', { day: today, start: { kind: 'follow' } }, 'Quản trị')
    expect(placed.state).toBe('placed')
    expect(titles()).toEqual(['Bản tin uu-tien', 'Bản tin thuong'])
    expect(station.schedule.view(today).items.map((row) => row.item.origin?.provinceItemId)).toEqual(['uu-tien', 'thuong'])
    await expect(station.service.place('thuong', { day: today, start: { kind: 'follow' } })).rejects.toMatchObject({
      code: 'PROVINCE_ITEM_STATE',
    })
    await station.note({ subject: 'sau' })
    const rows = (await station.store.logbook.rows({ afterSeq: -1 })).filter((row) => row.kind === 'province.item')
    expect(rows.map((row) => [row.subject, row.actor])).toEqual([
      ['Bản tin uu-tien', 'province'],
      ['Bản tin thuong', 'Quản trị'],
    ])
  })

  it('X4, X5: a title that is a formula and a file name that is a path are text, here and in the export', async () => {
    const { clock, province, station, titles, is } = await stubbed()
    const title = `=cmd|' /C calc'!A0`
    province.publish(
      bulletinOf('xau', clock.now(), { class: 'priority', title, media: { ...media('xau'), name: '..\\..\\CON/../../xau' } }),
    )
    province.payloads.set(media('xau').sha256, 'xau')
    await station.service.start()
    await is('xau', 'placed')
    expect(titles()).toEqual([title])
    // Rows are written in order: when this one is there, so are those before it.
    await station.note({ subject: 'sau' })
    const row = (await station.store.logbook.rows({ afterSeq: -1 })).find((one) => one.kind === 'province.item')
    if (row === undefined) throw new Error('no row')
    expect(row.subject).toBe(title)
    expect(csvLine(row)).toContain(`'=cmd|`)
    expect([...station.imported.values()].map(String)).toEqual(['xau'])
  })

  it('a priority bulletin that would cut what has a fixed time is put to the operator', async () => {
    const { clock, province, station, today, titles, is } = await stubbed()
    const speech = { ...media('thoi-su'), name: 'thoi-su' }
    province.publish(bulletinOf('goc', clock.now(), { media: speech }))
    await station.service.start()
    await is('goc', 'offered')
    await station.service.place('goc', { day: today, start: { kind: 'hard', atMs: (clock.now() + 30_000) as EpochMs } })
    province.publish(bulletinOf('uu-tien', clock.now(), { class: 'priority', media: media('uu-tien') }))
    await clock.advance(300)
    station.service.pullNow()
    await is('uu-tien', 'clash')
    expect(titles()).toEqual(['Bản tin goc'])
    expect(station.alarms.views().map((alarm) => alarm.code)).toContain('PROVINCE_DECISION')
    await station.service.place('uu-tien', { day: today, start: { kind: 'follow' } })
    expect(titles()).toEqual(['Bản tin goc', 'Bản tin uu-tien'])
    expect(station.alarms.views().map((alarm) => alarm.code)).not.toContain('PROVINCE_DECISION')
  })

  it('a change to what the operator moved stands beside it; to what nobody touched it is taken', async () => {
    const { clock, province, station, today, titles, is, inStep } = await stubbed()
    const one = bulletinOf('a', clock.now(), { media: media('a') })
    province.publish(one, bulletinOf('b', clock.now(), { media: media('b') }))
    await station.service.start()
    await is('a', 'offered')
    await is('b', 'offered')
    for (const itemId of ['a', 'b']) await station.service.place(itemId, { day: today, start: { kind: 'follow' } })
    const moved = station.schedule.view(today).items[0]?.item.itemId
    if (moved === undefined) throw new Error('no row')
    await station.schedule.edits.move(today, moved, 1)
    expect(titles()).toEqual(['Bản tin b', 'Bản tin a'])
    province.publish(
      { ...one, revision: 2, title: 'A mới' },
      { ...bulletinOf('b', clock.now(), { media: media('b') }), revision: 2, title: 'B mới' },
    )
    await clock.advance(300)
    station.service.pullNow()
    await inStep()
    await going(clock, 'b is replaced', () => titles()[0] === 'B mới')
    await is('a', 'conflict')
    expect(titles()).toEqual(['B mới', 'Bản tin a'])
    const conflict = station.service.slice().incoming.find((view) => view.item.itemId === 'a')
    expect([conflict?.taken?.title, conflict?.item.title]).toEqual(['Bản tin a', 'A mới'])
    await station.service.resolve('a', 'theirs')
    await going(clock, 'a is replaced', () => titles()[1] === 'A mới')
  })

  it('N7: an emergency opens one card however often it comes; one past its date none', async () => {
    const { clock, province, station, is, next } = await stubbed()
    const urgent = bulletinOf('lu', clock.now(), {
      class: 'emergency',
      text: 'Nước lên nhanh.',
      expiresAtMs: (clock.now() + hour) as EpochMs,
    })
    const old = bulletinOf('hom-qua', clock.now(), { class: 'emergency', expiresAtMs: (clock.now() - 1) as EpochMs })
    province.publish(urgent, old)
    await station.service.start()
    await is('lu', 'alert')
    await is('hom-qua', 'expired')
    for (let time = 0; time < 100; time++) {
      province.publish(urgent)
      station.service.pullNow()
      await clock.advance(300)
    }
    await next()
    expect([...station.alerts.values()].map((card) => [card.title, card.state, card.origin])).toEqual([
      ['Bản tin lu', 'ready', { provinceItemId: 'lu', revision: 1 }],
    ])
    expect(station.raised.filter((alarm) => alarm.code === 'PROVINCE_EMERGENCY')).toHaveLength(1)
    const card = station.alerts.get('alert-1' as AlertId)
    if (card) station.alerts.set(card.alertId, { ...card, state: 'armed' })
    await next()
    await going(clock, 'taken up', () => !station.alarms.views().some((alarm) => alarm.code === 'PROVINCE_EMERGENCY'))
  })
})

describe('an emergency that is a recording', () => {
  const silent = async (change: Parameters<typeof stubbed>[0] = {}) => {
    const rig = await stubbed(change)
    const { clock, province, station } = rig
    const order = bulletinOf('lu', clock.now(), {
      class: 'emergency',
      text: '',
      media: media('lu'),
      expiresAtMs: (clock.now() + hour) as EpochMs,
    })
    const rings = () => station.alarms.views().find((alarm) => alarm.code === 'PROVINCE_EMERGENCY')?.params ?? null
    const arrives = Promise.withResolvers<void>()
    province.holds.set(media('lu').sha256, arrives.promise)
    province.publish(order)
    await station.service.start()
    return { ...rig, order, rings, arrives }
  }

  it('rings while it is still on a slow line, with its title and who ordered it, until somebody has its card', async () => {
    const { clock, station, is, order, rings, arrives } = await silent()
    await is('lu', 'waitingMedia')
    expect(rings()).toEqual({ title: order.title, orderedBy: order.orderedBy, reason: 'waitingMedia' })
    expect(station.alerts.size).toBe(0)
    await clock.advance(20 * minute)
    expect(rings()).not.toBeNull()
    arrives.resolve()
    await is('lu', 'alert')
    await going(clock, 'its card is open', () => station.alerts.size === 1)
    expect(rings()).toMatchObject({ reason: 'cardOpen' })
    expect(station.raised.filter((alarm) => alarm.code === 'PROVINCE_EMERGENCY')).toHaveLength(1)
    const [card] = station.alerts.values()
    if (card !== undefined) station.alerts.set(card.alertId, { ...card, state: 'armed' })
    await going(clock, 'taken up', () => rings() === null)
  })

  it('rings where its recording cannot be used, is shown before whatever came later, and is quiet once it is declined', async () => {
    const { clock, province, station, is, inStep, rings, arrives } = await silent()
    province.payloads.set(media('lu').sha256, 'BAD')
    arrives.resolve()
    await is('lu', 'mediaRefused')
    expect(rings()).toMatchObject({ reason: 'MEDIA_CORRUPT' })
    for (let count = 0; count < 70; count++) province.publish(bulletinOf(`sau-${count}`, clock.now(), { media: null, class: 'normal' }))
    station.service.pullNow()
    await inStep()
    await going(clock, 'more came', () => (station.service.slice().counts.mediaRefused ?? 0) > 60)
    expect(station.service.slice().incoming[0]?.item.itemId).toBe('lu')
    await station.service.decline('lu', 'đã gọi tỉnh, đọc trực tiếp')
    expect(rings()).toBeNull()
  })

  it('rings while its date has not come; past it, it is over', async () => {
    const { clock, is, rings } = await silent()
    await is('lu', 'waitingMedia')
    expect(rings()).not.toBeNull()
    await clock.advance(hour)
    await is('lu', 'expired')
    expect(rings()).toBeNull()
  })
})

describe('a new revision that waits for its recording', () => {
  const waiting = async () => {
    const rig = await stubbed()
    const { clock, province, station, today, is, inStep, titles } = rig
    const one = bulletinOf('a', clock.now(), { media: media('a') })
    province.publish(one, bulletinOf('b', clock.now(), { media: media('b') }))
    await station.service.start()
    await is('a', 'offered')
    await is('b', 'offered')
    for (const itemId of ['a', 'b']) await station.service.place(itemId, { day: today, start: { kind: 'follow' } })
    const arrives = Promise.withResolvers<void>()
    province.holds.set(media('a-2').sha256, arrives.promise)
    province.publish({ ...one, revision: 2, title: 'A mới', media: media('a-2') })
    await clock.advance(300)
    station.service.pullNow()
    await inStep()
    await going(clock, 'it is being fetched', () => province.fetched.includes(media('a-2').sha256))
    const row = station.schedule.view(today).items[0]?.item.itemId
    if (row === undefined) throw new Error('no row')
    expect(titles()).toEqual(['Bản tin a', 'Bản tin b'])
    const shown = () => station.service.slice().incoming.find((view) => view.item.itemId === 'a')
    return { ...rig, row, arrives, shown }
  }

  it('takes the place of what nobody touched', async () => {
    const { clock, titles, arrives } = await waiting()
    arrives.resolve()
    await going(clock, 'replaced', () => titles()[0] === 'A mới')
    expect(titles()).toEqual(['A mới', 'Bản tin b'])
  })

  it('stands beside what the operator moved meanwhile, until a side is chosen', async () => {
    const { clock, station, today, titles, is, row, arrives, shown } = await waiting()
    await station.schedule.edits.move(today, row, 1)
    arrives.resolve()
    await is('a', 'conflict')
    expect(titles()).toEqual(['Bản tin b', 'Bản tin a'])
    expect([shown()?.reason, shown()?.taken?.title, shown()?.item.title]).toEqual(['changedAbove', 'Bản tin a', 'A mới'])
    await station.service.resolve('a', 'theirs')
    await going(clock, 'replaced', () => titles()[1] === 'A mới')
  })

  it('is offered where the operator took the old one out meanwhile, and does not come back by itself', async () => {
    const { station, today, titles, is, row, arrives } = await waiting()
    await station.schedule.edits.remove(today, row)
    arrives.resolve()
    await is('a', 'offered')
    expect(titles()).toEqual(['Bản tin b'])
  })

  it('stands beside what was moved before a boot that has still to replace it', async () => {
    const { clock, province, station, today, row, is } = await waiting()
    await is('a', 'placed')
    await station.schedule.edits.move(today, row, 1)
    await station.service.close()
    province.away = true
    const kept = (await station.store.province.all()) as Incoming[]
    const arrived = kept.map(
      (one): Incoming => (one.item.itemId === 'a' ? { ...one, carts: { ...one.carts, [media('a-2').sha256]: 'cart-a-2' as CartId } } : one),
    )
    await station.store.province.put(
      arrived.map((incoming) => ({ itemId: incoming.item.itemId, receivedAtMs: incoming.receivedAtMs, incoming })),
    )
    const next = await openProvinceStation({ folder: '', clock, store: station.store, openLink: () => province })
    await next.schedule.edits.day(today)
    await next.service.start()
    const shown = () => next.service.slice().incoming.find((view) => view.item.itemId === 'a')
    await going(clock, 'both stand', () => shown()?.state === 'conflict')
    expect(next.schedule.view(today).items.map((each) => each.item.title)).toEqual(['Bản tin b', 'Bản tin a'])
  })
})

describe('S5: a disk that runs full', () => {
  it('no download but an emergency’s begins while it is low; the others are fetched when there is room again', async () => {
    let level: 'ok' | 'low' = 'low'
    const { clock, province, station, is, inStep, stateOf } = await stubbed({ diskLevel: () => level })
    province.publish(
      bulletinOf('thuong', clock.now(), { media: media('thuong') }),
      bulletinOf('lu', clock.now(), { class: 'emergency', media: media('lu') }),
    )
    await station.service.start()
    await is('lu', 'alert')
    await inStep()
    await clock.advance(20 * minute)
    expect(stateOf('thuong')).toBe('waitingMedia')
    expect(province.fetched).toEqual([media('lu').sha256])
    level = 'ok'
    await clock.advance(6 * minute)
    await is('thuong', 'offered')
    expect(province.fetched).toEqual([media('lu').sha256, media('thuong').sha256])
  })
})

describe('a recording that the province does not have', () => {
  it('holds up none behind it, is asked for again, and is given up when nothing needs it', async () => {
    const { clock, province, station, is, inStep, stateOf } = await stubbed()
    const urgent = bulletinOf('lu', clock.now(), { class: 'emergency', media: media('lu') })
    province.missing.add(media('lu').sha256)
    province.publish(urgent, bulletinOf('a', clock.now(), { media: media('a') }), bulletinOf('b', clock.now(), { media: media('b') }))
    await station.service.start()
    await is('a', 'offered')
    await is('b', 'offered')
    await going(clock, 'asked for again', () => province.fetched.filter((sha256) => sha256 === media('lu').sha256).length > 3)
    await going(clock, 'it alone is still wanted', () => station.service.slice().media.waiting === 1)
    province.publish({ ...urgent, revision: 2, withdrawn: true })
    station.service.pullNow()
    await inStep()
    await going(clock, 'taken back', () => stateOf('lu') === 'withdrawn')
    await going(clock, 'given up', () => station.service.slice().media.waiting === 0)
  })
})

describe('a boot that ended between a decision and its hands', () => {
  it('is taken up by the next: rows taken back leave the rundown, a card is made anew, a card without sound is spoken', async () => {
    const { clock, province, station, today, titles, is } = await stubbed()
    const emergency = (id: string) => bulletinOf(id, clock.now(), { class: 'emergency', text: 'Cũ' })
    province.publish(bulletinOf('rut', clock.now(), { media: media('rut') }), emergency('sua'), emergency('dang-doc'))
    await station.service.start()
    await is('rut', 'offered')
    await is('sua', 'alert')
    await is('dang-doc', 'alert')
    await station.service.place('rut', { day: today, start: { kind: 'follow' } })
    expect(titles()).toEqual(['Bản tin rut'])
    await station.service.close()
    province.away = true

    const kept = (await station.store.province.all()) as Incoming[]
    const decided = kept.map((one): Incoming => {
      if (one.item.itemId === 'rut') return { ...one, state: 'withdrawn', taken: null, item: { ...one.item, withdrawn: true } }
      if (one.item.itemId === 'sua') return { ...one, item: { ...one.item, revision: 2, title: 'Mới' } }
      return { ...one, alertId: null, alertRevision: null, taken: null }
    })
    await station.store.province.put(
      decided.map((incoming) => ({ itemId: incoming.item.itemId, receivedAtMs: incoming.receivedAtMs, incoming })),
    )
    const next = await openProvinceStation({ folder: '', clock, store: station.store, openLink: () => province })
    for (const card of station.alerts.values())
      next.alerts.set(card.alertId, card.origin?.provinceItemId === 'dang-doc' ? { ...card, state: 'failed' } : card)
    expect((await next.schedule.edits.day(today)).items).toHaveLength(1)
    await next.service.start()
    const cards = () => [...next.alerts.values()].map((card) => [card.origin?.provinceItemId, card.title, card.state]).sort()
    await going(clock, 'rows out', () => next.schedule.view(today).items.length === 0)
    await going(clock, 'spoken', () => cards().every(([, , state]) => state === 'ready') && cards().some(([, title]) => title === 'Mới'))
    expect(cards()).toEqual([
      ['dang-doc', 'Bản tin dang-doc', 'ready'],
      ['sua', 'Mới', 'ready'],
    ])
  })
})

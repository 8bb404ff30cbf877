// The province area over a real store, against a link that does as the test says and against the real province: days without a link,
// answers that get lost, a province that dies at the worst moment, and what stands in the rundown and on cards afterwards.
import { createHash } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../shared/domain/clock.ts'
import type { AlertId } from '../../../shared/domain/ids.ts'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import type { ProvinceItem } from '../../../shared/domain/province.ts'
import { dayOf, type EpochMs } from '../../../shared/domain/time.ts'
import { LinkError } from '../../../station/province/adapter.ts'
import type { Link } from '../../../station/province/index.ts'
import { csvLine } from '../../../station/logbook/index.ts'
import type { PullOutcome } from '../../../station/province/link-protocol.ts'
import { createLink } from '../../../station/province/link.ts'
import { linkSettings, openProvinceStation } from '../../support/province-station.ts'
import { ProvinceServer } from '../../support/province-server.ts'
import { bulletinOf } from '../../support/signed-manifests.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openTestStore } from '../../support/test-store.ts'
import { until } from '../../support/until.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const minute = 60_000
const hour = 60 * minute
const media = (name: string) => {
  const sha256 = createHash('sha256').update(name).digest('hex')
  return { sha256, bytes: name.length, mimeType: 'audio/wav', name }
}

/** A province in memory: away or there, with these items. */
class StubProvince implements Link {
  away = false
  version = 0
  items: ProvinceItem[] = []
  readonly held: LogRow[] = []
  pulls = 0
  /** What the file of a hash holds, where it is not its name. */
  readonly payloads = new Map<string, string>()
  refuses: Extract<PullOutcome, { kind: 'refused' }> | null = null
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  publish(...items: ProvinceItem[]): void {
    this.items = [...this.items.filter((one) => !items.some((item) => item.itemId === one.itemId)), ...items]
    this.version += 1
  }

  pull(request: Parameters<Link['pull']>[0], onItems: Parameters<Link['pull']>[1]): Promise<PullOutcome> {
    this.pulls += 1
    if (this.away) return Promise.reject(new LinkError('unreachable', 'away'))
    if (this.refuses !== null) return Promise.resolve(this.refuses)
    if (request.known && request.memory?.version === this.version) return Promise.resolve({ kind: 'unchanged' })
    onItems(this.items)
    const nowMs = request.at.nowMs
    return Promise.resolve({
      kind: 'accepted',
      memory: {
        provinceId: 'p',
        provinceName: 'Tỉnh',
        version: this.version,
        hash: String(this.version),
        issuedAtMs: nowMs,
        expiresAtMs: (nowMs + 24 * hour) as EpochMs,
        acceptedAtMs: nowMs,
        items: this.items.length,
      },
      all: this.items.map((item) => item.itemId),
      gone: [],
    })
  }

  async media(ref: Parameters<Link['media']>[0]): ReturnType<Link['media']> {
    if (this.away) throw new LinkError('unreachable', 'away')
    const { mkdir, writeFile } = await import('node:fs/promises')
    const path = `${this.#folder}/${ref.sha256}`
    await mkdir(this.#folder, { recursive: true })
    await writeFile(path, this.payloads.get(ref.sha256) ?? ref.name)
    return { kind: 'here', path }
  }

  deliver(records: readonly LogRow[]): ReturnType<Link['deliver']> {
    if (this.away) return Promise.reject(new LinkError('unreachable', 'away'))
    this.held.push(...records)
    return Promise.resolve('committed')
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

/** Lets virtual time go on, a tenth of a second at a time, until this is true: what waits for a disk needs real time as well. */
async function going(clock: VirtualClock, what: string, check: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!check()) {
    if (performance.now() > deadline) throw new Error(`not in time: ${what}`)
    await clock.advance(100)
    await new Promise<void>((resolve) => setTimeout(resolve, 1))
  }
}

const stubbed = async () => {
  const folder = temporaryFolder('province-area')
  const clock = new VirtualClock()
  const province = new StubProvince(`${folder}/media`)
  const station = await openProvinceStation({ folder, clock, openLink: () => province })
  const today = dayOf(clock.now())
  const titles = () => station.schedule.view(today).items.map((row) => row.item.title)
  const stateOf = (itemId: string) => station.service.slice().incoming.find((one) => one.item.itemId === itemId)?.state ?? null
  /** Until what was published is known and worked on. */
  const inStep = async () => {
    await going(clock, 'in step', () => station.service.slice().manifest?.version === province.version)
  }
  const is = async (itemId: string, state: string) => {
    await inStep()
    await going(clock, `${itemId} is ${state}, is ${stateOf(itemId)}`, () => stateOf(itemId) === state)
  }
  const next = async () => {
    await clock.advance(75_000)
    await inStep()
  }
  return { clock, province, station, today, titles, stateOf, inStep, is, next }
}

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
    const placed = await station.service.place('thuong', { day: today, start: { kind: 'follow' } })
    expect(placed.state).toBe('placed')
    expect(titles()).toEqual(['Bản tin uu-tien', 'Bản tin thuong'])
    expect(station.schedule.view(today).items.map((row) => row.item.origin?.provinceItemId)).toEqual(['uu-tien', 'thuong'])
    await expect(station.service.place('thuong', { day: today, start: { kind: 'follow' } })).rejects.toMatchObject({
      code: 'PROVINCE_ITEM_STATE',
    })
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

  it('N5, N7: an emergency opens one card however often it comes; one past its date none', async () => {
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

describe('N8: what is not believed', () => {
  it('one alarm and one row for five hundred refusals; the rundown stays; a believed manifest clears it', async () => {
    const { clock, province, station, today, titles, is, next } = await stubbed()
    province.publish(bulletinOf('a', clock.now(), { class: 'priority', media: media('a') }))
    await station.service.start()
    await is('a', 'placed')
    province.refuses = { kind: 'refused', reason: 'equivocation', version: 1 }
    for (let time = 0; time < 500; time++) await clock.advance(minute)
    expect(titles()).toEqual(['Bản tin a'])
    expect(station.raised.filter((alarm) => alarm.code === 'PROVINCE_MANIFEST_REFUSED')).toHaveLength(1)
    expect(station.service.slice()).toMatchObject({ link: { state: 'refused' }, refusal: { reason: 'equivocation', version: 1 } })
    const rows = await station.store.logbook.rows({ afterSeq: -1, limit: 10_000 })
    expect(rows.filter((row) => row.kind === 'province.manifest' && row.measured?.['accepted'] === false)).toHaveLength(1)
    expect(station.schedule.view(today).items).toHaveLength(1)
    province.refuses = null
    await next()
    await going(clock, 'believed', () => station.service.slice().refusal === null)
    expect(station.alarms.views().map((alarm) => alarm.code)).not.toContain('PROVINCE_MANIFEST_REFUSED')
  })

  it('frozen: no new manifest past the end of the last one is an alarm; what stands goes on', async () => {
    const { clock, province, station, titles, is } = await stubbed()
    province.publish(bulletinOf('a', clock.now(), { class: 'priority', media: media('a') }))
    await station.service.start()
    await is('a', 'placed')
    await clock.advance(23 * hour)
    expect(station.raised.map((alarm) => alarm.code)).not.toContain('PROVINCE_STALE')
    await clock.advance(2 * hour)
    await going(clock, 'stale', () => station.alarms.views().some((alarm) => alarm.code === 'PROVINCE_STALE'))
    expect(station.service.slice().link.state).toBe('ok')
    expect(titles()).toEqual(['Bản tin a'])
  })

  it('a boot that ended between the version and its items asks for them again, and opens no second card', async () => {
    const folder = temporaryFolder('province-area')
    const clock = new VirtualClock()
    const province = new StubProvince(`${folder}/media`)
    const store = await openTestStore(folder)
    const item = bulletinOf('lu', clock.now(), { class: 'emergency' })
    province.publish(item)
    const memory = {
      provinceId: 'p',
      provinceName: 'Tỉnh',
      version: 1,
      hash: '1',
      issuedAtMs: clock.now(),
      expiresAtMs: clock.now() + hour,
    }
    await store.settings.set('province.trust', { memory: { ...memory, acceptedAtMs: clock.now(), items: 1 }, complete: false })
    const first = await openProvinceStation({ folder, clock, store, openLink: () => province })
    await first.service.start()
    await going(clock, 'a card', () => first.alerts.size === 1)
    await going(clock, 'kept', () => first.service.slice().incoming[0]?.alertId !== null)
    await first.service.close()
    const second = await openProvinceStation({ folder, clock, store, openLink: () => province })
    second.alerts.set([...first.alerts.keys()][0] as AlertId, [...first.alerts.values()][0] as never)
    await second.service.start()
    await going(clock, 'in step', () => second.service.slice().link.state === 'ok')
    expect(second.alerts.size).toBe(1)
    expect(second.service.slice().incoming.map((one) => one.state)).toEqual(['alert'])
  })
})

describe('N1: seven days without a link', () => {
  it('local work goes on, one alarm is raised, and everything is back in step without a person', async () => {
    const { clock, province, station, today, titles, is, inStep } = await stubbed()
    province.publish(bulletinOf('truoc', clock.now(), { media: media('truoc') }))
    await station.service.start()
    await is('truoc', 'offered')
    await going(clock, 'told', () => province.held.length > 0)
    province.away = true
    const pullsBefore = province.pulls
    for (let step = 0; step < 7 * 24; step++) {
      await station.note({ kind: step % 24 === 5 ? 'cutin' : 'item.aired', subject: `giờ ${step}` })
      await clock.advance(hour)
    }
    await station.service.place('truoc', { day: today, start: { kind: 'follow' } })
    expect(titles()).toEqual(['Bản tin truoc'])
    expect(station.raised.filter((alarm) => alarm.code === 'PROVINCE_UNREACHABLE')).toHaveLength(1)
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
  const realStation = async (province: ProvinceServer) => {
    const folder = temporaryFolder('province-area')
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

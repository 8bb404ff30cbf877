// What is not believed changes nothing, is told once, and a boot that ended in the middle is made up for.
import { describe, expect, it } from 'vitest'
import type { AlertId } from '../../../shared/domain/ids.ts'
import { openProvinceStation } from '../../support/province-station.ts'
import { bulletinOf } from '../../support/signed-manifests.ts'
import { going, hour, media, minute, StubProvince, stubbed } from '../../support/stub-province.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openTestStore } from '../../support/test-store.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

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

  it('a version is remembered before any of it is acted on: a boot that ends there believes nothing older', async () => {
    const folder = temporaryFolder('province-area')
    const clock = new VirtualClock()
    const province = new StubProvince(`${folder}/media`)
    const store = await openTestStore(folder)
    province.publish(bulletinOf('a', clock.now(), { media: media('a') }))
    const away = { ...store, province: { ...store.province, put: () => Promise.reject(new Error('the disk is away')) } }
    const first = await openProvinceStation({ folder, clock, store: away, openLink: () => province })
    await first.service.start()
    await going(clock, 'it is believed', () => first.service.slice().manifest !== null)
    await first.service.close()
    province.away = true
    const second = await openProvinceStation({ folder, clock, store, openLink: () => province })
    await second.service.start()
    expect(second.service.slice()).toMatchObject({ manifest: { version: 1 }, incoming: [] })
    province.away = false
    await going(clock, 'it is asked for again', () => second.service.slice().incoming[0]?.state === 'offered')
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

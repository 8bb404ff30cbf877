// N11, what of it this issue asks for: a server that shows a certificate of the right authority which is past its end, before its beginning
// or another computer's is not the province. It is refused and logged, one alarm is raised, and the schedule goes on.
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../shared/domain/clock.ts'
import { dayOf } from '../../../shared/domain/time.ts'
import { createLink } from '../../../station/province/link.ts'
import { linkSettings, openProvinceStation } from '../../support/province-station.ts'
import { ProvinceServer } from '../../support/province-server.ts'
import { bulletinOf } from '../../support/signed-manifests.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openTestStore } from '../../support/test-store.ts'
import { until } from '../../support/until.ts'

const asks = 6

it.each([
  ['expired', 'certExpired'],
  ['notYetValid', 'certNotYetValid'],
  ['wrongHost', 'certWrongHost'],
] as const)(
  'N11: a certificate that is %s is nobody’s: refused, one row, one alarm, and the schedule goes on',
  async (certificate, reason) => {
    const province = await ProvinceServer.start(temporaryFolder('province'))
    onTestFinished(() => province.stop())
    const folder = temporaryFolder('province-area')
    const store = await openTestStore(folder)
    const station = await openProvinceStation({
      folder,
      clock: systemClock,
      store,
      openLink: (events) => createLink(linkSettings(province, folder), events),
    })
    const media = await province.addMedia(Buffer.from('RIFF'), 'thuong.wav')
    await province.publish([bulletinOf('thuong', Date.now(), { media, class: 'priority' })])
    await station.service.start()
    const link = () => station.service.slice().link
    const placed = () => station.schedule.view(dayOf(systemClock.now())).items.map((row) => row.item.title)
    await until('it is on the schedule', () => placed().length === 1)

    await province.turn({ certificate })
    await province.publish([bulletinOf('gia', Date.now(), { class: 'emergency' })])
    for (let time = 0; time < asks; time += 1) {
      const before = link().lastAttemptAtMs
      await until('asked again', () => {
        station.service.pullNow()
        return link().lastAttemptAtMs !== before
      })
    }
    await until('refused', () => link().state === 'refused' && link().reason === reason)
    expect(station.service.slice().incoming.map((one) => one.item.itemId)).toEqual(['thuong'])
    expect(placed()).toEqual(['Bản tin thuong'])
    expect(station.raised.filter((alarm) => alarm.code.startsWith('PROVINCE')).map(({ code, params }) => [code, params['reason']])).toEqual(
      [['PROVINCE_CERTIFICATE', reason]],
    )
    // Files and rows do not go to it either.
    const told = (await province.records()).length
    await station.note({ kind: 'item.aired', subject: 'đài vẫn phát' })
    const refused = (await store.logbook.rows({ afterSeq: -1 })).filter((row) => row.measured?.['accepted'] === false)
    expect(refused.map((row) => row.measured?.['reason'])).toEqual([reason])
    expect((await province.records()).length).toBe(told)

    await province.turn({ certificate: 'right' })
    await until('it is the province again', () => {
      station.service.pullNow()
      return link().state === 'ok'
    })
    expect(station.alarms.has('PROVINCE_CERTIFICATE', 'province')).toBe(false)
    await until('what waited has come', () => station.service.slice().incoming.some((one) => one.item.itemId === 'gia'))
  },
)

// A province whose files cannot be read when the station boots: the station is whole, says by one alarm what must be mended and where, and
// the province runs as soon as it is; rows written meanwhile are told then. Real processes both.
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { ProvinceSlice } from '../../../shared/domain/province.ts'
import { ProvinceServer } from '../../support/province-server.ts'
import { StationRig } from '../../support/station-rig.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

it('is said with its reason and its file, tried again, and over when it runs', async () => {
  const province = await ProvinceServer.start(temporaryFolder('province'))
  onTestFinished(() => province.stop())
  const caFile = join(temporaryFolder('ca'), 'tinh.pem')
  const rig = await StationRig.open({ config: { province: province.config({ caFile }) } })
  onTestFinished(() => rig.close())
  const slice = () => rig.station.api<ProvinceSlice>('GET', '/province')
  const said = async () =>
    (await rig.alarms())
      .filter((alarm) => alarm.code.startsWith('PROVINCE'))
      .map(({ code, params }): Record<string, unknown> => ({ code, ...params }))
  const what = `province.caFile = ${caFile}`
  await rig.until('it is said', 10_000, async () => (await said()).length > 0)
  expect(await said()).toEqual([{ code: 'PROVINCE_NOT_STARTED', reason: 'caUnreadable', what }])
  expect(await slice()).toMatchObject({ adapter: 'http', link: { state: 'unreachable', reason: 'notStarted' } })
  await expect(rig.station.api('POST', '/province/pull', {})).rejects.toThrow('PROVINCE_NOT_STARTED')

  writeFileSync(caFile, 'no certificate')
  await rig.until('it says what is wrong now', 15_000, async () => (await said())[0]?.['reason'] === 'caInvalid')
  expect(await said()).toHaveLength(1)

  copyFileSync(province.ready.caFile, caFile)
  await rig.until('it runs', 15_000, async () => (await slice()).link.state === 'ok')
  expect(await said()).toEqual([])
  await rig.until('what happened meanwhile is told', 15_000, async () =>
    (await province.records()).some((row) => row.kind === 'alarm.raised' && JSON.stringify(row).includes('PROVINCE_NOT_STARTED')),
  )
})

// A bulletin written at the province is on the station's schedule, and an emergency on its card, with everything real: the province's
// process and its doorbell, the station's process, its ingest and its voice. Rows of what was done come back to the province.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AlertView } from '../../../shared/domain/alert.ts'
import type { IncomingView, ProvinceItem, ProvinceSlice } from '../../../shared/domain/province.ts'
import type { DayPlan } from '../../../shared/domain/schedule.ts'
import { dayOf, epochMs } from '../../../shared/domain/time.ts'
import { ProvinceServer } from '../../support/province-server.ts'
import { StationRig } from '../../support/station-rig.ts'

let province: ProvinceServer
let rig: StationRig
const home = mkdtempSync(join(tmpdir(), 'truc-song-province-'))
beforeAll(async () => {
  province = await ProvinceServer.start(home, { doorbell: true })
  rig = await StationRig.open({ config: { province: province.config() } })
  await rig.until('the doorbell is heard', 20_000, async () => {
    const { link, doorbell } = await slice()
    return link.state === 'ok' && doorbell.state === 'listening'
  })
})
afterAll(async () => {
  await rig.close()
  await province.stop()
  rmSync(home, { recursive: true, force: true })
})

const slice = () => rig.station.api<ProvinceSlice>('GET', '/province')
const incoming = async (itemId: string): Promise<IncomingView | undefined> =>
  (await slice()).incoming.find((one) => one.item.itemId === itemId)
const today = () => dayOf(epochMs(Date.now()))
const write = (form: object) => province.admin<ProvinceItem>('POST', 'bulletins', { mode: 'live', ...form })

it('a priority bulletin is on the schedule with its proven recording within 2 s of its publication, by the doorbell', async () => {
  const item = await write({ title: 'Lịch tiêm chủng', text: 'Sáng mai trạm y tế xã tiêm chủng cho trẻ em.', class: 'priority' })
  const onSchedule = async () => {
    const plan = await rig.station.api<DayPlan>('GET', `/schedule/${today()}`)
    return plan.items.some((row) => row.item.origin?.provinceItemId === item.itemId)
  }
  const ms = await rig.until('it is on the schedule', 20_000, onSchedule)
  expect((await incoming(item.itemId))?.media[0]?.cartId).not.toBeNull()
  expect(ms).toBeLessThanOrEqual(2000)
})

it('a normal bulletin is offered, and placed by the operator', async () => {
  const item = await write({ title: 'Nông nghiệp', text: 'Bà con chú ý sâu cuốn lá.', class: 'normal' })
  await rig.until('it is offered', 20_000, async () => (await incoming(item.itemId))?.state === 'offered')
  const placed = await rig.station.api<IncomingView>('POST', `/province/items/${item.itemId}/place`, {
    day: today(),
    start: { kind: 'follow' },
  })
  expect(placed.state).toBe('placed')
  const declined = await write({ title: 'Không dùng', text: 'Bản tin này không hợp địa phương.', class: 'normal' })
  await rig.until('it is offered', 20_000, async () => (await incoming(declined.itemId))?.state === 'offered')
  const { state } = await rig.station.api<IncomingView>('POST', `/province/items/${declined.itemId}/decline`, { reason: 'trùng' })
  expect(state).toBe('declined')
})

it('an emergency opens a card with text, speech and audio ready for preview, and its withdrawal drops it', async () => {
  const item = await write({
    title: 'Lũ khẩn cấp',
    text: 'Nước sông đang lên rất nhanh. Bà con sơ tán ngay.',
    class: 'emergency',
    riskLevel: 4,
  })
  let card: AlertView | undefined
  await rig.until('the card is ready', 30_000, async () => {
    const alerts = await rig.station.api<AlertView[]>('GET', '/alerts')
    card = alerts.find((alert) => alert.origin?.provinceItemId === item.itemId)
    return card?.state === 'ready'
  })
  expect(card).toMatchObject({ title: 'Lũ khẩn cấp', riskLevel: 4, orderedBy: 'Văn phòng UBND tỉnh', attentionTone: true })
  expect(card?.audio?.spokenText).toContain('sơ tán')
  expect((await rig.alarms()).map((alarm) => alarm.code)).toContain('PROVINCE_EMERGENCY')
  await province.admin('POST', `items/${item.itemId}/withdraw`, {})
  await rig.until('the card is dropped', 20_000, async () => {
    const alerts = await rig.station.api<AlertView[]>('GET', '/alerts')
    return alerts.find((alert) => alert.alertId === card?.alertId)?.state === 'cancelled'
  })
})

it('what was done is told: rows of the logbook, each once, in one unbroken chain', async () => {
  await rig.until('everything is told', 20_000, async () => {
    const rows = await province.records()
    return rows.some((row) => row.kind === 'province.item' && row.measured?.['state'] === 'declined')
  })
  const rows = await province.records()
  expect(new Set(rows.map((row) => row.entryId)).size).toBe(rows.length)
  for (const [index, row] of rows.entries()) {
    const before = rows[index - 1]
    if (before !== undefined && before.seq === row.seq - 1) expect(row.prevHash).toBe(before.hash)
  }
  expect((await province.state()).stations[0]?.contradictions).toBe(0)
})

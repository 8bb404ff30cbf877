// A bulletin written at the province is on the station's schedule, and an emergency on its card, with everything real: the province's
// process and its doorbell, the station's process, its ingest and its voice. Rows of what was done come back to the province.
import { expect, it } from 'vitest'
import type { AlertView } from '../../../shared/domain/alert.ts'
import type { IncomingView } from '../../../shared/domain/province.ts'
import type { DayPlan } from '../../../shared/domain/schedule.ts'
import { dayOf, epochMs } from '../../../shared/domain/time.ts'
import { provinceBed } from '../../support/province-bed.ts'

const bed = provinceBed()
const { incoming, write } = bed
const today = () => dayOf(epochMs(Date.now()))

it('a priority bulletin is on the schedule with its proven recording within 2 s of its publication, by the doorbell', async () => {
  const item = await write({ title: 'Lịch tiêm chủng', text: 'Sáng mai trạm y tế xã tiêm chủng cho trẻ em.', class: 'priority' })
  const onSchedule = async () => {
    const plan = await bed.rig.station.api<DayPlan>('GET', `/schedule/${today()}`)
    return plan.items.some((row) => row.item.origin?.provinceItemId === item.itemId)
  }
  const ms = await bed.rig.until('it is on the schedule', 20_000, onSchedule)
  expect((await incoming(item.itemId))?.media[0]?.cartId).not.toBeNull()
  expect(ms).toBeLessThanOrEqual(2000)
})

it('a normal bulletin is offered, and placed by the operator', async () => {
  const item = await write({ title: 'Nông nghiệp', text: 'Bà con chú ý sâu cuốn lá.', class: 'normal' })
  await bed.rig.until('it is offered', 20_000, async () => (await incoming(item.itemId))?.state === 'offered')
  const placed = await bed.rig.station.api<IncomingView>('POST', `/province/items/${item.itemId}/place`, {
    day: today(),
    start: { kind: 'follow' },
  })
  expect(placed.state).toBe('placed')
  const declined = await write({ title: 'Không dùng', text: 'Bản tin này không hợp địa phương.', class: 'normal' })
  await bed.rig.until('it is offered', 20_000, async () => (await incoming(declined.itemId))?.state === 'offered')
  const { state } = await bed.rig.station.api<IncomingView>('POST', `/province/items/${declined.itemId}/decline`, { reason: 'trùng' })
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
  await bed.rig.until('the card is ready', 30_000, async () => {
    const alerts = await bed.rig.station.api<AlertView[]>('GET', '/alerts')
    card = alerts.find((alert) => alert.origin?.provinceItemId === item.itemId)
    return card?.state === 'ready'
  })
  expect(card).toMatchObject({ title: 'Lũ khẩn cấp', riskLevel: 4, orderedBy: 'Văn phòng UBND tỉnh', attentionTone: true })
  expect(card?.audio?.spokenText).toContain('sơ tán')
  expect((await bed.rig.alarms()).map((alarm) => alarm.code)).toContain('PROVINCE_EMERGENCY')
  await bed.province.admin('POST', `items/${item.itemId}/withdraw`, {})
  await bed.rig.until('the card is dropped', 20_000, async () => {
    const alerts = await bed.rig.station.api<AlertView[]>('GET', '/alerts')
    return alerts.find((alert) => alert.alertId === card?.alertId)?.state === 'cancelled'
  })
})

it('what was done is told: rows of the logbook, each once, in one unbroken chain', async () => {
  await bed.rig.until('everything is told', 20_000, async () => {
    const rows = await bed.province.records()
    return rows.some((row) => row.kind === 'province.item' && row.measured?.['state'] === 'declined')
  })
  const rows = await bed.province.records()
  expect(new Set(rows.map((row) => row.entryId)).size).toBe(rows.length)
  for (const [index, row] of rows.entries()) {
    const before = rows[index - 1]
    if (before !== undefined && before.seq === row.seq - 1) expect(row.prevHash).toBe(before.hash)
  }
  expect((await bed.province.state()).stations[0]?.contradictions).toBe(0)
})

// The outbox over weeks: it is kept within its bound every minute, what was given up or parked is told, also what an earlier boot parked.
import { expect, it } from 'vitest'
import type { Link } from '../../../station/province/link.ts'
import { OutboxCourier, outboxLimit } from '../../../station/province/outbox-courier.ts'
import type { ProvincePorts } from '../../../station/province/ports.ts'
import type { OutboxState } from '../../../station/store/index.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

async function started(state: Partial<OutboxState> = {}) {
  const clock = new VirtualClock()
  const alarms: string[] = []
  const trimmed: number[] = []
  const nothing: OutboxState = { waiting: 0, oldestAtMs: null, parked: 0, parkedSeq: null, dropped: 0 }
  const box = { ...nothing, ...state }
  const done = () => Promise.resolve()
  const raise = (code: string, _subject: string, params: object) => alarms.push(`${code} ${JSON.stringify(params)}`)
  const ports = {
    clock,
    config: { province: { adapter: 'http' } },
    random: () => 0.5,
    onChanged: () => undefined,
    trouble: { warn: (detail: object) => expect.fail(JSON.stringify(detail)) },
    alarms: { raise, set: (on: boolean, code: string, subject: string, params: object) => void (on && raise(code, subject, params)) },
    store: {
      outbox: {
        open: done,
        state: () => Promise.resolve({ ...box }),
        next: () => Promise.resolve([]),
        trim(limit: number) {
          trimmed.push(limit)
          const over = Math.max(0, box.waiting - limit)
          box.waiting -= over
          box.dropped += over
          return Promise.resolve(over)
        },
      },
    },
  } as unknown as ProvincePorts
  const courier = new OutboxCourier(ports, {} as Link, done, done)
  await courier.start()
  return { clock, alarms, trimmed, box, courier }
}

it('N1: every minute it is kept within its bound; what was given up for it is counted and told', async () => {
  const { clock, alarms, trimmed, box, courier } = await started({ waiting: 12 })
  await clock.advance(120_000)
  expect([trimmed, alarms]).toEqual([[outboxLimit, outboxLimit], []])
  box.waiting = outboxLimit + 7
  await clock.advance(60_000)
  expect(courier.view).toMatchObject({ waiting: outboxLimit, dropped: 7 })
  expect(alarms).toEqual(['PROVINCE_OUTBOX_DROPPED {"count":7}'])
  courier.close()
  await clock.advance(120_000)
  expect(trimmed).toHaveLength(3)
})

it('N10: a row that an earlier boot parked is told again: nobody has told it to the province since', async () => {
  const { alarms, courier } = await started({ parked: 2, parkedSeq: 41 })
  expect(alarms).toEqual(['PROVINCE_OUTBOX_PARKED {"seq":41}'])
  courier.close()
})

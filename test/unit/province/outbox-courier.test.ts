// The outbox over weeks: it is kept within its bound every minute, what was given up or parked is told, also what an earlier boot parked.
import { expect, it } from 'vitest'
import type { Link } from '../../../station/province/link.ts'
import { OutboxCourier, outboxLimit } from '../../../station/province/outbox-courier.ts'
import type { ProvincePorts } from '../../../station/province/ports.ts'
import type { OutboxState } from '../../../station/store/index.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

/** @param parkedRows parked by an earlier boot */
function bed(state: Partial<OutboxState> = {}, parkedRows: readonly number[] = []) {
  const clock = new VirtualClock()
  const alarms: string[] = []
  const cleared: string[] = []
  const trimmed: number[] = []
  const nothing: OutboxState = { waiting: 0, oldestAtMs: null, parked: 0, parkedSeq: null, dropped: 0 }
  const box = { ...nothing, ...state }
  /** By sequence, why it is parked; null = it waits. */
  const rows = new Map<number, string | null>(parkedRows.map((seq) => [seq, 'unacceptable']))
  const waiting = () => [...rows].flatMap(([seq, why]) => (why === null ? [seq] : [])).sort((a, b) => a - b)
  const sent: number[][] = []
  const province = { refuses: (_seq: number) => false }
  const link = {
    deliver(records: readonly { readonly seq: number }[]) {
      sent.push(records.map(({ seq }) => seq))
      return Promise.resolve(records.some(({ seq }) => province.refuses(seq)) ? 'unacceptable' : 'committed')
    },
  } as unknown as Link
  const done = () => Promise.resolve()
  const raise = (code: string, _subject: string, params: object) => alarms.push(`${code} ${JSON.stringify(params)}`)
  const ports = {
    clock,
    config: { province: { adapter: 'http' } },
    random: () => 0.5,
    onChanged: () => undefined,
    trouble: { warn: (detail: object) => expect.fail(JSON.stringify(detail)) },
    alarms: {
      raise,
      set(on: boolean, code: string, subject: string, params: object) {
        if (on) raise(code, subject, params)
        else cleared.push(code)
      },
    },
    store: {
      outbox: {
        open: done,
        state() {
          const parked = [...rows].flatMap(([seq, why]) => (why === null ? [] : [seq]))
          return Promise.resolve({ ...box, parked: parked.length, parkedSeq: parked.sort((a, b) => a - b)[0] ?? null })
        },
        next: (limit: number) =>
          Promise.resolve(
            waiting()
              .slice(0, limit)
              .map((seq) => ({ seq, hash: `${seq}` })),
          ),
        committed(seqs: readonly number[]) {
          for (const seq of seqs) rows.delete(seq)
          return done()
        },
        park(seq: number, reason: string) {
          rows.set(seq, reason)
          return done()
        },
        unpark(reason: string | null) {
          const again = [...rows].filter(([, why]) => why !== null && (reason === null || why === reason))
          for (const [seq] of again) rows.set(seq, null)
          return Promise.resolve(again.length)
        },
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
  const courier = new OutboxCourier(ports, link, done, done)
  const written = async (...seqs: number[]) => {
    for (const seq of seqs) rows.set(seq, null)
    courier.rowWritten()
    await clock.advance(1000)
  }
  const start = () => courier.start().then(() => clock.advance(0))
  return { clock, alarms, cleared, trimmed, box, courier, rows, sent, province, written, start }
}

it('N1: every minute it is kept within its bound; what was given up for it is counted and told', async () => {
  const { clock, alarms, trimmed, box, courier, start } = bed({ waiting: 12 })
  await start()
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
  const { alarms, courier, province, start } = bed({}, [41, 57])
  province.refuses = (seq) => seq === 41
  await start()
  expect(new Set(alarms)).toEqual(new Set(['PROVINCE_OUTBOX_PARKED {"seq":41}']))
  expect(courier.view).toMatchObject({ parked: 1, parkedSeq: 41 })
  courier.close()
})

it('a province that would have nothing for an hour loses no row: with the first batch that it takes, all are told and the alarm ends', async () => {
  const { alarms, cleared, courier, rows, sent, province, written, start } = bed()
  await start()
  province.refuses = () => true
  await written(1, 2, 3, 4, 5, 6, 7, 8)
  expect(courier.view).toMatchObject({ parked: 8 })
  expect(alarms.at(-1)).toBe('PROVINCE_OUTBOX_PARKED {"seq":1}')
  province.refuses = () => false
  cleared.length = 0
  await written(9)
  expect([rows.size, new Set(sent.flat()).size]).toEqual([0, 9])
  expect(courier.view.parked).toBe(0)
  expect(cleared).toContain('PROVINCE_OUTBOX_PARKED')
  courier.close()
})

it('N10: a row with something wrong is asked about once more and then once a day; its alarm does not come and go', async () => {
  const { clock, alarms, cleared, courier, rows, sent, province, written, start } = bed()
  await start()
  province.refuses = (seq) => seq === 2
  await written(1, 2, 3)
  cleared.length = 0
  await written(4)
  for (let seq = 5; seq < 50; seq++) await written(seq)
  expect([...rows.keys()]).toEqual([2])
  const asked = () => sent.filter((seqs) => seqs.includes(2)).length
  const before = asked()
  expect(before, 'halved, by itself, and once more').toBeLessThan(8)
  await clock.advance(86_400_000)
  expect([asked(), [...rows.keys()]]).toEqual([before + 1, [2]])
  expect(cleared).not.toContain('PROVINCE_OUTBOX_PARKED')
  expect(alarms.at(-1)).toBe('PROVINCE_OUTBOX_PARKED {"seq":2}')
  // The province was mended for this one as well.
  province.refuses = () => false
  await clock.advance(86_400_000)
  expect([rows.size, courier.view.parked]).toEqual([0, 0])
  expect(cleared).toContain('PROVINCE_OUTBOX_PARKED')
  courier.close()
})

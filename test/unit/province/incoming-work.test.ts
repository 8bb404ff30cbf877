// How the card of an order stands, as the province is told of it.
import { expect, test } from 'vitest'
import type { AlertState } from '../../../shared/domain/alert.ts'
import { IncomingWork } from '../../../station/province/incoming-work.ts'

const standing = (state: AlertState) => {
  const card = { state, revision: 1, previewedMs: 0 }
  const work = new IncomingWork({ alerts: { find: () => card } } as unknown as ConstructorParameters<typeof IncomingWork>[0])
  return work.standing({ alertId: 'al', alertRevision: 1, taken: { revision: 1 }, item: { revision: 1 } } as never)
}

test('an order is over once its card was aired: one on air has begun, and may still be cut off', async () => {
  expect(await standing('armed')).toEqual({ touched: true, begun: false, over: false })
  expect(await standing('airing')).toEqual({ touched: true, begun: true, over: false })
  expect(await standing('aired')).toEqual({ touched: true, begun: true, over: true })
  expect(await standing('ready')).toEqual({ touched: false, begun: false, over: false })
})

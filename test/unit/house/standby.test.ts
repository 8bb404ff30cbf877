// S10 for what may sound at any moment: a key or fill whose bytes were changed is not played, and is told.
import { expect, test } from 'vitest'
import type { CartId } from '../../../shared/domain/ids.ts'
import type { Cart } from '../../../shared/domain/library.ts'
import { AlarmsService } from '../../../station/health/index.ts'
import { fills } from '../../../station/house/recordings.ts'
import { Standby } from '../../../station/house/standby.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const [chime, fill, other] = ['chime', 'fill', 'other'] as CartId[] as [CartId, CartId, CartId]
const cart = (cartId: CartId) => ({ cartId, title: `bài ${cartId}`, contentType: cartId === chime ? 'jingle' : 'fill' }) as Cart

function made() {
  const clock = new VirtualClock()
  const quiet = () => undefined
  const alarms = new AlarmsService(clock, { onChanged: quiet, onRaised: quiet, onCleared: quiet, onAcknowledged: quiet })
  const wrong = new Map<CartId, 'changed' | 'missing'>()
  let [wanted, changes, proofs] = [[chime, fill] as readonly CartId[], 0, 0]
  const catalog = { get: (cartId: CartId) => cart(cartId), all: () => [cart(chime), cart(fill), cart(other)] }
  const standby = new Standby({
    clock,
    alarms,
    catalog,
    library: {
      prove: async ({ cartId }) => {
        proofs++
        const reason = wrong.get(cartId)
        return reason === undefined ? { ok: true } : { ok: false, reason }
      },
    },
    wanted: () => wanted,
    onChanged: () => changes++,
    log: quiet,
  })
  const told = () => alarms.views().map(({ code, params }) => `${code} ${String(params['title'])}`)
  return { clock, standby, wrong, told, catalog, want: (ids: readonly CartId[]) => (wanted = ids), count: () => ({ changes, proofs }) }
}

test('what is as it was approved may be played, and nothing is told', async () => {
  const { standby, told, count } = made()
  standby.watch()
  await standby.looked()
  expect([standby.mayPlay(chime), standby.mayPlay(fill), told(), count()]).toEqual([true, true, [], { changes: 0, proofs: 2 }])
})

test('S10: changed bytes are found within a minute, not played, an alarm, and all is well again when the file is', async () => {
  const { clock, standby, wrong, told } = made()
  standby.watch()
  await standby.looked()
  wrong.set(chime, 'changed')
  await clock.advance(60_000)
  await standby.looked()
  expect([standby.mayPlay(chime), standby.mayPlay(fill), told()]).toEqual([false, true, ['MEDIA_CHANGED bài chime']])
  wrong.clear()
  await clock.advance(60_000)
  await standby.looked()
  expect([standby.mayPlay(chime), told()]).toEqual([true, []])
})

test('S9: one that is gone is told as such; what is wanted no more is no alarm', async () => {
  const { standby, wrong, told, want } = made()
  wrong.set(chime, 'missing')
  standby.look()
  await standby.looked()
  expect(told()).toEqual(['STANDBY_UNPLAYABLE bài chime'])
  want([fill])
  standby.look()
  await standby.looked()
  expect(told()).toEqual([])
})

test('fill that may not be played gives way to another one', async () => {
  const { catalog } = made()
  const config = (defaultFillCartId: CartId | null) => ({ schedule: { defaultFillCartId } }) as never
  expect(fills(config(null), catalog)).toEqual([fill, other])
  expect(fills(config(other), catalog)).toEqual([other, fill])
})

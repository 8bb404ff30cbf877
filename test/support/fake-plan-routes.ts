// The fake station's answers to what is planned, kept and looked at: schedule, library, devices, province, recordings, logbook.
import { implement } from '@orpc/server'
import { fold } from '../../shared/domain/fold.ts'
import type { RundownItem } from '../../shared/domain/schedule.ts'
import { type BroadcastDay, dayOf } from '../../shared/domain/time.ts'
import { contract } from '../../shared/rpc/contract.ts'
import { fakePeaks } from './fake-data.ts'
import { fakePin } from './fake-people.ts'
import { refuse } from './fake-refusal.ts'
import type { FakeStation } from './fake-station.ts'

export function planRoutes(station: FakeStation) {
  const os = implement(contract)
  const take = station.take.bind(station)
  const did = station.did.bind(station)
  const incoming = async (name: string, input: { itemId: string }) => {
    await take(name, input)
    const found = station.world.province.incoming.find((one) => one.item.itemId === input.itemId)
    if (found === undefined) throw refuse('NOT_FOUND')
    return found
  }
  const replan = (day: BroadcastDay, change: (items: RundownItem[]) => RundownItem[]) => {
    const before = station.days.get(day) ?? []
    station.undo.push([day, before])
    station.days.set(day, change(before))
    return station.planDay(day)
  }
  return {
    schedule: {
      day: os.schedule.day.handler(({ input }) => station.planDay(input.day)),
      add: os.schedule.add.handler(async ({ input }) => {
        await take('add', input)
        const item = { ...input.draft, itemId: `item-${Date.now()}` as never, day: input.day, position: 0 }
        return replan(input.day, (items) => items.toSpliced(input.position ?? items.length, 0, item))
      }),
      update: os.schedule.update.handler(async ({ input }) => {
        await take('update', input)
        return replan(input.day, (items) => items.map((item) => (item.itemId === input.itemId ? { ...item, ...input.draft } : item)))
      }),
      move: os.schedule.move.handler(async ({ input }) => {
        await take('move', input)
        return replan(input.day, (items) => {
          const item = items.find((each) => each.itemId === input.itemId)
          if (item === undefined) throw refuse('NOT_FOUND')
          return items.filter((each) => each !== item).toSpliced(input.position, 0, item)
        })
      }),
      remove: os.schedule.remove.handler(async ({ input }) => {
        await take('remove', input)
        return replan(input.day, (items) => items.filter((item) => item.itemId !== input.itemId))
      }),
      undo: os.schedule.undo.handler(async ({ input }) => {
        await take('undo', input)
        const last = station.undo.pop()
        if (last === undefined) throw refuse('NOTHING_TO_UNDO')
        station.days.set(last[0], last[1])
        return station.planDay(last[0])
      }),
      copyDay: os.schedule.copyDay.handler(async ({ input }) => {
        await take('copyDay', input)
        return replan(input.to, () => [...(station.days.get(input.day) ?? [])])
      }),
    },
    library: {
      list: os.library.list.handler(() => station.world.library.carts),
      peaks: os.library.peaks.handler(({ input }) =>
        fakePeaks(
          Number(input.cartId.replace(/\D/g, '')) || 1,
          station.world.library.carts.find((cart) => cart.cartId === input.cartId)?.durationMs ?? 60_000,
        ),
      ),
      update: os.library.update.handler(async ({ input }) => {
        await take('updateCart', input)
        const carts = station.world.library.carts.map((cart) =>
          cart.cartId === input.cartId ? { ...cart, title: input.title, contentType: input.contentType } : cart,
        )
        station.change({ library: { ...station.world.library, carts } })
        return carts.find((cart) => cart.cartId === input.cartId)!
      }),
      remove: os.library.remove.handler(async ({ input }) => {
        await take('removeCart', input)
        throw refuse('CART_IN_USE')
      }),
      preview: os.library.preview.handler(({ input }) =>
        did('previewCart', input, () =>
          station.startCue(
            'cart',
            input.cartId,
            input.offsetMs,
            station.world.library.carts.find((cart) => cart.cartId === input.cartId)?.durationMs ?? 0,
          ),
        ),
      ),
      dismissImport: os.library.dismissImport.handler(({ input }) =>
        did('dismissImport', input, () =>
          station.change({
            library: {
              ...station.world.library,
              imports: station.world.library.imports.filter((each) => each.importId !== input.importId),
            },
          }),
        ),
      ),
    },
    devices: {
      list: os.devices.list.handler(() => station.world.devices),
      setCarrier: os.devices.setCarrier.handler(({ input }) => did('setCarrier', input)),
      setPower: os.devices.setPower.handler(({ input }) => did('setPower', input)),
      setDeskChannel: os.devices.setDeskChannel.handler(({ input }) =>
        did('setDeskChannel', input, () =>
          station.change({
            devices: station.world.devices.map((device) =>
              device.desk === null
                ? device
                : {
                    ...device,
                    desk: {
                      ...device.desk,
                      channels: device.desk.channels.map((channel) =>
                        channel.channel === input.channel
                          ? { ...channel, faderDb: input.faderDb ?? channel.faderDb, muted: input.muted ?? channel.muted }
                          : channel,
                      ),
                    },
                  },
            ),
          }),
        ),
      ),
    },
    province: {
      pull: os.province.pull.handler(({ input }) => did('province.pull', input)),
      place: os.province.place.handler(({ input }) => incoming('province.place', input)),
      decline: os.province.decline.handler(({ input }) => incoming('province.decline', input)),
      resolve: os.province.resolve.handler(({ input }) => incoming('province.resolve', input)),
      card: os.province.card.handler(({ input }) => incoming('province.card', input)),
    },
    alarms: {
      acknowledge: os.alarms.acknowledge.handler(({ input }) =>
        did('acknowledge', input, () =>
          station.change({
            alarms: station.world.alarms.map((alarm) =>
              alarm.alarmId === input.alarmId ? { ...alarm, acknowledgedAtMs: station.now() } : alarm,
            ),
          }),
        ),
      ),
    },
    recordings: {
      day: os.recordings.day.handler(async ({ input }) => {
        await station.holdRecordings
        return station.review.recordings(input.day, input.outputId, station.now())
      }),
      peaks: os.recordings.peaks.handler(() => fakePeaks(7, 300_000)),
    },
    logbook: {
      day: os.logbook.day.handler(({ input }) =>
        station.rows.filter((row) => dayOf(row.atMs) === input.day && row.seq > input.afterSeq).slice(0, input.limit),
      ),
      verify: os.logbook.verify.handler(async () => {
        await take('verify', {})
        return {
          ok: true,
          rows: station.rows.length,
          headSeq: station.rows.at(-1)?.seq ?? 0,
          headHash: station.rows.at(-1)?.hash ?? '',
        } as const
      }),
      search: os.logbook.search.handler(({ input }) =>
        station.rows.filter((row) => fold(row.subject).includes(fold(input.text)) && row.seq < input.beforeSeq).toReversed(),
      ),
      review: os.logbook.review.handler(({ input }) => station.review.day(input.day)),
      month: os.logbook.month.handler(({ input }) => station.review.month(input.month)),
      annotate: os.logbook.annotate.handler(async ({ input }) => {
        await take('annotate', input)
        return station.review.write(input.day, { kind: 'note', differenceId: null, text: input.text })
      }),
      ask: os.logbook.ask.handler(async ({ input }) => {
        await take('ask', input)
        const { day, differenceId, text } = input
        const question = { day, differenceId, text, atMs: station.now(), by: station.session.person?.name ?? '' }
        station.change({ questions: [...station.world.questions, question] })
        return station.review.write(input.day, { kind: 'asked', differenceId: input.differenceId, text: input.text })
      }),
      answer: os.logbook.answer.handler(async ({ input }) => {
        await take('answer', input)
        station.change({ questions: station.world.questions.filter((one) => one.differenceId !== input.differenceId) })
        return station.review.write(input.day, { kind: 'answered', differenceId: input.differenceId, text: input.text })
      }),
      sign: os.logbook.sign.handler(async ({ input }) => {
        await take('sign', input)
        if (input.pin !== fakePin) throw refuse('PIN_WRONG')
        return station.review.sign(input.day, station.session.person?.name ?? '')
      }),
    },
  }
}

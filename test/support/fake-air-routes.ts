// The fake station's answers to what is on air: session, people, outputs, alerts.
import { implement } from '@orpc/server'
import { epochMs } from '../../shared/domain/time.ts'
import { contract } from '../../shared/rpc/contract.ts'
import { mayDo, rights } from '../../shared/rpc/rights.ts'
import { fakeAlert, fakeAudio } from './fake-alerts.ts'
import { fakePin } from './fake-people.ts'
import { refuse } from './fake-refusal.ts'
import type { FakeStation } from './fake-station.ts'

export function airRoutes(station: FakeStation) {
  const os = implement(contract)
  const take = station.take.bind(station)
  const did = station.did.bind(station)
  /** The station's own rule and its own answer, as `station/rpc/session-door.ts` gives it. */
  const mayChangePeople = async (name: 'people.save' | 'people.renewPin' | 'people.remove', input: unknown) => {
    await take(name, input)
    if (!mayDo(station.session.role, name)) throw refuse('ROLE_NEEDED', { operation: name, roles: rights[name].join(', ') })
  }
  const alertOf = (alertId: string) => {
    const alert = station.world.alerts.alerts.find((each) => each.alertId === alertId)
    if (alert === undefined) throw refuse('NOT_FOUND')
    return alert
  }
  return {
    station: {
      info: os.station.info.handler(() => station.world.station),
      subscribe: os.station.subscribe.handler(({ signal }) => station.messages(signal)),
      meters: os.station.meters.handler(({ signal }) => station.meters(signal)),
    },
    session: {
      createCode: os.session.createCode.handler(() => ({ code: 'fake', expiresAtMs: station.now() })),
      view: os.session.view.handler(() => station.session),
      people: os.session.people.handler(() => [...station.people.list]),
      signIn: os.session.signIn.handler(async ({ input }) => {
        await take('session.signIn', input)
        const person = station.people.list.find((each) => each.personId === input.personId)
        if (person === undefined || input.pin !== fakePin) throw refuse('PIN_WRONG')
        station.session = { role: person.role, person, untilMs: epochMs(station.now() + 1_800_000) }
        return station.session
      }),
      signOut: os.session.signOut.handler(() => {
        station.session = { role: 'operator', person: null, untilMs: null }
        return station.session
      }),
    },
    people: {
      save: os.people.save.handler(async ({ input }) => {
        await mayChangePeople('people.save', input)
        return station.people.save(input)
      }),
      renewPin: os.people.renewPin.handler(async ({ input }) => {
        await mayChangePeople('people.renewPin', input)
        return station.people.renewPin(input.personId)
      }),
      remove: os.people.remove.handler(async ({ input }) => {
        await mayChangePeople('people.remove', input)
        station.people.remove(input.personId)
        return { done: true } as const
      }),
      firstPins: os.people.firstPins.handler(() => []),
    },
    onair: {
      outputs: os.onair.outputs.handler(() => station.world.onair),
      next: os.onair.next.handler(({ input }) =>
        did('next', input, () => {
          const output = station.world.onair.find((each) => each.outputId === input.outputId)
          if (output?.phase === 'cutIn') throw refuse('ALERT_HOLDS_AIR')
        }),
      ),
      hold: os.onair.hold.handler(({ input }) => did('hold', input, () => station.one(input.outputId, { phase: 'held' }))),
      release: os.onair.release.handler(({ input }) => did('release', input, () => station.one(input.outputId, { phase: 'programme' }))),
      resume: os.onair.resume.handler(({ input }) =>
        did('resume', input, () =>
          station.one(
            input.outputId,
            station.output(input.outputId, station.world.onair.find((each) => each.outputId === input.outputId)?.name ?? '', false),
          ),
        ),
      ),
      openInput: os.onair.openInput.handler(({ input }) =>
        did('openInput', input, () =>
          station.setOutputs({ phase: 'liveInput', openInputs: [input.inputId], soundingInputs: [input.inputId] }),
        ),
      ),
      closeInput: os.onair.closeInput.handler(({ input }) =>
        did('closeInput', input, () => station.setOutputs({ phase: 'programme', openInputs: [], soundingInputs: [] })),
      ),
      stop: os.onair.stop.handler(({ input }) =>
        did('stop', input, () => {
          station.change({ station: { ...station.world.station, mode: 'stopped' } })
          station.setOutputs({
            phase: 'stopped',
            onAir: 'off',
            stoppedSinceMs: station.now(),
            now: null,
            cutIn: null,
            carriers: station.world.onair[0]?.carriers.map((carrier) => ({ ...carrier, state: 'down' as const, measured: 0 })) ?? [],
          })
        }),
      ),
      reopen: os.onair.reopen.handler(({ input }) =>
        did('reopen', input, () => {
          station.change({
            station: { ...station.world.station, mode: 'auto' },
            onair: station.world.onair.map((output) => station.output(output.outputId, output.name, false)),
          })
        }),
      ),
      hotKey: os.onair.hotKey.handler(({ input }) => did('hotKey', input, () => station.setOutputs({ hotKeysPlaying: [input.slot] }))),
      stopHotKey: os.onair.stopHotKey.handler(({ input }) => did('stopHotKey', input, () => station.setOutputs({ hotKeysPlaying: [] }))),
      assignHotKey: os.onair.assignHotKey.handler(({ input }) =>
        did('assignHotKey', input, () => {
          const cart = station.world.library.carts.find((each) => each.cartId === input.cartId)
          station.change({
            hotKeys: station.world.hotKeys.map((key) =>
              key.slot === input.slot
                ? {
                    slot: key.slot,
                    title: cart?.title ?? null,
                    cartId: cart?.cartId ?? null,
                    durationMs: cart?.durationMs ?? null,
                    loop: input.loop,
                  }
                : key,
            ),
          })
        }),
      ),
    },
    alerts: {
      list: os.alerts.list.handler(() => station.world.alerts.alerts),
      get: os.alerts.get.handler(({ input }) => alertOf(input.alertId)),
      compose: os.alerts.compose.handler(async ({ input }) => {
        await take('compose', input)
        if (input.draft.mode === 'drill' && input.draft.source.kind === 'text' && /không phải diễn tập/i.test(input.draft.source.text))
          throw refuse('DRILL_TEXT_DENIES_DRILL')
        const id = input.alertId ?? `alert-${station.world.alerts.alerts.length + 1}`
        const text = input.draft.source.kind === 'text' ? input.draft.source.text : ''
        const made = fakeAlert(
          id,
          {
            ...input.draft,
            state: 'ready',
            audio: fakeAudio(text, input.draft.attentionTone ? 8_000 : 0, input.draft.readings),
            createdAtMs: station.now(),
          },
          station.now(),
        )
        station.change({
          alerts: { ...station.world.alerts, alerts: [...station.world.alerts.alerts.filter((alert) => alert.alertId !== id), made] },
        })
        return made
      }),
      preview: os.alerts.preview.handler(({ input }) =>
        did('preview', input, () => station.startCue('alert', input.alertId, input.offsetMs, alertOf(input.alertId).audio?.totalMs ?? 0)),
      ),
      stopPreview: os.alerts.stopPreview.handler(() =>
        did('stopPreview', {}, () => {
          const cue = station.world.cue
          if (cue?.subject.kind === 'alert')
            station.setAlert(cue.subject.id, { previewedMs: alertOf(cue.subject.id).previewedMs + station.now() - cue.startedAtMs })
          station.change({ cue: null })
        }),
      ),
      previewed: os.alerts.previewed.handler(({ input }) =>
        did('previewed', input, () => void station.setAlert(input.alertId, { previewedMs: input.ms })),
      ),
      arm: os.alerts.arm.handler(async ({ input }) => {
        await take('arm', input)
        const { interrupted } = alertOf(input.alertId)
        const cutOff = interrupted === undefined ? {} : { interrupted: { ...interrupted, continues: input.from === 'interruption' } }
        return station.setAlert(input.alertId, { state: 'armed', ...cutOff })
      }),
      disarm: os.alerts.disarm.handler(async ({ input }) => {
        await take('disarm', input)
        return station.setAlert(input.alertId, { state: 'ready' })
      }),
      fire: os.alerts.fire.handler(async ({ input }) => {
        await take('fire', input)
        if (alertOf(input.alertId).state !== 'armed') throw refuse('ALERT_NOT_ARMED')
        const cutInId = input.cutInId ?? ('cutin-x' as never)
        station.air(input.alertId, cutInId, input.via)
        return { cutInId }
      }),
      stop: os.alerts.stop.handler(({ input }) => did('stopAlert', input, () => station.endAir(input.cutInId))),
      cutIn: os.alerts.cutIn.handler(({ input }) => {
        const found = station.cutIns.get(input.cutInId)
        if (found === undefined) throw refuse('NOT_FOUND')
        return found
      }),
      cancel: os.alerts.cancel.handler(async ({ input }) => {
        await take('cancel', input)
        return station.setAlert(input.alertId, { state: 'cancelled' })
      }),
    },
  }
}

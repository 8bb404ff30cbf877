// The contract's procedures, each a line that calls a service. A missing or misfitting one does not compile.
import { implement, ORPCError } from '@orpc/server'
import type { MeterFrame } from '../../shared/rpc/contract.ts'
import { contract } from '../../shared/rpc/contract.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { ChainVerdict, LogRow } from '../../shared/domain/logbook.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import type { ProvinceSlice } from '../../shared/domain/province.ts'
import type { ScreenMessage } from '../../shared/domain/station.ts'
import type { AlertsService } from '../alerts/index.ts'
import type { AlarmsService, DiskLevel } from '../health/index.ts'
import type { CartCatalog, Library } from '../library/index.ts'
import type { AirCheckService, LogbookService, ReviewService, SheetService } from '../logbook/index.ts'
import type { HotKeys, OnAirService } from '../onair/index.ts'
import type { PeopleService } from '../people/index.ts'
import type { PlantService } from '../plant/index.ts'
import { assertProvince, type ProvinceService } from '../province/index.ts'
import type { ScheduleService } from '../schedule/index.ts'
import type { ScreenHub, Subscription } from '../screen/index.ts'
import { authorise, SessionDoor } from './session-door.ts'
import type { Caller, Sessions } from './sessions.ts'

/** The province area, whenever it runs. */
export interface ProvinceDoor {
  /** null = none is configured, or it could not be started yet. */
  readonly service: ProvinceService | null
  slice(): ProvinceSlice
}

export interface StationServices {
  readonly outputIds: readonly OutputId[]
  readonly screens: ScreenHub
  readonly onair: OnAirService
  readonly alerts: AlertsService
  readonly schedule: ScheduleService
  readonly library: Library
  readonly catalog: CartCatalog
  readonly hotKeys: HotKeys
  readonly plant: PlantService
  readonly province: ProvinceDoor
  readonly alarms: AlarmsService
  readonly logbook: LogbookService
  readonly people: PeopleService
  readonly review: ReviewService
  readonly airCheck: AirCheckService
  readonly sheets: SheetService
  /** Anything but ok: nothing new is brought in. */
  diskLevel(): DiskLevel
  /** The whole chain, now; one that is found broken is an alarm like the minute's. */
  verifyLogbook(): Promise<ChainVerdict>
  searchLogbook(query: { text: string; beforeSeq: number; limit: number }): Promise<LogRow[]>
  subscribeMeters(signal: AbortSignal | undefined): Subscription<MeterFrame>
}

const done = { done: true as const }

/** The caller of each procedure: who opened the door, and what they are at this moment. */
export interface CallContext {
  readonly caller: Caller
}

/**
 * Asks the matrix before each procedure. Services refuse with OperatorError; callers get the contract's typed error.
 * Anything else is a bug and stays one.
 */
function guarded(sessions: Sessions) {
  return implement(contract)
    .$context<CallContext>()
    .use(async ({ context, path, next }) => {
      try {
        const principal = authorise(sessions, context.caller, path.join('.'))
        return await next({ context: { principal } })
      } catch (error) {
        if (error instanceof OperatorError)
          throw new ORPCError('REFUSED', {
            status: 409,
            message: error.message,
            data: { code: error.code, detail: { ...error.detail } },
            cause: error,
          })
        throw error
      }
    })
}

export function createRouter(services: StationServices, sessions: Sessions) {
  const { onair, hotKeys, catalog, alerts, schedule, library, plant, alarms, logbook, screens, people, review } = services
  const os = guarded(sessions)
  const door = new SessionDoor(sessions, people, logbook)
  const province = () => assertProvince(services.province.service, services.province.slice().adapter)
  const all = (outputIds: readonly OutputId[]) => (outputIds.length > 0 ? outputIds : services.outputIds)
  return os.router({
    station: {
      info: os.station.info.handler(() => screens.snapshot().station),
      subscribe: os.station.subscribe.handler(async function* ({ signal }): AsyncGenerator<ScreenMessage> {
        yield* screens.subscribe(signal)
      }),
      meters: os.station.meters.handler(async function* ({ signal }): AsyncGenerator<MeterFrame> {
        yield* services.subscribeMeters(signal)
      }),
    },
    session: {
      createCode: os.session.createCode.handler(() => sessions.createCode()),
      view: os.session.view.handler(({ context }) => sessions.view(context.caller)),
      people: os.session.people.handler(() => [...people.list()]),
      signIn: os.session.signIn.handler(({ input, context }) => door.signIn(context.caller, input.personId, input.pin)),
      signOut: os.session.signOut.handler(({ context }) => door.signOut(context.caller)),
    },
    people: {
      save: os.people.save.handler(({ input, context }) => people.save(input, context.principal.actor)),
      renewPin: os.people.renewPin.handler(({ input, context }) => people.renewPin(input.personId, context.principal.actor)),
      remove: os.people.remove.handler(async ({ input, context }) => {
        await people.remove(input.personId, context.principal.actor)
        return done
      }),
      firstPins: os.people.firstPins.handler(() => [...people.firstPins()]),
    },
    onair: {
      outputs: os.onair.outputs.handler(() => onair.views()),
      next: os.onair.next.handler(({ input, context }) => (onair.next(input.outputId, input.expectItemId, context.principal.actor), done)),
      hold: os.onair.hold.handler(({ input, context }) => (onair.hold(input.outputId, context.principal.actor), done)),
      release: os.onair.release.handler(({ input, context }) => (onair.release(input.outputId, context.principal.actor), done)),
      resume: os.onair.resume.handler(({ input, context }) => (onair.resume(input.outputId, input.policy, context.principal.actor), done)),
      openInput: os.onair.openInput.handler(({ input, context }) => {
        onair.openInput({ ...input, outputIds: all(input.outputIds), actor: context.principal.actor })
        return done
      }),
      closeInput: os.onair.closeInput.handler(({ input, context }) => {
        onair.closeInput(input.inputId, all(input.outputIds), context.principal.actor)
        return done
      }),
      stop: os.onair.stop.handler(({ input, context }) => (onair.stop(all(input.outputIds), input.via, context.principal.actor), done)),
      reopen: os.onair.reopen.handler(({ input, context }) => (onair.reopen(all(input.outputIds), context.principal.actor), done)),
      hotKey: os.onair.hotKey.handler(({ input, context }) => {
        onair.playHotKey(input.slot, all(input.outputIds), input.via, context.principal.actor)
        return done
      }),
      stopHotKey: os.onair.stopHotKey.handler(({ input, context }) => {
        onair.stopHotKey(input.slot, all(input.outputIds), context.principal.actor)
        return done
      }),
      assignHotKey: os.onair.assignHotKey.handler(async ({ input, context }) => {
        await hotKeys.assign(input.slot, input.cartId, input.loop, context.principal.actor)
        return done
      }),
    },
    alerts: {
      list: os.alerts.list.handler(() => alerts.list()),
      get: os.alerts.get.handler(({ input }) => alerts.get(input.alertId)),
      compose: os.alerts.compose.handler(({ input, context }) =>
        alerts.compose(input.draft, input.alertId ?? null, undefined, context.principal.actor),
      ),
      preview: os.alerts.preview.handler(async ({ input, context }) => {
        await alerts.preview(input.alertId, input.offsetMs, context.principal.actor)
        return done
      }),
      stopPreview: os.alerts.stopPreview.handler(async () => {
        await alerts.stopPreview()
        return done
      }),
      previewed: os.alerts.previewed.handler(
        ({ input, context }) => (alerts.previewed(input.alertId, input.ms, context.principal.actor), done),
      ),
      arm: os.alerts.arm.handler(({ input, context }) => alerts.arm(input.alertId, context.principal.actor, input.from)),
      disarm: os.alerts.disarm.handler(({ input, context }) => alerts.disarm(input.alertId, context.principal.actor)),
      fire: os.alerts.fire.handler(({ input, context }) => ({ cutInId: alerts.fire({ ...input, actor: context.principal.actor }) })),
      stop: os.alerts.stop.handler(({ input, context }) => {
        onair.stopAlert(input.cutInId, all(input.outputIds), context.principal.actor)
        return done
      }),
      cutIn: os.alerts.cutIn.handler(({ input }) => onair.cutInView(input.cutInId)),
      cancel: os.alerts.cancel.handler(({ input, context }) => alerts.cancel(input.alertId, context.principal.actor)),
    },
    schedule: {
      day: os.schedule.day.handler(({ input }) => schedule.edits.day(input.day)),
      add: os.schedule.add.handler(({ input, context }) =>
        schedule.edits.add(input.day, input.draft, input.position ?? null, context.principal.actor),
      ),
      update: os.schedule.update.handler(({ input, context }) =>
        schedule.edits.update(input.day, input.itemId, input.draft, context.principal.actor),
      ),
      move: os.schedule.move.handler(({ input, context }) =>
        schedule.edits.move(input.day, input.itemId, input.position, context.principal.actor),
      ),
      remove: os.schedule.remove.handler(({ input, context }) => schedule.edits.remove(input.day, input.itemId, context.principal.actor)),
      undo: os.schedule.undo.handler(({ input, context }) => schedule.edits.undo(input.day, context.principal.actor)),
      copyDay: os.schedule.copyDay.handler(({ input, context }) => schedule.edits.copyDay(input.day, input.to, context.principal.actor)),
    },
    library: {
      list: os.library.list.handler(() => [...catalog.all()]),
      peaks: os.library.peaks.handler(({ input }) => library.peaks(input.cartId)),
      update: os.library.update.handler(({ input, context }) =>
        library.rename(input.cartId, { title: input.title, contentType: input.contentType }, context.principal.actor),
      ),
      remove: os.library.remove.handler(async ({ input, context }) => {
        await schedule.assertUnused(input.cartId)
        await library.remove(input.cartId, context.principal.actor)
        return done
      }),
      preview: os.library.preview.handler(async ({ input }) => {
        await alerts.previewCart(input.cartId, input.offsetMs)
        return done
      }),
      dismissImport: os.library.dismissImport.handler(({ input }) => (library.dismissImport(input.importId), done)),
    },
    devices: {
      list: os.devices.list.handler(() => plant.views()),
      setCarrier: os.devices.setCarrier.handler(
        ({ input, context }) => (plant.setManual(input.deviceId, input.on, context.principal.actor), done),
      ),
      setPower: os.devices.setPower.handler(
        ({ input, context }) => (plant.setPower(input.deviceId, input.powerW, context.principal.actor), done),
      ),
      setDeskChannel: os.devices.setDeskChannel.handler(({ input: { deviceId, ...channel }, context }) => {
        plant.setDeskChannel(deviceId, channel, context.principal.actor)
        return done
      }),
    },
    province: {
      state: os.province.state.handler(() => services.province.slice()),
      pull: os.province.pull.handler(() => (province().pullNow(), done)),
      place: os.province.place.handler(({ input: { itemId, ...choice }, context }) =>
        province().place(itemId, choice, context.principal.actor),
      ),
      decline: os.province.decline.handler(({ input, context }) => province().decline(input.itemId, input.reason, context.principal.actor)),
      resolve: os.province.resolve.handler(({ input, context }) => province().resolve(input.itemId, input.side, context.principal.actor)),
      card: os.province.card.handler(({ input, context }) => province().openCard(input.itemId, input.source, context.principal.actor)),
    },
    alarms: {
      list: os.alarms.list.handler(() => alarms.views()),
      acknowledge: os.alarms.acknowledge.handler(({ input, context }) => {
        if (!alarms.acknowledge(input.alarmId, context.principal.actor)) throw new OperatorError('NOT_FOUND', { alarmId: input.alarmId })
        return done
      }),
    },
    recordings: {
      day: os.recordings.day.handler(({ input }) => services.airCheck.day(input.day, input.outputId)),
      peaks: os.recordings.peaks.handler(({ input }) => services.airCheck.peaks(input.segmentId)),
    },
    logbook: {
      day: os.logbook.day.handler(({ input }) => logbook.rowsOfDay(input.day, input.afterSeq, input.limit)),
      verify: os.logbook.verify.handler(() => services.verifyLogbook()),
      search: os.logbook.search.handler(({ input }) => services.searchLogbook(input)),
      review: os.logbook.review.handler(({ input }) => review.day(input.day)),
      month: os.logbook.month.handler(({ input }) => review.month(input.month)),
      annotate: os.logbook.annotate.handler(({ input, context }) =>
        review.annotate(input.day, input.text, input.aboutSeq, context.principal.actor),
      ),
      ask: os.logbook.ask.handler(({ input, context }) => review.ask(input.day, input.differenceId, input.text, context.principal.actor)),
      answer: os.logbook.answer.handler(({ input, context }) =>
        review.answer(input.day, input.differenceId, input.text, context.principal.actor),
      ),
      sign: os.logbook.sign.handler(async ({ input, context }) => {
        const by = await door.prove(context.principal, input.pin)
        return review.sign(input.day, by.name)
      }),
    },
  })
}
export type StationRouter = ReturnType<typeof createRouter>

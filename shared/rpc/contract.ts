// The one contract of the station: REST under /api/v1 (with OpenAPI) and WebSocket RPC for the screens are both derived
// from it. Every refusal is the typed error REFUSED with an OperatorErrorCode and its details.
// Besides it the server has: POST /api/v1/library/files?name=…&title=…&contentType=… (raw body), GET /api/v1/library/{cartId}/audio.wav,
// GET /api/v1/alerts/{alertId}/audio.wav, GET /api/v1/recordings/{segmentId}/audio, GET /api/v1/logbook/{day}/sheet.(pdf|xlsx|csv), /metrics, /healthz, /api/v1/openapi.json, /rpc (WebSocket).
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { BusLevel, ResumePolicy } from '../audio-protocol.ts'
import { AirCheckDay, SegmentId } from '../domain/air-check.ts'
import { AlertDraft, AlertView, ArmFrom, CutInView, OrderVia } from '../domain/alert.ts'
import { DeviceView } from '../domain/device.ts'
import { AlertId, CartId, CutInId, DeviceId, InputId, ItemId, OutputId } from '../domain/ids.ts'
import { Cart, ContentType, Peaks } from '../domain/library.ts'
import { ChainVerdict, LogRow } from '../domain/logbook.ts'
import { AlarmView, OnAirOutputView } from '../domain/onair.ts'
import { DayReview, Month, MonthDay } from '../domain/review.ts'
import { IncomingView, PlaceChoice, ProvinceItemId, ProvinceSlice } from '../domain/province.ts'
import { DayPlan, RundownItemDraft } from '../domain/schedule.ts'
import { Person, PersonId, PersonWithPin, Pin, Role, SessionView } from '../domain/people.ts'
import { ScreenMessage, StationSlice } from '../domain/station.ts'
import { BroadcastDay, EpochMs } from '../domain/time.ts'

export const Refusal = z.object({ code: z.string(), detail: z.record(z.string(), z.union([z.string(), z.number()])) })
export type Refusal = z.infer<typeof Refusal>

const base = oc.errors({ REFUSED: { status: 409, message: 'refused', data: Refusal } })
const post = (path: `/${string}`, summary: string) => base.route({ method: 'POST', path, summary })
const get = (path: `/${string}`, summary: string) => base.route({ method: 'GET', path, summary })
const done = z.object({ done: z.literal(true) })

/** Empty = every output of the station. */
const outputIds = z.array(OutputId).default([])

/** 25 Hz; drawn outside React. */
export const MeterFrame = z.object({
  atMs: EpochMs,
  outputs: z.array(z.object({ outputId: OutputId, level: BusLevel, positionMs: z.number().nullable(), alertMs: z.number().nullable() })),
  cue: z.object({ level: BusLevel, positionMs: z.number().nullable() }).nullable(),
  inputs: z.array(z.object({ inputId: InputId, level: BusLevel })),
})
export type MeterFrame = z.infer<typeof MeterFrame>

export const contract = {
  station: {
    info: get('/station', 'Who this station is').output(StationSlice),
    subscribe: base.output(eventIterator(ScreenMessage)),
    meters: base.output(eventIterator(MeterFrame)),
  },
  session: {
    /** A one-time code for a browser: put in the address fragment, exchanged for a cookie. */
    createCode: post('/session/codes', 'Create a one-time sign-in code').output(z.object({ code: z.string(), expiresAtMs: EpochMs })),
    view: get('/session', 'What this window may do').output(SessionView),
    people: get('/session/people', 'Who can sign in here').output(z.array(Person)),
    /** Adds a person's role to this window; the bearer token has a role of its own and cannot. */
    signIn: post('/session/sign-in', 'Sign in by PIN')
      .input(z.object({ personId: PersonId, pin: Pin }))
      .output(SessionView),
    signOut: post('/session/sign-out', 'Back to the operator on duty').output(SessionView),
  },
  people: {
    /** The answer carries the PIN of a new person, once; '' where a known person was changed. */
    save: post('/people', 'Add or change a person')
      .input(z.object({ personId: PersonId.nullable().default(null), name: z.string().min(1).max(60), role: Role }))
      .output(z.object({ person: Person, pin: z.string() })),
    renewPin: post('/people/{personId}/pin', 'A new PIN, shown once')
      .input(z.object({ personId: PersonId }))
      .output(PersonWithPin),
    remove: base
      .route({ method: 'DELETE', path: '/people/{personId}', summary: 'Remove a person' })
      .input(z.object({ personId: PersonId }))
      .output(done),
    firstPins: post('/people/first-pins', 'PINs that training made at its first start; once').output(z.array(PersonWithPin)),
  },
  onair: {
    outputs: get('/onair', 'What is on air, output by output').output(z.array(OnAirOutputView)),
    /** `expectItemId`: what the caller saw on air; another one there = STALE_VIEW, so a double press takes once. */
    next: post('/onair/{outputId}/next', 'Go on to the next item now')
      .input(z.object({ outputId: OutputId, expectItemId: ItemId.nullable() }))
      .output(done),
    hold: post('/onair/{outputId}/hold', 'Hold the present item')
      .input(z.object({ outputId: OutputId }))
      .output(done),
    release: post('/onair/{outputId}/release', 'Continue the held item')
      .input(z.object({ outputId: OutputId }))
      .output(done),
    resume: post('/onair/{outputId}/resume', 'How to go on after an interruption')
      .input(z.object({ outputId: OutputId, policy: ResumePolicy }))
      .output(done),
    openInput: post('/onair/inputs/{inputId}/open', 'Open a microphone or line over the programme; with "emergency" it ranks with an alert')
      .input(
        z.object({
          inputId: InputId,
          outputIds,
          mode: z.enum(['replace', 'duck']).default('replace'),
          emergency: z.boolean().default(false),
          via: OrderVia.default('api'),
        }),
      )
      .output(done),
    closeInput: post('/onair/inputs/{inputId}/close', 'Close a microphone or line')
      .input(z.object({ inputId: InputId, outputIds, via: OrderVia.default('api') }))
      .output(done),
    stop: post('/onair/stop', 'Silence every loudspeaker; latches')
      .input(z.object({ outputIds, via: OrderVia.default('api') }))
      .output(done),
    reopen: post('/onair/reopen', 'Reopen after STOP').input(z.object({ outputIds })).output(done),
    hotKey: post('/onair/hot-keys/{slot}/play', 'Play a hot key over the programme')
      .input(z.object({ slot: z.coerce.number().int().min(1).max(8), outputIds, via: OrderVia.default('api') }))
      .output(done),
    stopHotKey: post('/onair/hot-keys/{slot}/stop', 'Stop a hot key')
      .input(z.object({ slot: z.coerce.number().int().min(1).max(8), outputIds }))
      .output(done),
    assignHotKey: post('/onair/hot-keys/{slot}', 'Assign or clear a hot key')
      .input(z.object({ slot: z.coerce.number().int().min(1).max(8), cartId: CartId.nullable(), loop: z.boolean().default(false) }))
      .output(done),
  },
  alerts: {
    list: get('/alerts', 'Alerts, newest first').output(z.array(AlertView)),
    get: get('/alerts/{alertId}', 'One alert')
      .input(z.object({ alertId: AlertId }))
      .output(AlertView),
    /** Creates or replaces a draft and renders its audio; the answer comes when it is ready or has failed. */
    compose: post('/alerts', 'Compose an alert and render it')
      .input(z.object({ alertId: AlertId.optional(), draft: AlertDraft }))
      .output(AlertView),
    preview: post('/alerts/{alertId}/preview', 'Play it on the cue device')
      .input(z.object({ alertId: AlertId, offsetMs: z.number().int().min(0).default(0) }))
      .output(done),
    stopPreview: post('/cue/stop', 'Stop whatever plays on the cue device').output(done),
    /** The browser played it (no cue device): tells how much was heard. */
    previewed: post('/alerts/{alertId}/previewed', 'Heard in the browser')
      .input(z.object({ alertId: AlertId, ms: z.number().min(0) }))
      .output(done),
    /** `interruption`: fired, it goes on where a restart cut it off; refused where nothing was. */
    arm: post('/alerts/{alertId}/arm', 'Arm')
      .input(z.object({ alertId: AlertId, from: ArmFrom.default('start') }))
      .output(AlertView),
    disarm: post('/alerts/{alertId}/disarm', 'Disarm')
      .input(z.object({ alertId: AlertId }))
      .output(AlertView),
    /** Idempotent by `cutInId`. A screen calls it when the hold is complete. */
    fire: post('/alerts/{alertId}/fire', 'Cut in now')
      .input(
        z.object({
          alertId: AlertId,
          cutInId: CutInId.optional(),
          via: OrderVia.default('api'),
          heldMs: z.number().int().min(0).optional(),
        }),
      )
      .output(z.object({ cutInId: CutInId })),
    stop: post('/cut-ins/{cutInId}/stop', 'End an airing; programme resumes')
      .input(z.object({ cutInId: CutInId, outputIds }))
      .output(done),
    cutIn: get('/cut-ins/{cutInId}', 'One airing')
      .input(z.object({ cutInId: CutInId }))
      .output(CutInView),
    cancel: post('/alerts/{alertId}/cancel', 'Withdraw; never aired')
      .input(z.object({ alertId: AlertId }))
      .output(AlertView),
  },
  schedule: {
    day: get('/schedule/{day}', 'A day’s rundown')
      .input(z.object({ day: BroadcastDay }))
      .output(DayPlan),
    add: post('/schedule/{day}/items', 'Add a row')
      .input(z.object({ day: BroadcastDay, draft: RundownItemDraft, position: z.number().int().min(0).optional() }))
      .output(DayPlan),
    update: base
      .route({ method: 'PUT', path: '/schedule/{day}/items/{itemId}', summary: 'Change a row' })
      .input(z.object({ day: BroadcastDay, itemId: ItemId, draft: RundownItemDraft }))
      .output(DayPlan),
    move: post('/schedule/{day}/items/{itemId}/move', 'Move a row')
      .input(z.object({ day: BroadcastDay, itemId: ItemId, position: z.number().int().min(0) }))
      .output(DayPlan),
    remove: base
      .route({ method: 'DELETE', path: '/schedule/{day}/items/{itemId}', summary: 'Delete a row' })
      .input(z.object({ day: BroadcastDay, itemId: ItemId }))
      .output(DayPlan),
    undo: post('/schedule/{day}/undo', 'Undo the last change')
      .input(z.object({ day: BroadcastDay }))
      .output(DayPlan),
    copyDay: post('/schedule/{day}/copy', 'Copy this day to another')
      .input(z.object({ day: BroadcastDay, to: BroadcastDay }))
      .output(DayPlan),
  },
  library: {
    list: get('/library', 'All recordings').output(z.array(Cart)),
    peaks: get('/library/{cartId}/peaks', 'Waveform overview')
      .input(z.object({ cartId: CartId }))
      .output(Peaks),
    update: base
      .route({ method: 'PUT', path: '/library/{cartId}', summary: 'Rename or re-class' })
      .input(z.object({ cartId: CartId, title: z.string().min(1).max(200), contentType: ContentType }))
      .output(Cart),
    remove: base
      .route({ method: 'DELETE', path: '/library/{cartId}', summary: 'Remove a recording' })
      .input(z.object({ cartId: CartId }))
      .output(done),
    preview: post('/library/{cartId}/preview', 'Play it on the cue device')
      .input(z.object({ cartId: CartId, offsetMs: z.number().int().min(0).default(0) }))
      .output(done),
    dismissImport: post('/library/imports/{importId}/dismiss', 'Forget a refused import')
      .input(z.object({ importId: z.string() }))
      .output(done),
  },
  devices: {
    list: get('/devices', 'Devices and what they say of themselves').output(z.array(DeviceView)),
    /** By hand, off air: key or unkey a transmitter or a zone controller for a test. */
    setCarrier: post('/devices/{deviceId}/carrier', 'Key or unkey by hand')
      .input(z.object({ deviceId: DeviceId, on: z.boolean() }))
      .output(done),
    setPower: post('/devices/{deviceId}/power', 'Power set point')
      .input(z.object({ deviceId: DeviceId, powerW: z.number().positive() }))
      .output(done),
    setDeskChannel: post('/devices/{deviceId}/desk', 'Fader or mute')
      .input(z.object({ deviceId: DeviceId, channel: z.string(), faderDb: z.number().nullable(), muted: z.boolean().nullable() }))
      .output(done),
  },
  province: {
    state: get('/province', 'The link to the province, what came from it and what waits to be told').output(ProvinceSlice),
    /** As the doorbell would; the answer does not wait for the province. */
    pull: post('/province/pull', 'Ask the province now').output(done),
    place: post('/province/items/{itemId}/place', 'Put an offered item into the rundown')
      .input(PlaceChoice.extend({ itemId: ProvinceItemId }))
      .output(IncomingView),
    decline: post('/province/items/{itemId}/decline', 'Do not take an offered item')
      .input(z.object({ itemId: ProvinceItemId, reason: z.string().min(1).max(500) }))
      .output(IncomingView),
    /** Where the province changed what the operator had moved or changed. */
    resolve: post('/province/items/{itemId}/resolve', 'Keep ours or take the province’s')
      .input(z.object({ itemId: ProvinceItemId, side: z.enum(['mine', 'theirs']) }))
      .output(IncomingView),
    card: post('/province/items/{itemId}/card', 'Open the card of an emergency again, with its spoken text or the province’s recording')
      .input(z.object({ itemId: ProvinceItemId, source: z.enum(['speech', 'recording']) }))
      .output(IncomingView),
  },
  alarms: {
    list: get('/alarms', 'Standing alarms').output(z.array(AlarmView)),
    acknowledge: post('/alarms/{alarmId}/acknowledge', 'Seen')
      .input(z.object({ alarmId: z.string() }))
      .output(done),
  },
  logbook: {
    day: get('/logbook/{day}', 'Rows of a day, oldest first')
      .input(
        z.object({
          day: BroadcastDay,
          afterSeq: z.coerce.number().int().default(-1),
          limit: z.coerce.number().int().min(1).max(5000).default(2000),
        }),
      )
      .output(z.array(LogRow)),
    verify: post('/logbook/verify', 'Check the whole chain').output(ChainVerdict),
    /** Marks do not count: "ban tin" finds "Bản tin". */
    search: get('/logbook/search', 'Rows by their words, newest first')
      .input(
        z.object({
          text: z.string().min(1).max(200),
          beforeSeq: z.coerce.number().int().default(Number.MAX_SAFE_INTEGER),
          limit: z.coerce.number().int().min(1).max(500).default(100),
        }),
      )
      .output(z.array(LogRow)),
    review: get('/logbook/{day}/review', 'Plan against reality, and what was said about it')
      .input(z.object({ day: BroadcastDay }))
      .output(DayReview),
    month: get('/logbook/months/{month}', 'Days of a month, signed or not')
      .input(z.object({ month: Month }))
      .output(z.array(MonthDay)),
    annotate: post('/logbook/{day}/notes', 'A note about a day or a row; a new row, never an edit')
      .input(z.object({ day: BroadcastDay, text: z.string(), aboutSeq: z.number().int().nullable().default(null) }))
      .output(DayReview),
    ask: post('/logbook/{day}/questions', 'Ask for an explanation of a difference')
      .input(z.object({ day: BroadcastDay, differenceId: z.string(), text: z.string() }))
      .output(DayReview),
    answer: post('/logbook/{day}/answers', 'Explain a difference')
      .input(z.object({ day: BroadcastDay, differenceId: z.string(), text: z.string() }))
      .output(DayReview),
    /** By the person who is signed in, proved once more. */
    sign: post('/logbook/{day}/signature', 'Sign a day by PIN')
      .input(z.object({ day: BroadcastDay, pin: Pin }))
      .output(DayReview),
  },
  recordings: {
    day: get('/recordings/{day}', 'The recorded programme of a day: segments, gaps, room')
      .input(z.object({ day: BroadcastDay, outputId: OutputId }))
      .output(AirCheckDay),
    peaks: get('/recordings/{segmentId}/peaks', 'Waveform overview of a segment')
      .input(z.object({ segmentId: SegmentId }))
      .output(Peaks),
  },
}
export type Contract = typeof contract

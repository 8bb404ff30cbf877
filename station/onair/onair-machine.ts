// The on-air machine of one programme output. Pure: time, levels and carriers arrive inside events.
//
//            itemStarted                fire                 alertEnded (policy)
//   silent ─────────────▶ programme ───────────▶ cutIn ─────────────────────────▶ programme
//     ▲   itemEnded          │  ▲                  │ ▲ fire (≥ severity) replaces       │
//     └──────────────────────┤  │ release          │ └────────┐                         │
//                       hold ▼  │                  │ alertEnded, policy "hold"          │
//                           held                   ▼                                    │
//   openInput: silent/programme/held ─▶ liveInput   awaitingResume ── resume/next ──────┘
//   stop: from everywhere ─▶ stopped ── reopen ──▶ silent
//
// The same in words, every change of kind there is and by what (a test holds it to the code). A live input that an emergency opens
// takes over from an alert; what an interruption lay over is on again afterwards, or waits again for a hand.
//   awaitingResume → cutIn: fire · liveInput: openInput · programme: itemResumed, itemStarted · silent: itemEnded · stopped: stop
//   cutIn → awaitingResume: alertEnded · held: alertEnded · liveInput: openInput · programme: alertEnded · silent: alertEnded · stopped: stop
//   held → cutIn: fire · liveInput: openInput · programme: itemResumed, itemStarted · silent: itemEnded · stopped: stop
//   liveInput → awaitingResume: inputClosed · cutIn: fire · held: inputClosed · programme: inputClosed · silent: inputClosed · stopped: stop
//   programme → cutIn: fire · held: itemInterrupted · liveInput: openInput · silent: itemEnded · stopped: stop
//   silent → cutIn: fire · liveInput: openInput · programme: itemResumed, itemStarted · stopped: stop
//   stopped → silent: reopen
//
// Rank, highest first: emergency microphone = emergency alert › live break-in › scheduled item › silence.
// Orders may be refused; facts (what the audio process and the carriers report) never are.
import { assertNever } from '../../shared/domain/assert-never.ts'
import type { ResumePolicy } from '../../shared/audio-protocol.ts'
import type { OrderVia } from '../../shared/domain/alert.ts'
import type { OperatorErrorCode } from '../../shared/domain/errors.ts'
import type { AlertId, CutInId, InputId, ItemId } from '../../shared/domain/ids.ts'
import type { EpochMs } from '../../shared/domain/time.ts'

/** One airing on this output. */
export interface CutIn {
  readonly cutInId: CutInId
  readonly alertId: AlertId
  /** 0–5: disaster risk level, 5 for an evacuation; a lower one never cuts a higher one. */
  readonly severity: number
  readonly automatic: boolean
  readonly temperature: 'hot' | 'cold'
  readonly readings: number
  readonly resume: ResumePolicy | null
  /** Where to begin in the airing, ms; absent = whole. */
  readonly offsetMs?: number | undefined
  readonly orderedAtMs: EpochMs
  readonly via: OrderVia
}

/** What the item under an interruption was doing: one that was held or waited for a decision waits again afterwards. */
export type UnderWas = 'playing' | 'held' | 'awaitingResume'

export type OnAirState =
  | { readonly kind: 'silent' }
  | { readonly kind: 'programme'; readonly itemId: ItemId }
  | { readonly kind: 'held'; readonly itemId: ItemId }
  | {
      readonly kind: 'liveInput'
      readonly inputIds: readonly InputId[]
      readonly emergency: boolean
      readonly under: ItemId | null
      readonly underWas: UnderWas
    }
  | {
      readonly kind: 'cutIn'
      readonly cutIn: CutIn
      /** sent: ordered, no word from the audio process yet · attention · body · ending: its end is ordered. */
      readonly phase: 'sent' | 'attention' | 'body' | 'ending'
      /** Cold: the attention signal runs until the carriers are proved or time is up. */
      readonly awaitingCarriers: boolean
      /** Carriers that came up after the text had begun: they get a full reading of their own at the end. */
      readonly lateCarriers: readonly string[]
      readonly under: ItemId | null
      readonly underWas: UnderWas
    }
  | { readonly kind: 'awaitingResume'; readonly itemId: ItemId }
  | { readonly kind: 'stopped'; readonly sinceMs: EpochMs }

export type OnAirEvent =
  // orders
  | { readonly kind: 'fire'; readonly cutIn: CutIn }
  | { readonly kind: 'stopAlert'; readonly cutInId: CutInId }
  | {
      readonly kind: 'openInput'
      readonly inputId: InputId
      readonly mode: 'replace' | 'duck'
      readonly emergency: boolean
      readonly via: OrderVia
    }
  | { readonly kind: 'closeInput'; readonly inputId: InputId }
  | { readonly kind: 'next'; readonly expectItemId: ItemId | null }
  | { readonly kind: 'hold' }
  | { readonly kind: 'release' }
  | { readonly kind: 'resume'; readonly policy: ResumePolicy }
  | { readonly kind: 'playOver'; readonly slot: number; readonly via: OrderVia }
  | { readonly kind: 'stop'; readonly atMs: EpochMs; readonly via: OrderVia }
  | { readonly kind: 'reopen' }
  // facts
  | { readonly kind: 'itemStarted'; readonly itemId: ItemId }
  | { readonly kind: 'itemEnded'; readonly itemId: ItemId }
  | { readonly kind: 'itemInterrupted'; readonly itemId: ItemId; readonly by: 'alert' | 'input' | 'hold' }
  | { readonly kind: 'itemResumed'; readonly itemId: ItemId }
  | { readonly kind: 'alertStarted'; readonly cutInId: CutInId }
  | { readonly kind: 'alertBodyStarted'; readonly cutInId: CutInId }
  | { readonly kind: 'alertEnded'; readonly cutInId: CutInId; readonly reason: 'finished' | 'stopped' | 'replaced' | 'stopAll' | 'failed' }
  | { readonly kind: 'inputClosed'; readonly inputId: InputId }
  | { readonly kind: 'carriersProved' }
  | { readonly kind: 'carrierLate'; readonly deviceId: string }
  | { readonly kind: 'coldTimeout'; readonly cutInId: CutInId; readonly missing: readonly string[] }

export type OnAirEffect =
  | { readonly kind: 'fireAlert'; readonly cutIn: CutIn; readonly readings: number; readonly temperature: 'hot' | 'cold' }
  | { readonly kind: 'proceedAlert'; readonly cutInId: CutInId }
  | { readonly kind: 'stopAlert'; readonly cutInId: CutInId }
  | { readonly kind: 'openInput'; readonly inputId: InputId; readonly mode: 'replace' | 'duck' }
  | { readonly kind: 'closeInput'; readonly inputId: InputId }
  | { readonly kind: 'next' }
  | { readonly kind: 'hold' }
  | { readonly kind: 'release' }
  | { readonly kind: 'resumeItem'; readonly policy: ResumePolicy }
  | { readonly kind: 'playOver'; readonly slot: number }
  | { readonly kind: 'stopAll' }
  | { readonly kind: 'reopen' }
  /** Carriers, zones and desk: take for this cut-in or microphone; give back; drop at once. */
  | { readonly kind: 'takePlant'; readonly causeId: string; readonly allCall: boolean }
  | { readonly kind: 'restorePlant'; readonly causeId: string }
  | { readonly kind: 'dropPlant' }
  | { readonly kind: 'startColdTimer'; readonly cutInId: CutInId }
  | { readonly kind: 'cancelColdTimer' }
  | { readonly kind: 'alarmMissing'; readonly deviceIds: readonly string[] }
  /** An opened row is always closed: the close of a cut-in comes with its `alertEnded`, of an input with `inputClosed`. */
  | { readonly kind: 'openRow'; readonly row: 'cutIn' | 'input' | 'stop'; readonly id: string; readonly via: OrderVia }
  | { readonly kind: 'closeRow'; readonly row: 'cutIn' | 'input' | 'stop'; readonly id: string; readonly reason: string }
  /** The rundown must be fitted again to what is really on air. */
  | { readonly kind: 'refit' }

export type Transition = { readonly state: OnAirState; readonly effects: readonly OnAirEffect[] } | { readonly refused: OperatorErrorCode }

/** Time after which a cold cut-in reads its text whether or not every carrier was proved, ms (DESIGN 6). */
export const coldTimeoutMs = 20_000

const silent: OnAirState = { kind: 'silent' }
const stay = (state: OnAirState): Transition => ({ state, effects: [] })
const go = (state: OnAirState, ...effects: OnAirEffect[]): Transition => ({ state, effects })
const refuse = (refused: OperatorErrorCode): Transition => ({ refused })

/** Applies one event. */
export function transition(state: OnAirState, event: OnAirEvent): Transition {
  switch (event.kind) {
    case 'fire':
      return fire(state, event.cutIn)
    case 'stopAlert':
      if (state.kind !== 'cutIn' || state.cutIn.cutInId !== event.cutInId) return refuse('ALERT_NOT_AIRING')
      return go(
        { ...state, phase: 'ending', awaitingCarriers: false, lateCarriers: [] },
        { kind: 'stopAlert', cutInId: event.cutInId },
        { kind: 'cancelColdTimer' },
      )
    case 'openInput':
      return openInput(state, event)
    case 'closeInput':
      if (state.kind !== 'liveInput' || !state.inputIds.includes(event.inputId)) return refuse('INPUT_NOT_OPEN')
      return go(state, { kind: 'closeInput', inputId: event.inputId })
    case 'next':
      return next(state, event.expectItemId)
    case 'hold':
      if (state.kind === 'programme') return go(state, { kind: 'hold' })
      if (state.kind === 'held') return refuse('ALREADY_HELD')
      return refuse(blockedBy(state) ?? 'NOTHING_ON_AIR')
    case 'release':
      return state.kind === 'held' ? go(state, { kind: 'release' }) : refuse(blockedBy(state) ?? 'NOT_HELD')
    case 'resume':
      return state.kind === 'awaitingResume'
        ? go(state, { kind: 'resumeItem', policy: event.policy })
        : refuse(blockedBy(state) ?? 'NOT_HELD')
    case 'playOver':
      if (state.kind === 'stopped') return refuse('STOP_LATCHED')
      if (state.kind === 'cutIn' || (state.kind === 'liveInput' && state.emergency)) return refuse('ALERT_HOLDS_AIR')
      return go(state, { kind: 'playOver', slot: event.slot })
    case 'stop':
      return stop(state, event.atMs, event.via)
    case 'reopen':
      if (state.kind !== 'stopped') return refuse('NOT_STOPPED')
      return go(
        silent,
        { kind: 'reopen' },
        { kind: 'closeRow', row: 'stop', id: String(state.sinceMs), reason: 'reopened' },
        { kind: 'refit' },
      )
    default:
      return fact(state, event)
  }
}

/** Why an order about the programme cannot be taken now, by who holds the air. */
function blockedBy(state: OnAirState): OperatorErrorCode | null {
  if (state.kind === 'stopped') return 'STOP_LATCHED'
  if (state.kind === 'cutIn') return 'ALERT_HOLDS_AIR'
  if (state.kind === 'liveInput') return 'INPUT_ALREADY_OPEN'
  return null
}

function itemUnder(state: OnAirState): ItemId | null {
  switch (state.kind) {
    case 'programme':
    case 'held':
    case 'awaitingResume':
      return state.itemId
    case 'liveInput':
    case 'cutIn':
      return state.under
    case 'silent':
    case 'stopped':
      return null
    default:
      return assertNever(state)
  }
}

function wasUnder(state: OnAirState): UnderWas {
  if (state.kind === 'cutIn' || state.kind === 'liveInput') return state.underWas
  return state.kind === 'held' || state.kind === 'awaitingResume' ? state.kind : 'playing'
}

/** What is left when the interruption is over; only a hand lets go on what was held or waited for a decision. */
function afterInterruption({ under, underWas }: { readonly under: ItemId | null; readonly underWas: UnderWas }): OnAirState {
  if (under === null) return silent
  return { kind: underWas === 'playing' ? 'programme' : underWas, itemId: under }
}

function fire(state: OnAirState, cutIn: CutIn): Transition {
  if (state.kind === 'stopped') return refuse('STOP_LATCHED')
  if (state.kind === 'liveInput' && state.emergency && cutIn.automatic) return refuse('ALERT_HOLDS_AIR')
  if (state.kind === 'cutIn') {
    if (state.cutIn.alertId === cutIn.alertId && state.phase !== 'ending') return refuse('ALERT_ALREADY_AIRING')
    if (cutIn.severity < state.cutIn.severity) return refuse('ALERT_HOLDS_AIR')
  }
  const cold = cutIn.temperature === 'cold'
  const effects: OnAirEffect[] = [{ kind: 'fireAlert', cutIn, readings: cutIn.readings, temperature: cutIn.temperature }]
  // The microphone that was open is closed and stays so: nothing but a hand opens it again.
  if (state.kind === 'liveInput')
    for (const inputId of state.inputIds)
      effects.push({ kind: 'closeInput', inputId }, { kind: 'closeRow', row: 'input', id: inputId, reason: 'preempted' })
  effects.push(
    { kind: 'takePlant', causeId: cutIn.cutInId, allCall: true },
    { kind: 'openRow', row: 'cutIn', id: cutIn.cutInId, via: cutIn.via },
  )
  if (state.kind === 'cutIn') effects.push({ kind: 'cancelColdTimer' })
  if (cold) effects.push({ kind: 'startColdTimer', cutInId: cutIn.cutInId })
  return {
    state: {
      kind: 'cutIn',
      cutIn,
      phase: 'sent',
      awaitingCarriers: cold,
      lateCarriers: [],
      under: itemUnder(state),
      underWas: wasUnder(state),
    },
    effects,
  }
}

function openInput(state: OnAirState, order: Extract<OnAirEvent, { kind: 'openInput' }>): Transition {
  const { inputId, mode, emergency, via } = order
  const open: OnAirEffect[] = [
    { kind: 'openInput', inputId, mode },
    { kind: 'takePlant', causeId: inputId, allCall: emergency },
    { kind: 'openRow', row: 'input', id: inputId, via },
  ]
  switch (state.kind) {
    case 'stopped':
      return refuse('STOP_LATCHED')
    case 'liveInput':
      if (state.inputIds.includes(inputId)) return refuse('INPUT_ALREADY_OPEN')
      return { state: { ...state, inputIds: [...state.inputIds, inputId], emergency: state.emergency || emergency }, effects: open }
    case 'cutIn':
      // Only a microphone opened *as an emergency* ranks with the alert and may take over from it.
      if (!emergency) return refuse('ALERT_HOLDS_AIR')
      return {
        state: {
          kind: 'liveInput',
          inputIds: [inputId],
          emergency: true,
          under: state.under,
          // After a grave alert only a hand lets the programme go on, also when a microphone took over from it.
          underWas: state.cutIn.resume?.kind === 'hold' ? 'awaitingResume' : state.underWas,
        },
        effects: [{ kind: 'stopAlert', cutInId: state.cutIn.cutInId }, { kind: 'cancelColdTimer' }, ...open],
      }
    case 'silent':
    case 'programme':
    case 'held':
    case 'awaitingResume':
      return {
        state: { kind: 'liveInput', inputIds: [inputId], emergency, under: itemUnder(state), underWas: wasUnder(state) },
        effects: open,
      }
    default:
      return assertNever(state)
  }
}

function next(state: OnAirState, expectItemId: ItemId | null): Transition {
  const blocked = blockedBy(state)
  if (blocked) return refuse(blocked)
  if (itemUnder(state) !== expectItemId) return refuse('STALE_VIEW')
  return go(state, { kind: 'next' })
}

function stop(state: OnAirState, atMs: EpochMs, via: OrderVia): Transition {
  // A second STOP is sent again: the key must never appear dead.
  if (state.kind === 'stopped') return go(state, { kind: 'stopAll' }, { kind: 'dropPlant' })
  const effects: OnAirEffect[] = [{ kind: 'stopAll' }, { kind: 'dropPlant' }, { kind: 'openRow', row: 'stop', id: String(atMs), via }]
  if (state.kind === 'cutIn')
    effects.push({ kind: 'cancelColdTimer' }, { kind: 'closeRow', row: 'cutIn', id: state.cutIn.cutInId, reason: 'stopAll' })
  if (state.kind === 'liveInput') for (const id of state.inputIds) effects.push({ kind: 'closeRow', row: 'input', id, reason: 'stopAll' })
  return { state: { kind: 'stopped', sinceMs: atMs }, effects }
}

type Fact = Exclude<
  OnAirEvent,
  { kind: 'fire' | 'stopAlert' | 'openInput' | 'closeInput' | 'next' | 'hold' | 'release' | 'resume' | 'playOver' | 'stop' | 'reopen' }
>

function fact(state: OnAirState, event: Fact): Transition {
  if (state.kind === 'stopped') return stay(state)
  switch (event.kind) {
    case 'itemStarted':
    case 'itemResumed':
      if (state.kind === 'cutIn' || state.kind === 'liveInput') return stay({ ...state, under: event.itemId, underWas: 'playing' })
      return go({ kind: 'programme', itemId: event.itemId }, { kind: 'refit' })
    case 'itemEnded':
      return itemEnded(state, event.itemId)
    case 'itemInterrupted':
      if (state.kind === 'programme' && event.by === 'hold') return stay({ kind: 'held', itemId: event.itemId })
      // Held a moment before the alert or the microphone took the air: a hand lets go of it afterwards, too.
      if (state.kind === 'cutIn' || state.kind === 'liveInput')
        return stay({ ...state, under: event.itemId, underWas: event.by === 'hold' ? 'held' : state.underWas })
      return stay(state)
    case 'alertStarted':
      if (state.kind !== 'cutIn' || state.cutIn.cutInId !== event.cutInId || state.phase !== 'sent') return stay(state)
      return stay({ ...state, phase: 'attention' })
    case 'alertBodyStarted':
      if (state.kind !== 'cutIn' || state.cutIn.cutInId !== event.cutInId || state.phase === 'ending') return stay(state)
      return stay({ ...state, phase: 'body', awaitingCarriers: false })
    case 'alertEnded':
      return alertEnded(state, event.cutInId, event.reason)
    case 'inputClosed':
      return inputClosed(state, event.inputId)
    case 'carriersProved':
      if (state.kind !== 'cutIn' || !state.awaitingCarriers || state.phase === 'ending') return stay(state)
      return go({ ...state, awaitingCarriers: false }, { kind: 'proceedAlert', cutInId: state.cutIn.cutInId }, { kind: 'cancelColdTimer' })
    case 'carrierLate':
      if (state.kind !== 'cutIn' || state.awaitingCarriers || state.phase === 'ending' || state.lateCarriers.includes(event.deviceId))
        return stay(state)
      return stay({ ...state, lateCarriers: [...state.lateCarriers, event.deviceId] })
    case 'coldTimeout':
      if (state.kind !== 'cutIn' || state.cutIn.cutInId !== event.cutInId || !state.awaitingCarriers) return stay(state)
      return go(
        { ...state, awaitingCarriers: false },
        { kind: 'proceedAlert', cutInId: event.cutInId },
        { kind: 'alarmMissing', deviceIds: event.missing },
      )
    default:
      return assertNever(event)
  }
}

function itemEnded(state: OnAirState, itemId: ItemId): Transition {
  switch (state.kind) {
    case 'programme':
    case 'held':
    case 'awaitingResume':
      return state.itemId === itemId ? go(silent, { kind: 'refit' }) : stay(state)
    case 'cutIn':
    case 'liveInput':
      return state.under === itemId ? stay({ ...state, under: null }) : stay(state)
    case 'silent':
    case 'stopped':
      return stay(state)
    default:
      return assertNever(state)
  }
}

function alertEnded(state: OnAirState, cutInId: CutInId, reason: string): Transition {
  const close: OnAirEffect = { kind: 'closeRow', row: 'cutIn', id: cutInId, reason }
  // An older airing that was replaced, or one that a microphone took over from: its row closes, the air is not ours to give back.
  if (state.kind !== 'cutIn' || state.cutIn.cutInId !== cutInId) return go(state, close)
  if (reason === 'finished' && state.lateCarriers.length > 0) {
    // Whoever came late hears all of it, also where the airing itself went on from the middle.
    const { offsetMs: _begun, ...cutIn } = state.cutIn
    return go({ ...state, cutIn, phase: 'sent', lateCarriers: [] }, { kind: 'fireAlert', cutIn, readings: 1, temperature: 'hot' })
  }
  const effects: OnAirEffect[] = [close, { kind: 'restorePlant', causeId: cutInId }, { kind: 'cancelColdTimer' }, { kind: 'refit' }]
  if (state.under !== null && state.cutIn.resume?.kind === 'hold')
    return { state: { kind: 'awaitingResume', itemId: state.under }, effects }
  return { state: afterInterruption(state), effects }
}

function inputClosed(state: OnAirState, inputId: InputId): Transition {
  if (state.kind !== 'liveInput' || !state.inputIds.includes(inputId)) return stay(state)
  const inputIds = state.inputIds.filter((id) => id !== inputId)
  const close: OnAirEffect = { kind: 'closeRow', row: 'input', id: inputId, reason: 'closed' }
  if (inputIds.length > 0) return go({ ...state, inputIds }, close)
  return go(afterInterruption(state), close, { kind: 'restorePlant', causeId: inputId }, { kind: 'refit' })
}

// Brings rows to the province, each until it is answered. Pure.
//
//           wake                 rows                 committed
//   idle ────────▶ reading ────────────▶ sending ───────────────▶ settling ──settled──▶ reading
//    ▲                │ none               │ failed                  (they leave the outbox)
//    └────────────────┘                    ▼
//                      waiting ◀── later ──┴── unacceptable: half as many; a single one is parked (settling)
//                         │ due
//                         └──▶ reading
//
// 200 means committed there; until then the row stays here. What is asked again carries the same ids, so it is kept once.
//
// A province that would have nothing for an hour parks rows that have nothing wrong: with the first batch that it takes, those it parked
// go once more, and whatever is still parked at every boot and once a day. A row that is refused once more waits for that.
import { assertNever } from '../../shared/domain/assert-never.ts'

interface Pace {
  /** Rows of the next batch. */
  readonly limit: number
  /** Attempts in a row that were not answered. */
  readonly failures: number
  /** Something was written meanwhile. */
  readonly more: boolean
  /** Rows were parked, and have not been tried once more. */
  readonly parked: boolean
  /** Rows that had been parked are among those that wait. */
  readonly retrying: boolean
}

export type OutboxState = Pace &
  (
    | { readonly kind: 'idle' }
    | { readonly kind: 'reading' }
    | { readonly kind: 'sending'; readonly seqs: readonly number[] }
    | { readonly kind: 'settling' }
    | { readonly kind: 'waiting' }
  )

export type OutboxEvent =
  /** A row was written, or the link is back: what waits may go at once. */
  | { readonly kind: 'wake'; readonly linkIsBack: boolean }
  | { readonly kind: 'due' }
  | { readonly kind: 'rows'; readonly seqs: readonly number[] }
  | { readonly kind: 'committed' }
  /** The province would not have this batch (400, 413); `later`: anything else. */
  | { readonly kind: 'failed'; readonly how: 'unacceptable' | 'later'; readonly random: number }
  | { readonly kind: 'settled' }
  /** Rows that were parked wait again. */
  | { readonly kind: 'unparked' }

export type OutboxEffect =
  | { readonly kind: 'read'; readonly limit: number }
  | { readonly kind: 'send' }
  /** `unpark`: and those that were parked once wait again. */
  | { readonly kind: 'commit'; readonly seqs: readonly number[]; readonly unpark: boolean }
  | { readonly kind: 'park'; readonly seq: number; readonly reason: string }
  | { readonly kind: 'wait'; readonly ms: number }

export interface OutboxStep {
  readonly state: OutboxState
  readonly effects: readonly OutboxEffect[]
}

export const batchLimit = 200
const firstRetryMs = 1000
const longestRetryMs = 5 * 60_000
/** Why a row is parked. */
export const parkedOnce = 'unacceptable'
export const parkedAgain = 'unacceptableAgain'

export const outboxIdle: OutboxState = { kind: 'idle', limit: batchLimit, failures: 0, more: false, parked: false, retrying: false }

export function outboxTransition(state: OutboxState, event: OutboxEvent): OutboxStep {
  switch (event.kind) {
    case 'wake':
      if (state.kind === 'idle' || (state.kind === 'waiting' && event.linkIsBack)) return read(state)
      return { state: { ...state, more: true }, effects: [] }
    case 'due':
      return state.kind === 'waiting' ? read(state) : { state, effects: [] }
    case 'rows':
      return state.kind === 'reading' ? rows(state, event.seqs) : { state, effects: [] }
    case 'committed': {
      if (state.kind !== 'sending') return { state, effects: [] }
      const limit = Math.min(batchLimit, state.limit * 2)
      const retrying = state.retrying || state.parked
      return {
        state: { kind: 'settling', limit, failures: 0, more: true, parked: false, retrying },
        effects: [{ kind: 'commit', seqs: state.seqs, unpark: state.parked }],
      }
    }
    case 'failed':
      return failed(state, event.how, event.random)
    case 'settled':
      return state.kind === 'settling' ? read(state) : { state, effects: [] }
    case 'unparked': {
      const again = { ...state, parked: false, retrying: true }
      return state.kind === 'idle' ? read(again) : { state: { ...again, more: true }, effects: [] }
    }
    default:
      return assertNever(event)
  }
}

function read({ limit, failures, parked, retrying }: Pace): OutboxStep {
  return { state: { kind: 'reading', limit, failures, more: false, parked, retrying }, effects: [{ kind: 'read', limit }] }
}

function rows(state: Pace, seqs: readonly number[]): OutboxStep {
  if (seqs.length > 0) return { state: { ...state, kind: 'sending', seqs }, effects: [{ kind: 'send' }] }
  return state.more ? read(state) : { state: { ...state, kind: 'idle', retrying: false }, effects: [] }
}

/** Also a read or a commit of our own that failed: the disk is away, and this waits like everything else. */
function failed(state: OutboxState, how: 'unacceptable' | 'later', random: number): OutboxStep {
  if (state.kind === 'idle' || state.kind === 'waiting') return { state, effects: [] }
  const pace: Pace = { limit: state.limit, failures: state.failures, more: state.more, parked: state.parked, retrying: state.retrying }
  if (how === 'later' || state.kind !== 'sending') {
    const failures = state.failures + 1
    const ms = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 20))
    return {
      state: { ...pace, kind: 'waiting', failures },
      effects: [{ kind: 'wait', ms: Math.round(ms * (0.5 + random)) }],
    }
  }
  const [first] = state.seqs
  if (state.seqs.length === 1 && first !== undefined) {
    const reason = state.retrying ? parkedAgain : parkedOnce
    return {
      state: { ...pace, kind: 'settling', limit: 1, failures: 0, more: true, parked: state.parked || !state.retrying },
      effects: [{ kind: 'park', seq: first, reason }],
    }
  }
  return read({ ...state, limit: Math.ceil(state.seqs.length / 2), failures: 0 })
}

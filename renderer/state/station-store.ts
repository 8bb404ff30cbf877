// What this screen knows of the station: the last snapshot with every later delta laid over it, and how good the line is.
// One store outside React; a gap in the numbers is told to the caller, who subscribes again. Log rows are kept apart
// because they only grow.
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { ScreenMessage, ScreenState } from '../../shared/domain/station.ts'
import { share } from './share.ts'

/** connecting: first contact · live · lost: the line is down and what is shown is old · denied: the station asks who we are. */
export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly sinceMs: number }
  | { readonly kind: 'lost'; readonly sinceMs: number; readonly attempt: number }
  | { readonly kind: 'denied' }

export interface StoreState {
  readonly link: LinkState
  readonly seq: number | null
  readonly screen: ScreenState | null
  /** Newest rows last; at most `logTailLimit`. */
  readonly logTail: readonly LogRow[]
}

export const logTailLimit = 500

export interface StationStore {
  get(): StoreState
  subscribe(listener: () => void): () => void
  setLink(link: LinkState): void
  /** `gap`: a number is missing; the caller must subscribe again. */
  apply(message: ScreenMessage): 'applied' | 'gap'
}

export function createStationStore(): StationStore {
  let state: StoreState = { link: { kind: 'connecting' }, seq: null, screen: null, logTail: [] }
  const listeners = new Set<() => void>()
  const set = (next: StoreState) => {
    state = next
    for (const listener of listeners) listener()
  }
  return {
    get: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    setLink: (link) => set({ ...state, link }),
    apply(message) {
      if (message.kind === 'snapshot') {
        set({ ...state, seq: message.seq, screen: share(state.screen, { ...message.state, onair: still(message.state.onair) }) })
        return 'applied'
      }
      if (state.seq === null || state.screen === null || message.seq !== state.seq + 1) return 'gap'
      if (message.kind === 'log') {
        const known = state.logTail.at(-1)?.seq ?? -1
        const fresh = message.rows.filter((row) => row.seq > known)
        set({ ...state, seq: message.seq, logTail: [...state.logTail, ...fresh].slice(-logTailLimit) })
        return 'applied'
      }
      set({ ...state, seq: message.seq, screen: mergeDelta(state.screen, message.state) })
      return 'applied'
    },
  }
}

/**
 * The position of what plays comes with the meters, 25 times a second, and is drawn outside React; the copy in the state would
 * make every delta a change of everything that shows the output.
 */
function still(onair: ScreenState['onair']): ScreenState['onair'] {
  return onair.map((output) => (output.now === null ? output : { ...output, now: { ...output.now, positionMs: 0 } }))
}

function mergeDelta(screen: ScreenState, delta: Partial<{ [K in keyof ScreenState]: ScreenState[K] | undefined }>): ScreenState {
  const next: Record<string, unknown> = { ...screen }
  for (const [slice, value] of Object.entries(delta)) {
    if (value === undefined) continue
    next[slice] = share(next[slice], slice === 'onair' ? still(value as ScreenState['onair']) : value)
  }
  return next as ScreenState
}

// What this screen knows of the station: the last snapshot with every later delta laid over it, and how good the line is.
// One store outside React; numbers and gaps are the intake's (link/intake.ts). Log rows are kept apart because they only grow.
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { ScreenMessage, ScreenState } from '../../shared/domain/station.ts'
import { share } from './share.ts'
import { stillDevices, stillOutputs, stillPlan } from './still.ts'

type ScreenPart = Partial<{ [K in keyof ScreenState]: ScreenState[K] | undefined }>

/** connecting: first contact · live · lost: the line is down and what is shown is old · denied: the station asks who we are. */
export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly sinceMs: number }
  | { readonly kind: 'lost'; readonly sinceMs: number; readonly attempt: number }
  | { readonly kind: 'denied' }

export interface StoreState {
  readonly link: LinkState
  readonly screen: ScreenState | null
  /** What the outputs do, without what their carriers measure: that changes with every reading and few parts show it. */
  readonly aired: readonly AiredOutput[]
  /** Newest rows last; at most `logTailLimit`. */
  readonly logTail: readonly LogRow[]
}

/** An output without its carriers. */
export type AiredOutput = Omit<ScreenState['onair'][number], 'carriers'>

export const logTailLimit = 500

export interface StationStore {
  get(): StoreState
  subscribe(listener: () => void): () => void
  setLink(link: LinkState): void
  /** Lays one message over what is known, in the order of their numbers; before the first snapshot there is nothing to lay it over. */
  apply(message: ScreenMessage): void
}

export function createStationStore(): StationStore {
  let state: StoreState = { link: { kind: 'connecting' }, screen: null, aired: [], logTail: [] }
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
        set(withScreen(state, share(state.screen, stillState(state.screen, message.state))))
        return
      }
      if (state.screen === null) return
      if (message.kind === 'log') {
        const known = state.logTail.at(-1)?.seq ?? -1
        const fresh = message.rows.filter((row) => row.seq > known)
        if (fresh.length > 0) set({ ...state, logTail: [...state.logTail, ...fresh].slice(-logTailLimit) })
        return
      }
      const screen = mergeDelta(state.screen, message.state)
      if (screen !== state.screen) set(withScreen(state, screen))
    },
  }
}

function stillState<T extends ScreenPart>(before: ScreenState | null, part: T): T {
  return {
    ...part,
    ...(part.onair === undefined ? {} : { onair: stillOutputs(before?.onair ?? [], part.onair) }),
    ...(part.schedule === undefined ? {} : { schedule: stillPlan(before?.schedule ?? null, part.schedule) }),
    ...(part.devices === undefined ? {} : { devices: stillDevices(before?.devices ?? [], part.devices) }),
  }
}

function withScreen(state: StoreState, screen: ScreenState): StoreState {
  const aired = screen.onair === state.screen?.onair ? state.aired : share(state.aired, screen.onair.map(withoutCarriers))
  return { ...state, screen, aired }
}

function withoutCarriers({ carriers: _carriers, ...rest }: ScreenState['onair'][number]): AiredOutput {
  return rest
}

/** The same object where nothing in it is new. */
function mergeDelta(screen: ScreenState, delta: ScreenPart): ScreenState {
  const next: Record<string, unknown> = { ...screen }
  let changed = false
  for (const [slice, value] of Object.entries(stillState(screen, delta))) {
    if (value === undefined) continue
    const shared = share(next[slice], value)
    changed ||= shared !== next[slice]
    next[slice] = shared
  }
  return changed ? (next as ScreenState) : screen
}

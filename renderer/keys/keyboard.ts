// The one keyboard listener of the window. Looks up the chord, hands it to whoever holds the action at present (the
// newest handler first), and leaves text alone: what an input method has taken is never a command.
import { actions, type ActionId, actionIds, type KeyMap } from './actions.ts'
import { chordOf, takenByInputMethod } from './chord.ts'

export interface KeyStroke {
  readonly phase: 'down' | 'up'
  readonly repeat: boolean
  readonly atMs: number
  readonly target: EventTarget | null
}
/** Returns true when it used the stroke; otherwise the next older handler is asked. */
export type KeyHandler = (stroke: KeyStroke) => boolean

export interface Keyboard {
  on(action: ActionId, handler: KeyHandler): () => void
  setMap(map: KeyMap): void
  map(): KeyMap
  /** While the settings record a new key, nothing else hears the keyboard. */
  capture(listener: (chord: string) => void): () => void
  attach(target: Window): () => void
}

export function createKeyboard(initial: KeyMap): Keyboard {
  let map = initial
  const handlers = new Map<ActionId, KeyHandler[]>()
  /** Held keys by physical code, so that the release finds its action though modifiers were let go first. */
  const held = new Map<string, ActionId>()
  let captured: ((chord: string) => void) | null = null

  const dispatch = (action: ActionId, stroke: KeyStroke) => [...(handlers.get(action) ?? [])].reverse().some((handler) => handler(stroke))

  const down = (event: KeyboardEvent) => {
    if (takenByInputMethod(event)) return
    const chord = chordOf(event)
    if (chord === null) return
    if (captured !== null) {
      event.preventDefault()
      event.stopPropagation()
      captured(chord)
      return
    }
    const action = actionIds.find((id) => map[id] === chord)
    if (action === undefined) return
    const stroke = { phase: 'down', repeat: event.repeat, atMs: event.timeStamp, target: event.target } as const
    // A repeat of a momentary key is swallowed, so that a key that sticks gives one order.
    if (event.repeat && !actions[action].hold && action !== 'moveUp' && action !== 'moveDown') {
      event.preventDefault()
      return
    }
    if (dispatch(action, stroke)) {
      held.set(event.code, action)
      event.preventDefault()
    }
  }
  const up = (event: KeyboardEvent) => {
    const action = held.get(event.code)
    if (action === undefined) return
    held.delete(event.code)
    if (actions[action].hold) dispatch(action, { phase: 'up', repeat: false, atMs: event.timeStamp, target: event.target })
    event.preventDefault()
  }

  return {
    on(action, handler) {
      handlers.set(action, [...(handlers.get(action) ?? []), handler])
      return () =>
        handlers.set(
          action,
          (handlers.get(action) ?? []).filter((each) => each !== handler),
        )
    },
    setMap(next) {
      map = next
    },
    map: () => map,
    capture(listener) {
      captured = listener
      return () => {
        captured = null
      }
    },
    attach(target) {
      target.addEventListener('keydown', down, { capture: true })
      target.addEventListener('keyup', up, { capture: true })
      return () => {
        target.removeEventListener('keydown', down, { capture: true })
        target.removeEventListener('keyup', up, { capture: true })
      }
    },
  }
}

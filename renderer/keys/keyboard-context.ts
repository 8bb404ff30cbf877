// The window's keyboard, handed down to whoever takes a key.
import { createContext, useContext, useEffect, useRef } from 'react'
import type { ActionId } from './actions.ts'
import type { Keyboard, KeyStroke } from './keyboard.ts'

export const KeyboardContext = createContext<Keyboard | null>(null)

export function useKeyboard(): Keyboard {
  const keyboard = useContext(KeyboardContext)
  if (keyboard === null) throw new Error('no keyboard above this component')
  return keyboard
}

/** Takes a momentary key for as long as the component is on the screen and `enabled`. `run` returning false leaves the stroke alone. */
export function useKey(action: ActionId, run: (stroke: KeyStroke) => boolean | undefined, enabled = true): void {
  const keyboard = useKeyboard()
  const latest = useRef(run)
  latest.current = run
  useEffect(() => {
    if (!enabled) return
    return keyboard.on(action, (stroke) => {
      if (stroke.phase === 'up') return true
      return latest.current(stroke) !== false
    })
  }, [action, enabled, keyboard])
}

/** Whether a stroke was meant for a text field: there, editing keys belong to the text. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
}

// React's door to a held key: the same machine for pointer and keyboard, cancelled by everything that takes the hand or
// the eye away (release, leaving the key, lost focus, hidden window, key taken off the screen).
import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useRef, useState } from 'react'
import type { ActionId } from './actions.ts'
import type { HoldBy, HoldState } from './hold-machine.ts'
import { createHoldRunner, type HoldRunner } from './hold-timer.ts'
import { useKeyboard } from './keyboard-context.ts'

interface Options {
  readonly needMs: number
  readonly enabled: boolean
  /** The key that does the same, if any. */
  readonly action?: ActionId
  /** STOP only: an input method may have eaten the first press of a held key; its repeats then begin the hold. */
  readonly startOnRepeat?: boolean
  readonly onComplete: (by: HoldBy, heldMs: number) => void
}

interface HoldHandlers {
  onKeyDown(event: KeyboardEvent<HTMLElement>): void
  onKeyUp(event: KeyboardEvent<HTMLElement>): void
  onBlur(): void
  onPointerDown(event: PointerEvent<HTMLElement>): void
  onPointerUp(event: PointerEvent<HTMLElement>): void
  onPointerCancel(): void
  onPointerLeave(): void
  onContextMenu(event: { preventDefault(): void }): void
}

export function useHold({ needMs, enabled, action, startOnRepeat = false, onComplete }: Options): {
  readonly state: HoldState
  readonly handlers: HoldHandlers
} {
  const [state, setState] = useState<HoldState>({ kind: 'idle' })
  const complete = useRef(onComplete)
  complete.current = onComplete
  const need = useRef(needMs)
  need.current = needMs
  const runner = useRef<HoldRunner | null>(null)
  const keyboard = useKeyboard()

  useEffect(() => {
    const made = createHoldRunner((by, heldMs) => complete.current(by, heldMs), setState)
    runner.current = made
    const cancel = () => made.send({ kind: 'cancel' })
    window.addEventListener('blur', cancel)
    document.addEventListener('visibilitychange', cancel)
    return () => {
      window.removeEventListener('blur', cancel)
      document.removeEventListener('visibilitychange', cancel)
      made.close()
    }
  }, [])

  useEffect(() => {
    if (!enabled) {
      runner.current?.send({ kind: 'cancel' })
      return
    }
    if (action === undefined) return
    return keyboard.on(action, (stroke) => {
      if (stroke.phase === 'up') runner.current?.send({ kind: 'release', by: 'keyboard', atMs: stroke.atMs })
      else
        runner.current?.send({
          kind: 'press',
          by: 'keyboard',
          atMs: stroke.atMs,
          needMs: need.current,
          repeat: stroke.repeat && !startOnRepeat,
        })
      return true
    })
  }, [action, enabled, keyboard, startOnRepeat])

  const onPointerDown = useCallback(
    (event: PointerEvent<HTMLElement>) => {
      if (!enabled || event.button !== 0) return
      runner.current?.send({ kind: 'press', by: 'pointer', atMs: event.timeStamp, needMs: need.current, repeat: false })
    },
    [enabled],
  )
  const onPointerUp = useCallback((event: PointerEvent<HTMLElement>) => {
    runner.current?.send({ kind: 'release', by: 'pointer', atMs: event.timeStamp })
  }, [])
  const cancel = useCallback(() => runner.current?.send({ kind: 'cancel' }), [])
  // What has no key of its own (reopen, correction, keying by hand) is held with Enter or Space while it has the focus: a desk
  // without a mouse must not end silenced. What has one is reached by it alone.
  const byFocus = enabled && action === undefined
  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      if (event.key !== 'Enter' && event.key !== ' ') return
      event.preventDefault()
      if (!byFocus) return
      runner.current?.send({ kind: 'press', by: 'keyboard', atMs: event.timeStamp, needMs: need.current, repeat: event.repeat })
    },
    [byFocus],
  )
  const onKeyUp = useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      if (event.key !== 'Enter' && event.key !== ' ') return
      event.preventDefault()
      if (byFocus) runner.current?.send({ kind: 'release', by: 'keyboard', atMs: event.timeStamp })
    },
    [byFocus],
  )
  const onBlur = useCallback(() => {
    if (byFocus) runner.current?.send({ kind: 'cancel' })
  }, [byFocus])

  return {
    state,
    handlers: {
      onKeyDown,
      onKeyUp,
      onBlur,
      onPointerDown,
      onPointerUp,
      onPointerCancel: cancel,
      onPointerLeave: cancel,
      onContextMenu: (event) => event.preventDefault(),
    },
  }
}

// Runs the hold machine on real time. At the due moment a release that is already waiting to be read goes first, so that
// a busy main thread never turns a short press into an order.
import { type HoldBy, type HoldEvent, type HoldState, idle, stepHold } from './hold-machine.ts'

export interface HoldRunner {
  send(event: HoldEvent): void
  state(): HoldState
  close(): void
}

export function createHoldRunner(onComplete: (by: HoldBy, heldMs: number) => void, onChange: (state: HoldState) => void): HoldRunner {
  let state: HoldState = idle
  let timer: ReturnType<typeof setTimeout> | undefined

  const due = () => {
    if (inputIsPending()) {
      timer = setTimeout(due, 0)
      return
    }
    send({ kind: 'due', atMs: performance.now() })
  }

  const send = (event: HoldEvent) => {
    const step = stepHold(state, event)
    const changed = step.state !== state
    state = step.state
    for (const effect of step.effects) {
      if (effect.kind === 'stopTimer') clearTimeout(timer)
      if (effect.kind === 'startTimer') timer = setTimeout(due, Math.max(0, effect.dueAtMs - performance.now()))
      if (effect.kind === 'complete') onComplete(effect.by, effect.heldMs)
    }
    if (changed) onChange(state)
  }

  return {
    send,
    state: () => state,
    close() {
      clearTimeout(timer)
      state = idle
    },
  }
}

interface SchedulingNavigator {
  readonly scheduling?: { isInputPending?(): boolean }
}

function inputIsPending(): boolean {
  return (navigator as SchedulingNavigator).scheduling?.isInputPending?.() ?? false
}

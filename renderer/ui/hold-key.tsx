// A key that acts only when held for its full time: by pointer, by its keyboard key, or, where it has none, by Enter or Space held
// while it has the focus; never by a click or a tap. The bar that fills is drawn by the compositor; the order itself is given by
// the hold machine.
import type { ReactNode } from 'react'
import type { ActionId } from '../keys/actions.ts'
import type { HoldBy } from '../keys/hold-machine.ts'
import { useHold } from '../keys/use-hold.ts'

interface Props {
  readonly className: string
  readonly needMs: number
  readonly enabled: boolean
  readonly action?: ActionId
  readonly startOnRepeat?: boolean
  readonly onComplete: (by: HoldBy, heldMs: number) => void
  readonly children: ReactNode
}

export function HoldKey({ className, needMs, enabled, action, startOnRepeat = false, onComplete, children }: Props) {
  const { state, handlers } = useHold({ needMs, enabled, onComplete, startOnRepeat, ...(action === undefined ? {} : { action }) })
  return (
    <button type="button" className={`hold-key ${className}`} data-hold={state.kind} aria-disabled={!enabled} {...handlers}>
      <span className="hold-face">{children}</span>
      <span className="hold-bar" aria-hidden="true" style={{ transitionDuration: state.kind === 'holding' ? `${needMs}ms` : '0ms' }} />
    </button>
  )
}

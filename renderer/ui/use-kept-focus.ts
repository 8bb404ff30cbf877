// Where the focus goes when what had it is gone: a form that was sent, a row that was taken out, a key whose moment is over. Without
// it the next Tab begins at the top of the window, twenty keys from where the hand was.
import { useEffect } from 'react'

/** @param when the focus is looked for after each change of it */
export function useKeptFocus(target: () => HTMLElement | null, when: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked for after a change, not after every drawing
  useEffect(() => {
    if (document.activeElement === document.body) target()?.focus({ preventScroll: true })
  }, [when])
}

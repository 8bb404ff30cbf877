// Which rows of equal height are in view. Own code beside the library's virtualizer because that measures every row of the list
// anew whenever one is added, and this list grows while it is looked at.
import { type RefObject, useCallback, useLayoutEffect, useState } from 'react'

export interface RowWindow {
  /** First row drawn and one past the last, from the top. */
  readonly from: number
  readonly to: number
  scrollToRow(index: number): void
}

const overscan = 3

export function useRowWindow(scroller: RefObject<HTMLElement | null>, count: number, rowPx: number): RowWindow {
  const [view, setView] = useState({ top: 0, rows: 0 })
  useLayoutEffect(() => {
    const box = scroller.current
    if (box === null) return
    let heightPx = box.clientHeight
    const look = () => {
      const top = Math.floor(box.scrollTop / rowPx)
      const rows = Math.ceil(heightPx / rowPx) + 1
      setView((before) => (before.top === top && before.rows === rows ? before : { top, rows }))
    }
    look()
    const sizes = new ResizeObserver(() => {
      heightPx = box.clientHeight
      look()
    })
    sizes.observe(box)
    box.addEventListener('scroll', look, { passive: true })
    return () => {
      sizes.disconnect()
      box.removeEventListener('scroll', look)
    }
  }, [scroller, rowPx])
  const scrollToRow = useCallback(
    (index: number) => {
      const box = scroller.current
      if (box === null) return
      const [topPx, bottomPx] = [index * rowPx, (index + 1) * rowPx]
      if (topPx < box.scrollTop) box.scrollTop = topPx
      else if (bottomPx > box.scrollTop + box.clientHeight) box.scrollTop = bottomPx - box.clientHeight
    },
    [scroller, rowPx],
  )
  return { from: Math.max(0, view.top - overscan), to: Math.min(count, view.top + view.rows + overscan), scrollToRow }
}

// Dragging a row by its grip with a pointer (mouse, pen, finger). Escape and losing the pointer put it back.
import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'

export interface RowDrag {
  readonly from: number | null
  readonly over: number | null
  start(event: PointerEvent<HTMLElement>, index: number): void
}

const edgePx = 36
const scrollPx = 10

export function useRowDrag(body: RefObject<HTMLTableSectionElement | null>, onDrop: (from: number, to: number) => void): RowDrag {
  const [from, setFrom] = useState<number | null>(null)
  const [over, setOver] = useState<number | null>(null)
  const drop = useRef(onDrop)
  drop.current = onDrop
  const target = useRef<number | null>(null)

  useEffect(() => {
    if (from === null) return
    const end = () => {
      setFrom(null)
      setOver(null)
      target.current = null
    }
    const move = (event: globalThis.PointerEvent) => {
      const rows = [...(body.current?.querySelectorAll<HTMLElement>('tr[data-index]') ?? [])]
      const scroller = body.current?.closest('.table-scroll')
      if (scroller instanceof HTMLElement) {
        const box = scroller.getBoundingClientRect()
        if (event.clientY < box.top + edgePx) scroller.scrollTop -= scrollPx
        if (event.clientY > box.bottom - edgePx) scroller.scrollTop += scrollPx
      }
      const found = rows.findIndex((row) => event.clientY < row.getBoundingClientRect().bottom)
      target.current = found < 0 ? rows.length - 1 : found
      setOver(target.current)
    }
    const up = () => {
      if (target.current !== null && target.current !== from) drop.current(from, target.current)
      end()
    }
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape') end()
    }
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', up)
    window.addEventListener('pointercancel', end)
    window.addEventListener('blur', end)
    window.addEventListener('keydown', key)
    return () => {
      window.removeEventListener('pointermove', move)
      window.removeEventListener('pointerup', up)
      window.removeEventListener('pointercancel', end)
      window.removeEventListener('blur', end)
      window.removeEventListener('keydown', key)
    }
  }, [from, body])

  return {
    from,
    over,
    start(event, index) {
      if (event.button !== 0) return
      event.preventDefault()
      setFrom(index)
    },
  }
}

// A text that changes by itself (clock, countdown, age), written into the page without React. `read` must be cheap.
// As with a figure (figure.tsx) its shape alone takes part in the layout: while only digits change, nothing else is laid out.
import { type CSSProperties, useEffect, useRef } from 'react'
import { useApp } from '../state/app.ts'
import { shapeOf } from './figure.tsx'

interface Props {
  /** The text at this moment, from the station's clock. */
  readonly read: () => string
  readonly className?: string
  readonly style?: CSSProperties
  readonly label?: string
}

export function LiveText({ read, className, style, label }: Props) {
  const { ticker } = useApp()
  const room = useRef<HTMLSpanElement>(null)
  const text = useRef<HTMLSpanElement>(null)
  const latest = useRef(read)
  latest.current = read
  useEffect(() => {
    const [outer, inner] = [room.current, text.current]
    if (outer === null || inner === null) return
    const node = inner.firstChild instanceof Text ? inner.firstChild : inner.appendChild(new Text())
    let shape: string | null = null
    const draw = () => {
      const now = latest.current()
      if (now === node.data) return
      // Changing the node's own text is cheaper than giving the element another one.
      node.data = now
      const next = shapeOf(now)
      // One digit fewer (−10 dB, −9 dB) keeps its room: it comes back soon, and would lay the page out each time.
      if (next === shape || next.replace('0', '00') === shape) return
      shape = next
      outer.dataset.shape = next
    }
    draw()
    return ticker.slow(draw)
  }, [ticker])
  return (
    <span className={className} style={style}>
      {label !== undefined && <span className="visually-hidden">{label}: </span>}
      <span ref={room} className="live">
        <span ref={text} className="live-text" />
      </span>
    </span>
  )
}

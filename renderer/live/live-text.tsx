// A text that changes by itself (clock, countdown, age), written into the page without React. `read` must be cheap.
import { type CSSProperties, useEffect, useRef } from 'react'
import { useApp } from '../state/app.ts'

interface Props {
  /** The text at this moment, from the station's clock. */
  readonly read: () => string
  readonly className?: string
  readonly style?: CSSProperties
  readonly label?: string
}

export function LiveText({ read, className, style, label }: Props) {
  const { ticker } = useApp()
  const element = useRef<HTMLSpanElement>(null)
  const latest = useRef(read)
  latest.current = read
  useEffect(() => {
    let shown: string | null = null
    const draw = () => {
      const text = latest.current()
      if (text === shown || element.current === null) return
      shown = text
      element.current.textContent = text
    }
    draw()
    return ticker.slow(draw)
  }, [ticker])
  return (
    <span className={className} style={style}>
      {label !== undefined && <span className="visually-hidden">{label}: </span>}
      <span ref={element} />
    </span>
  )
}

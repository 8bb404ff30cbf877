// A value that changes often, taken over at most once per period; the last one always arrives.
import { useEffect, useRef, useState } from 'react'

export function useCalm<T>(value: T, everyMs: number): T {
  const [shown, setShown] = useState(value)
  const takenAtMs = useRef(0)
  useEffect(() => {
    const wait = Math.max(0, takenAtMs.current + everyMs - performance.now())
    const timer = setTimeout(() => {
      takenAtMs.current = performance.now()
      setShown(value)
    }, wait)
    return () => clearTimeout(timer)
  }, [value, everyMs])
  return shown
}

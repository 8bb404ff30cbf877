// Forward power over the last five minutes, by uPlot, redrawn once a second at most.
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { useApp } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import type { Sample } from './history.ts'

interface Props {
  readonly read: () => readonly Sample[]
  readonly setPoint: number
  readonly label: string
}

const redrawMs = 1_000
const spanS = 300

export function Sparkline({ read, setPoint, label }: Props) {
  const { ticker, clock, preferences } = useApp()
  const theme = useSignal(preferences.theme)
  const box = useRef<HTMLDivElement>(null)
  const latest = useRef(read)
  latest.current = read
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours that are read here
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const style = getComputedStyle(element)
    const ink = style.getPropertyValue('--ink-2')
    const line = style.getPropertyValue('--line-strong')
    const plot = new uPlot(
      {
        width: Math.max(40, element.clientWidth),
        height: Math.max(20, element.clientHeight),
        padding: [2, 0, 2, 0],
        legend: { show: false },
        cursor: { show: false },
        axes: [{ show: false }, { show: false }],
        scales: {
          x: { time: false, range: () => [clock.now() / 1000 - spanS, clock.now() / 1000] },
          y: { range: () => [0, Math.max(1, setPoint * 1.15)] },
        },
        series: [
          {},
          { stroke: ink, width: 1.5, points: { show: false } },
          { stroke: line, width: 1, dash: [3, 3], points: { show: false } },
        ],
      },
      [[], [], []],
      element,
    )
    let drawnMs = 0
    const stop = ticker.slow((nowMs) => {
      if (nowMs - drawnMs < redrawMs) return
      drawnMs = nowMs
      const samples = latest.current()
      const now = clock.now() / 1000
      plot.setData([
        [now - spanS, ...samples.map((sample) => sample.atMs / 1000), now],
        [null, ...samples.map((sample) => sample.value), null],
        [setPoint, ...samples.map(() => setPoint), setPoint],
      ])
    })
    const sizes = new ResizeObserver(() =>
      plot.setSize({ width: Math.max(40, element.clientWidth), height: Math.max(20, element.clientHeight) }),
    )
    sizes.observe(element)
    return () => {
      stop()
      sizes.disconnect()
      plot.destroy()
    }
  }, [ticker, clock, setPoint, theme])
  return <div ref={box} className="sparkline" role="img" aria-label={label} />
}

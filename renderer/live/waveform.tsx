// A waveform overview on a canvas with a playhead that moves outside React. The played part takes `played`, the rest grey.
import { useEffect, useRef } from 'react'
import { useApp } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'

interface Props {
  /** Minimum and maximum per bucket, −1…1; null = not known (a flat line is drawn). */
  readonly peaks: { readonly min: readonly number[]; readonly max: readonly number[] } | null
  /** Position, 0…1, at this frame; null = no playhead. */
  readonly progress: () => number | null
  /** Colour token of the played part. */
  readonly played: 'onair' | 'ink-2' | 'preview-ink'
  readonly label: string
  readonly className?: string
}

const barPx = 2
const gapPx = 1

export function Waveform({ peaks, progress, played, label, className = '' }: Props) {
  const { ticker, preferences } = useApp()
  const theme = useSignal(preferences.theme)
  const canvas = useRef<HTMLCanvasElement>(null)
  const read = useRef(progress)
  read.current = progress

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours that are read here
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === null || context === undefined) return
    let front: HTMLCanvasElement | null = null
    let back: HTMLCanvasElement | null = null
    let [width, height] = [0, 0]
    let shownPx = -2
    const ratio = window.devicePixelRatio
    const prepare = () => {
      width = element.clientWidth
      height = element.clientHeight
      element.width = Math.max(1, Math.round(width * ratio))
      element.height = Math.max(1, Math.round(height * ratio))
      const style = getComputedStyle(element)
      back = paint(element, ratio, peaks, style.getPropertyValue('--ink-3'), style.getPropertyValue('--line-strong'))
      front = paint(element, ratio, peaks, style.getPropertyValue(`--${played}`), style.getPropertyValue(`--${played}`))
      shownPx = -2
    }
    prepare()
    const sizes = new ResizeObserver(prepare)
    sizes.observe(element)
    const cursor = getComputedStyle(element).getPropertyValue('--ink')
    const stop = ticker.fast(() => {
      const at = read.current()
      const px = at === null ? -1 : Math.round(Math.min(1, Math.max(0, at)) * width * ratio)
      if (px === shownPx || back === null || front === null) return
      shownPx = px
      context.clearRect(0, 0, element.width, element.height)
      context.drawImage(back, 0, 0)
      if (px < 0) return
      if (px > 0) {
        context.clearRect(0, 0, px, element.height)
        context.drawImage(front, 0, 0, px, element.height, 0, 0, px, element.height)
      }
      context.fillStyle = cursor
      context.fillRect(Math.max(0, px - ratio), 0, 2 * ratio, element.height)
    })
    return () => {
      sizes.disconnect()
      stop()
    }
  }, [peaks, played, ticker, theme])

  return <canvas ref={canvas} className={`waveform ${className}`} role="img" aria-label={label} />
}

function paint(element: HTMLCanvasElement, ratio: number, peaks: Props['peaks'], colour: string, line: string): HTMLCanvasElement {
  const out = document.createElement('canvas')
  out.width = element.width
  out.height = element.height
  const context = out.getContext('2d')
  if (context === null) return out
  const middle = out.height / 2
  context.fillStyle = line
  context.fillRect(0, Math.round(middle), out.width, Math.max(1, ratio))
  if (peaks === null || peaks.max.length === 0) return out
  context.fillStyle = colour
  const step = (barPx + gapPx) * ratio
  const bars = Math.floor(out.width / step)
  const perBar = peaks.max.length / bars
  for (let bar = 0; bar < bars; bar += 1) {
    let [low, high] = [0, 0]
    const end = Math.max(Math.floor((bar + 1) * perBar), Math.floor(bar * perBar) + 1)
    for (let index = Math.floor(bar * perBar); index < end; index += 1) {
      low = Math.min(low, peaks.min[index] ?? 0)
      high = Math.max(high, peaks.max[index] ?? 0)
    }
    const top = middle - Math.max(high * middle, ratio)
    context.fillRect(bar * step, top, barPx * ratio, Math.max(2 * ratio, (high - low) * middle))
  }
  return out
}

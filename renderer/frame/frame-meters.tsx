// Programme level of every output, two bars each, on one canvas outside React. Grey: level is not a fault. A mark keeps the
// peak of the last second; with no fresh frame the bars are gone and the scale says "không có số đo".
import { useEffect, useRef } from 'react'
import { dbText } from '../format/numbers.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useAired, useApp } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'

const floorDb = -60
const peakHoldMs = 1_000
/** Fall of the bar between frames, dB per second. */
const fallDbPerS = 26

interface Lane {
  shownDb: [number, number]
  peakDb: [number, number]
  peakAtMs: [number, number]
  figure: string | null
}

export function FrameMeters() {
  const { meters, ticker, preferences } = useApp()
  const { t, language } = useTexts()
  const outputs = useAired()
  const theme = useSignal(preferences.theme)
  const canvas = useRef<HTMLCanvasElement>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours that are read here
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === null || context === undefined) return
    const style = getComputedStyle(element)
    const colour = (name: string) => style.getPropertyValue(`--${name}`).trim()
    const [ink, quiet, line, bar] = [colour('ink'), colour('ink-3'), colour('line-strong'), colour('ink-2')]
    const lanes = outputs.map((): Lane => ({ shownDb: [floorDb, floorDb], peakDb: [floorDb, floorDb], peakAtMs: [0, 0], figure: null }))
    const ratio = window.devicePixelRatio
    const [width, height] = [element.clientWidth, element.clientHeight]
    element.width = Math.round(width * ratio)
    element.height = Math.round(height * ratio)
    const fontPx = Number.parseFloat(style.fontSize)
    const rowHeight = height / Math.max(1, outputs.length)
    let lastMs = 0

    const barTop = fontPx * 1.3
    const barHeight = Math.max(3, Math.min(9, (rowHeight - barTop - 5) / 2))
    const x = (db: number) => ((db - floorDb) / -floorDb) * width
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.textBaseline = 'middle'
    context.font = `600 ${fontPx}px Inter Variable`
    context.lineWidth = 1

    /** Name and figure of an output: drawn when the figure changes, not with every needle. */
    const drawWords = (name: string, figure: string, known: boolean, top: number) => {
      const textY = top + fontPx * 0.62
      context.clearRect(0, top, width, barTop - 1)
      context.fillStyle = quiet
      context.textAlign = 'left'
      context.fillText(name, 0, textY, Math.max(10, width - fontPx * 0.62 * figure.length - 6))
      context.textAlign = 'right'
      context.fillStyle = known ? ink : quiet
      context.fillText(figure, width, textY)
    }

    return ticker.half((nowMs) => {
      const frame = meters.fresh(nowMs)
      const dropDb = (fallDbPerS * Math.min(200, nowMs - lastMs)) / 1000
      lastMs = nowMs
      outputs.forEach((output, row) => {
        const lane = lanes[row]
        if (lane === undefined) return
        const level = frame?.outputs.find((each) => each.outputId === output.outputId)?.level ?? null
        const top = row * rowHeight
        const figure = level === null ? '—' : dbText(Math.max(...level.peakDb), language)
        if (figure !== lane.figure) {
          lane.figure = figure
          drawWords(output.name, figure, level !== null, top)
        }
        for (const channel of [0, 1] as const) {
          const y = top + barTop + channel * (barHeight + 2)
          const target = level === null ? floorDb : Math.max(floorDb, level.peakDb[channel])
          lane.shownDb[channel] = level === null ? floorDb : Math.max(target, lane.shownDb[channel] - dropDb)
          if (target >= lane.peakDb[channel] || nowMs - lane.peakAtMs[channel] > peakHoldMs) {
            lane.peakDb[channel] = target
            lane.peakAtMs[channel] = nowMs
          }
          context.clearRect(0, y, width, barHeight)
          context.strokeStyle = line
          context.strokeRect(0.5, y + 0.5, width - 1, barHeight - 1)
          context.fillStyle = bar
          context.fillRect(1, y + 1, Math.max(0, x(lane.shownDb[channel]) - 2), barHeight - 2)
          if (lane.peakDb[channel] > floorDb) {
            context.fillStyle = ink
            context.fillRect(Math.max(1, x(lane.peakDb[channel]) - 3), y + 1, 2, barHeight - 2)
          }
        }
      })
    })
  }, [meters, ticker, outputs.length, outputs[0]?.name, outputs[1]?.name, theme, language])

  return (
    <div className="frame-meters">
      <canvas ref={canvas} role="img" aria-label={t('frame.meters')} />
    </div>
  )
}

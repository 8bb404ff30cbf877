// The waveform of a preview, drawn and seekable by wavesurfer from precomputed peaks; it plays nothing itself. The playhead is
// set from the measured position, outside React.
import { useEffect, useRef } from 'react'
import WaveSurfer from 'wavesurfer.js'
import { useApp } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'

interface Props {
  /** One value per bucket, 0…1, or minimum/maximum pairs flattened by the caller. */
  readonly peaks: readonly number[]
  readonly durationMs: number
  readonly positionMs: () => number | null
  readonly onSeek: (toMs: number) => void
  readonly tone: 'preview' | 'plain'
  readonly label: string
}

export function PreviewWave({ peaks, durationMs, positionMs, onSeek, tone, label }: Props) {
  const { ticker, preferences } = useApp()
  const theme = useSignal(preferences.theme)
  const box = useRef<HTMLDivElement>(null)
  const position = useRef(positionMs)
  position.current = positionMs
  const seek = useRef(onSeek)
  seek.current = onSeek

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours that are read here
  useEffect(() => {
    const container = box.current
    if (container === null) return
    const style = getComputedStyle(container)
    const strong = style.getPropertyValue(tone === 'preview' ? '--preview-ink' : '--ink')
    const quiet = style.getPropertyValue(tone === 'preview' ? '--preview-ink' : '--ink-3')
    const surfer = WaveSurfer.create({
      container,
      height: 'auto',
      peaks: [Float32Array.from(peaks)],
      duration: Math.max(0.001, durationMs / 1000),
      waveColor: tone === 'preview' ? `${quiet}77` : quiet,
      progressColor: strong,
      cursorColor: strong,
      cursorWidth: 2,
      barWidth: 2,
      barGap: 1,
      normalize: true,
      interact: true,
      hideScrollbar: true,
    })
    const unsubscribe = surfer.on('interaction', (seconds) => seek.current(seconds * 1000))
    let shownMs = -1
    const stop = ticker.fast(() => {
      const at = position.current() ?? 0
      if (Math.abs(at - shownMs) < 20) return
      shownMs = at
      surfer.setTime(Math.min(at, durationMs) / 1000)
    })
    return () => {
      stop()
      unsubscribe()
      surfer.destroy()
    }
  }, [peaks, durationMs, tone, ticker, theme])

  return <div ref={box} className="preview-wave" role="img" aria-label={label} />
}

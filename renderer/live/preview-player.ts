// Listening before airing. On the cue device the station plays (the same bytes and gain that would air); where it has no cue
// device the browser plays the same file and says so. One thing at a time.
import { createSignal, type Signal } from '../state/signal.ts'

export interface PreviewSubject {
  readonly kind: 'alert' | 'cart'
  readonly id: string
}

export interface BrowserPreview {
  readonly playing: Signal<PreviewSubject | null>
  /** Position in ms. */
  positionMs(): number
  play(subject: PreviewSubject, fromMs: number, onFailed: () => void): void
  stop(): void
}

const paths = { alert: 'alerts', cart: 'library' } as const

/** How often the station is told how much of an alert was heard, ms. */
export const reportEveryMs = 1_000

export function createBrowserPreview(report: (alertId: string, heardMs: number) => void): BrowserPreview {
  const playing = createSignal<PreviewSubject | null>(null)
  const audio = new Audio()
  audio.preload = 'none'
  let heard = { id: '', ms: 0, sinceMs: 0 }

  const tell = () => {
    const subject = playing.get()
    if (subject?.kind !== 'alert' || heard.sinceMs === 0) return
    const now = performance.now()
    heard = { id: subject.id, ms: heard.ms + now - heard.sinceMs, sinceMs: now }
    report(subject.id, Math.round(heard.ms))
  }
  const stop = () => {
    tell()
    audio.pause()
    heard = { ...heard, sinceMs: 0 }
    playing.set(null)
  }
  audio.addEventListener('playing', () => {
    const subject = playing.get()
    if (subject !== null) heard = { id: subject.id, ms: heard.id === subject.id ? heard.ms : 0, sinceMs: performance.now() }
  })
  audio.addEventListener('ended', stop)
  setInterval(() => {
    if (playing.get() !== null) tell()
  }, reportEveryMs)

  return {
    playing,
    positionMs: () => audio.currentTime * 1000,
    play(subject, fromMs, onFailed) {
      stop()
      audio.src = `/api/v1/${paths[subject.kind]}/${encodeURIComponent(subject.id)}/audio.wav`
      audio.currentTime = fromMs / 1000
      playing.set(subject)
      audio.play().catch((error: unknown) => {
        if (error instanceof DOMException && error.name === 'AbortError') return
        playing.set(null)
        onFailed()
      })
    },
    stop,
  }
}

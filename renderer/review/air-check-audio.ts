// The recorded programme, played by the browser from any second: finds the segment, goes on into the next one, and skips gaps.
import type { AirCheckSegment } from '../../shared/domain/air-check.ts'
import { createSignal, type Signal } from '../state/signal.ts'

export interface AirCheckAudio {
  /** The segment that plays or is stopped at; null = nothing was chosen yet. */
  readonly segment: Signal<AirCheckSegment | null>
  readonly playing: Signal<boolean>
  /** Wall time of what is heard; null = nothing was chosen. */
  atMs(): number | null
  /** Plays from this wall time, or from where the recording begins again. Answers false where nothing is recorded after it. */
  play(segments: readonly AirCheckSegment[], atMs: number): boolean
  stop(): void
  close(): void
}

export function createAirCheckAudio(onFailed: () => void): AirCheckAudio {
  const audio = new Audio()
  audio.preload = 'auto'
  const segment = createSignal<AirCheckSegment | null>(null)
  const playing = createSignal(false)
  let all: readonly AirCheckSegment[] = []

  const start = (chosen: AirCheckSegment, offsetMs: number) => {
    const address = `/api/v1/recordings/${encodeURIComponent(chosen.segmentId)}/audio`
    // The same segment is not fetched again: only the place changes.
    if (segment.get()?.segmentId !== chosen.segmentId || !chosen.finished) audio.src = address
    audio.currentTime = offsetMs / 1000
    segment.set(chosen)
    playing.set(true)
    audio.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'AbortError') return
      playing.set(false)
      onFailed()
    })
  }
  const next = () => {
    const current = segment.get()
    const follower = current === null ? undefined : all.find((each) => each.fromMs > current.fromMs)
    if (follower === undefined) playing.set(false)
    else start(follower, 0)
  }
  audio.addEventListener('ended', next)

  return {
    segment,
    playing,
    atMs() {
      const current = segment.get()
      return current === null ? null : current.fromMs + audio.currentTime * 1000
    },
    play(segments, atMs) {
      all = segments
      const chosen = segments.find((each) => each.toMs > atMs)
      if (chosen === undefined) return false
      start(chosen, Math.max(0, atMs - chosen.fromMs))
      return true
    },
    stop() {
      audio.pause()
      playing.set(false)
    },
    close() {
      audio.removeEventListener('ended', next)
      audio.pause()
      audio.removeAttribute('src')
      audio.load()
    },
  }
}

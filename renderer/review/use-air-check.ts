// The recording of a day to be heard: one player, and what is said where nothing can be played.
import { useEffect, useState } from 'react'
import type { AirCheckDay } from '../../shared/domain/air-check.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { selectStation, useApp, useScreen } from '../state/app.ts'
import { type AirCheckAudio, createAirCheckAudio } from './air-check-audio.ts'

export interface AirCheck {
  readonly audio: AirCheckAudio
  /** Plays from this wall time; where nothing is recorded there, or nothing may be heard here, that is said. `from`: another recording. */
  play(atMs: number, from?: AirCheckDay): void
}

export function useAirCheck(recorded: AirCheckDay | null): AirCheck {
  const { notices } = useApp()
  const { t, failure } = useTexts()
  const { cue } = useScreen(selectStation)
  const refuse = (code: string) => {
    const text = failure(code, {})
    notices.post({ tone: 'refused', order: t('review.play'), what: text.what, todo: text.todo })
  }
  const [audio] = useState(() => createAirCheckAudio(() => refuse('CUE_UNAVAILABLE')))
  useEffect(() => () => audio.close(), [audio])
  return {
    audio,
    play(atMs, from = recorded ?? undefined) {
      if (cue.via === 'none') refuse('CUE_IS_PROGRAMME')
      else if (from === undefined || !audio.play(from.segments, atMs)) refuse('NOT_RECORDED')
    },
  }
}

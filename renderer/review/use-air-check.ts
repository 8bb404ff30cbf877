// The recording of a day to be heard: one player, and what is said where nothing can be played.
import { useEffect, useState } from 'react'
import type { AirCheckDay } from '../../shared/domain/air-check.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { selectStation, useApp, useScreen } from '../state/app.ts'
import { type AirCheckAudio, createAirCheckAudio } from './air-check-audio.ts'

export interface AirCheck {
  readonly audio: AirCheckAudio
  /** Plays from this wall time; where nothing is recorded there, or nothing may be heard here, that is said. `from`: another recording. */
  play(atMs: number, from?: AirCheckDay | null): void
}

/** @param recorded null = not known yet: what is wished meanwhile is played, or refused, once it is. `failed`: it will not be known. */
export function useAirCheck(recorded: AirCheckDay | null, failed = false): AirCheck {
  const { notices } = useApp()
  const { t, failure } = useTexts()
  const { cue } = useScreen(selectStation)
  const refuse = (code: string) => {
    const text = failure(code, {})
    notices.post({ tone: 'refused', order: t('review.play'), what: text.what, todo: text.todo })
  }
  const [audio] = useState(() => createAirCheckAudio(() => refuse('CUE_UNAVAILABLE')))
  useEffect(() => () => audio.close(), [audio])
  const [wishedMs, setWishedMs] = useState<number | null>(null)
  const play = (atMs: number, from = recorded) => {
    if (cue.via === 'none') refuse('CUE_IS_PROGRAMME')
    else if (from === null) setWishedMs(atMs)
    else if (!audio.play(from.segments, atMs)) refuse('NOT_RECORDED')
  }
  useEffect(() => {
    if (wishedMs === null || (recorded === null && !failed)) return
    setWishedMs(null)
    if (recorded !== null) play(wishedMs, recorded)
    else notices.post({ tone: 'refused', order: t('review.play'), what: t('common.loadFailed'), todo: t('common.tryAgain') })
  })
  return { audio, play }
}

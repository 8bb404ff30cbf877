// A row of the logbook, heard: the recording of its output from its second. A click that only looks at a row is silent where nothing
// can be heard; whoever asks for the sound is told why not.
import { useState } from 'react'
import type { AirCheckDay } from '../../shared/domain/air-check.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { BroadcastDay } from '../../shared/domain/time.ts'
import { mayDo } from '../../shared/rpc/rights.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useSession } from '../people/use-session.ts'
import { selectStation, useScreen } from '../state/app.ts'
import { useOrder } from '../state/use-order.ts'
import { type AirCheck, useAirCheck } from './use-air-check.ts'

export interface RowAudio extends AirCheck {
  readonly recorded: AirCheckDay | null
  hear(row: LogRow, asked: boolean): void
}

export function useRowAudio(day: BroadcastDay): RowAudio {
  const { t } = useTexts()
  const station = useScreen(selectStation)
  const { session } = useSession()
  const order = useOrder()
  const [recorded, setRecorded] = useState<AirCheckDay | null>(null)
  const airCheck = useAirCheck(recorded)
  const hear = async (row: LogRow, asked: boolean) => {
    if (!asked && (station.cue.via === 'none' || !mayDo(session?.role ?? 'operator', 'recordings.day'))) return
    const outputId = (row.outputId ?? station.outputs[0]?.outputId ?? 'main') as OutputId
    // Asked for anew each time: the newest row is in what was recorded a second ago.
    const found = await order.give(t('review.play'), (client) => client.recordings.day({ day, outputId }))
    if (found === null) return
    setRecorded(found)
    const isRecorded = found.segments.some((segment) => segment.fromMs <= row.atMs && segment.toMs > row.atMs)
    if (asked || isRecorded) airCheck.play(row.atMs, found)
  }
  return { ...airCheck, recorded, hear: (row, asked) => void hear(row, asked) }
}

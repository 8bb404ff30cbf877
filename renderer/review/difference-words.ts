// Differences in words: their kinds, and why, as the logbook says it.
import type { Difference, DifferenceKind } from '../../shared/domain/review.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useLogWords } from '../logbook/use-log-words.ts'

export interface DifferenceWords {
  kind(kind: DifferenceKind): string
  /** What it is about; a microphone by its name, nothing named: why. */
  subject(difference: Difference): string
  reason(difference: Difference): string
  output(outputId: string | null): string
}

const sentKinds = ['item', 'alert', 'live', 'hotkey', 'stop'] as const
const cuts = ['nextTaken', 'hardStart', 'cleared', 'stopped', 'skipped', 'failed', 'interrupted'] as const
const silences = ['measured', 'stationDown', 'stop'] as const

export function useDifferenceWords(): DifferenceWords {
  const { t } = useTexts()
  const words = useLogWords()
  const why = ({ kind, reason }: Difference) => {
    if (reason === null) return '—'
    const sent = kind === 'unplanned' ? sentKinds.find((each) => each === reason) : undefined
    if (sent !== undefined) return t(`sentKind.${sent}`)
    const cut = kind === 'cutShort' ? cuts.find((each) => each === reason) : undefined
    if (cut !== undefined) return t(`cutBy.${cut}`)
    const silent = kind === 'silence' ? silences.find((each) => each === reason) : undefined
    if (silent !== undefined) return t(`silence.${silent}`)
    return kind === 'replaced' ? reason : words.value(reason)
  }
  return {
    kind: (kind) => t(`difference.${kind}`),
    subject: (difference) => (difference.subject === '' ? why(difference) : words.label(difference.subject)),
    reason: why,
    output: (outputId) => (outputId === null ? t('review.everyOutput') : words.label(outputId)),
  }
}

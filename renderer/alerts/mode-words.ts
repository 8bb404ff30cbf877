// What a mode is called and what it does here: in training nothing goes out, and no word on the screen may say that it does.
import type { AlertView } from '../../shared/domain/alert.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { selectStation, useScreen } from '../state/app.ts'

export interface ModeWords {
  readonly name: string
  readonly hint: string
}

export function useModeWords(): (mode: AlertView['mode']) => ModeWords {
  const { t } = useTexts()
  const { training } = useScreen(selectStation)
  return (mode) =>
    mode === 'live'
      ? {
          name: training ? t('alerts.liveTraining') : t('alerts.live'),
          hint: training ? t('alerts.liveTrainingHint') : t('alerts.liveHint'),
        }
      : { name: t('alerts.drill'), hint: training ? t('alerts.drillTrainingHint') : t('alerts.drillHint') }
}

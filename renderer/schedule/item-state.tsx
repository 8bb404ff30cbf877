// What became of a row, in words; amber only where something needs a hand.
import type { PlannedItem } from '../../shared/domain/schedule.ts'
import { durationText } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'

export function ItemStateText({ row }: { readonly row: PlannedItem }) {
  const { t, reason } = useTexts()
  const why = row.reason === null ? '' : `: ${reason(row.reason)}`
  switch (row.state) {
    case 'onAir':
      return (
        <span className="state-onair">
          <i aria-hidden="true">●</i> {t('itemState.onAir')}
        </span>
      )
    case 'held':
      return <b>‖ {t('itemState.held')}</b>
    case 'interrupted':
      return <b>‖ {t('itemState.interrupted')}</b>
    case 'aired':
      return (
        <>
          <span className="tick">✓</span> {t('itemState.aired')}
        </>
      )
    case 'cutShort':
      return <span className="muted">{`${t('itemState.cutShort')}${why}`}</span>
    case 'skipped':
      return <span className="muted">{`${t('itemState.skipped')}${why}`}</span>
    case 'missed':
      return <span className="flag-p2">▲ {`${t('itemState.missed')}${why}`}</span>
    case 'unplayable':
      return (
        <span className="flag-p2">
          ▲ {`${row.reason === null ? t('itemState.unplayable') : reason(row.reason)} → ${t('itemState.fillInstead')}`}
        </span>
      )
    case 'proven':
    case 'planned':
      if (row.overrunMs >= 1000) return <span className="flag-p2">▲ {t('schedule.cutOff', { time: durationText(row.overrunMs) })}</span>
      if (row.lateMs >= 1000) return <span className="late">{t('schedule.late', { time: durationText(row.lateMs) })}</span>
      return row.state === 'proven' ? (
        <span className="muted">✓ {t('itemState.proven')}</span>
      ) : (
        <span className="muted">{t('itemState.planned')}</span>
      )
  }
}

export function SourceTag({ row }: { readonly row: PlannedItem }) {
  const { t } = useTexts()
  return (
    <>
      <span className="src">{t(`source.${row.item.source.kind}`)}</span>
      {row.item.origin !== undefined && <span className="src province-tag">{t('province.tag')}</span>}
    </>
  )
}

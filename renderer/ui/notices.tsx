// Refused orders in words, low on the left where nothing is operated. Each says what happened and what to do.
import { useTexts } from '../i18n/use-texts.ts'
import { useApp } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'

export function Notices() {
  const { notices } = useApp()
  const { t } = useTexts()
  const list = useSignal(notices.list)
  return (
    <div className="notices" role="log" aria-live="assertive" aria-label={t('frame.alarmList')}>
      {list.map((notice) => (
        <div key={notice.id} className={`notice ${notice.tone}`}>
          <div>
            <b>{notice.tone === 'refused' ? `▲ ${t('common.refusedTitle', { order: notice.order })}` : notice.order}</b>
            <div>{notice.what}</div>
            <div className="muted">{notice.todo}</div>
          </div>
          <button type="button" className="btn" onClick={() => notices.dismiss(notice.id)}>
            {t('common.dismiss')}
          </button>
        </div>
      ))}
    </div>
  )
}

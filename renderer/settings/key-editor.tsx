// Changing keys: press the new one; what is taken, a bare letter, or belongs to an input method or the system is refused with
// the reason.
import { useEffect, useState } from 'react'
import { actions, type ActionId, actionIds, defaultKeyMap } from '../keys/actions.ts'
import { chordLabel } from '../keys/chord.ts'
import { useKeyboard } from '../keys/keyboard-context.ts'
import { remapProblem, type RemapProblem } from '../keys/keymap.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useApp } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { Card } from '../ui/card.tsx'

export function KeyEditor() {
  const { preferences } = useApp()
  const { t } = useTexts()
  const map = useSignal(preferences.keyMap)
  const defaults = defaultKeyMap()
  const keyboard = useKeyboard()
  const [recording, setRecording] = useState<ActionId | null>(null)
  const [problem, setProblem] = useState<{ readonly action: ActionId; readonly chord: string; readonly why: RemapProblem } | null>(null)

  useEffect(() => {
    if (recording === null) return
    return keyboard.capture((chord) => {
      const why = remapProblem(preferences.keyMap.get(), recording, chord)
      if (why === null) preferences.keyMap.set({ ...preferences.keyMap.get(), [recording]: chord })
      setProblem(why === null ? null : { action: recording, chord, why })
      setRecording(null)
    })
  }, [recording, keyboard, preferences])

  const changed = actionIds.some((id) => map[id] !== defaults[id])
  return (
    <Card
      className="key-editor"
      title={t('settings.keys')}
      aside={
        <button type="button" className="btn" disabled={!changed} onClick={() => preferences.keyMap.set(defaults)}>
          {t('settings.keysReset')}
        </button>
      }
    >
      <p className="small muted">{t('settings.keysHint')}</p>
      <ul className="key-list">
        {actionIds.map((id) => (
          <li key={id}>
            <span>
              {t(`keyNames.${id}`)}
              {actions[id].hold && <span className="muted small"> · {t('help.holdMark')}</span>}
            </span>
            {problem?.action === id && (
              <span className="flag-p2 small" role="alert">
                {chordLabel(problem.chord)}:{' '}
                {problem.why.kind === 'conflict'
                  ? t('settings.keyTaken', { name: t(`keyNames.${problem.why.with}`) })
                  : t(`settings.${problem.why.kind}`)}
              </span>
            )}
            <button
              type="button"
              className="btn key-button"
              data-changed={map[id] !== defaults[id]}
              aria-label={t('settings.changeKey', { name: t(`keyNames.${id}`), key: chordLabel(map[id]) })}
              onClick={() => {
                setProblem(null)
                setRecording(recording === id ? null : id)
              }}
            >
              {recording === id ? t('settings.pressKey') : <kbd>{chordLabel(map[id])}</kbd>}
            </button>
          </li>
        ))}
      </ul>
    </Card>
  )
}

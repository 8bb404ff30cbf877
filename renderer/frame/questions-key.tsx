// What the supervisor asked and nobody has answered: a key under the screens' own, with its words, only while there is one. It opens
// the one that has waited longest, at its difference.
import { useTexts } from '../i18n/use-texts.ts'
import { selectQuestions, useApp, useScreen } from '../state/app.ts'

export function QuestionsKey() {
  const { navigation } = useApp()
  const { t } = useTexts()
  const questions = useScreen(selectQuestions)
  const [first] = questions
  return (
    <div role="status">
      {first !== undefined && (
        <button type="button" className="questions-key" title={`${first.by}: ${first.text}`} onClick={() => navigation.openQuestion(first)}>
          <b>
            <span aria-hidden="true">▲</span> <span className="num">{questions.length}</span>
          </b>
          <span>{t('review.openQuestions')}</span>
        </button>
      )}
    </div>
  )
}

// What the province would not take, said beside the field it is about: which field, what stood there, what to do. Nothing typed is touched.
import { hush, knows, say } from './words.js'

/** A refusal as `ask` throws it. */
export class Refused extends Error {
  constructor({ error, message, problems = [] }) {
    super(message)
    this.code = error
    this.problems = problems
  }
}

/** Away with what was said about these fields. */
export function clearProblems(form) {
  for (const told of form.querySelectorAll('.problem')) told.remove()
  for (const field of form.querySelectorAll('[aria-invalid]')) {
    field.removeAttribute('aria-invalid')
    field.removeAttribute('aria-describedby')
  }
}

/**
 * Says it all: in `said` how many fields are wrong, or what else it is; beside each field its own.
 * @param controlOf the control of a field by the name it is refused under; null = none, it is said in `said`
 */
export function showRefusal(error, said, controlOf) {
  said.classList.add('bad')
  if (!(error instanceof Refused)) return void say(said, 'refusal.UNREACHABLE')
  if (error.code !== 'INVALID') {
    const name = `refusal.${error.code}`
    return void say(said, knows(name) ? name : 'refusal.FAILED', { message: error.message })
  }
  const placed = error.problems.map((problem) => ({ problem, control: controlOf(problem.field) }))
  for (const { problem, control } of placed) if (control !== null) beside(control, problem)
  const lost = placed.find(({ control }) => control === null)
  if (lost === undefined) say(said, 'refusal.INVALID', { n: placed.length })
  else say(said, 'refusal.field', wordsOf(lost.problem))
  const wrong = placed.flatMap(({ control }) => (control === null ? [] : [control]))
  wrong.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))[0]?.focus()
}

function beside(control, problem) {
  const told = document.createElement('p')
  told.className = 'problem'
  told.id = `problem-${crypto.randomUUID()}`
  control.setAttribute('aria-invalid', 'true')
  control.setAttribute('aria-describedby', told.id)
  const field = control.closest('.field')
  // By the name that stands there.
  const { t: word, params } = field.querySelector('[data-t]').dataset
  const name = { word, params: JSON.parse(params ?? '{}') }
  field.append(say(told, 'refusal.field', { ...wordsOf(problem), name }))
}

function wordsOf({ field, value, rule, limit }) {
  const what = value === '' ? { word: 'value.none' } : { word: 'value.is', params: { value } }
  return { name: { word: `field.${field}` }, what, remedy: { word: `rule.${rule}`, params: { limit } } }
}

export function settle(said) {
  said.classList.remove('bad')
  hush(said)
}

// The three forms of the trainer's page: a bulletin, a session of spoken parts, a relay with a fixed end. The province itself judges what
// is filled in; what it refuses stays as it was typed, also over a reload, until it has been sent.
import { clearProblems, settle, showRefusal } from './problems.js'
import { say } from './words.js'

const byId = (id) => document.getElementById(id)
const dayMs = 86_400_000
/** Viet Nam is seven hours ahead, the whole year. */
const aheadMs = 7 * 3_600_000
/** Somebody who writes the minute that has just begun means today. */
const graceMs = 60_000

/** The next time that clocks in Viet Nam show `HH:MM[:SS]`; NaN where nothing is written. */
function nextTime(text, afterMs) {
  const [hours = 0, minutes = 0, seconds = 0] = text === '' ? [Number.NaN] : text.split(':').map(Number)
  const startOfDayMs = Math.floor((afterMs + aheadMs) / dayMs) * dayMs - aheadMs
  const atMs = startOfDayMs + ((hours * 60 + minutes) * 60 + seconds) * 1000
  return atMs < afterMs ? atMs + dayMs : atMs
}

/** What is no number goes as it was written, to be named. */
function number(form, name) {
  const text = form.get(name).trim()
  if (text === '') return null
  return /^-?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : text
}

function bulletin(form) {
  return {
    title: form.get('title').trim(),
    text: form.get('text').trim(),
    class: form.get('class'),
    mode: form.get('mode'),
    orderedBy: form.get('orderedBy').trim(),
    riskLevel: number(form, 'riskLevel'),
    validMinutes: number(form, 'validMinutes'),
  }
}

function session(form) {
  const texts = form.getAll('partText')
  return {
    title: form.get('title').trim(),
    startMs: nextTime(form.get('start'), Date.now() - graceMs),
    hard: form.get('hard') !== null,
    parts: form.getAll('partTitle').map((title, index) => ({ title: title.trim(), text: texts[index].trim() })),
  }
}

function relay(form) {
  const startMs = nextTime(form.get('start'), Date.now() - graceMs)
  const endMs = nextTime(form.get('end'), startMs + 1)
  return { title: form.get('title').trim(), url: form.get('url').trim(), startMs, durationMs: endMs - startMs }
}

const forms = {
  bulletin: { path: 'bulletins', read: bulletin },
  session: { path: 'sessions', read: session },
  relay: { path: 'relays', read: relay },
}

/** Fields of the contract that are filled in under another name. */
const filledInAs = { startMs: 'start', durationMs: 'end' }

function controlOf(form, field) {
  const [first, at, part] = field.split('.')
  if (first === 'parts' && part !== undefined) {
    const name = part === 'title' ? 'partTitle' : 'partText'
    return form.querySelectorAll(`[name="${name}"]`)[Number(at)] ?? null
  }
  // An end without a start is no end either: the start is named already.
  const name = first === 'durationMs' && form.elements.namedItem('start').value === '' ? 'start' : (filledInAs[first] ?? first)
  return form.elements.namedItem(name)
}

function addPart() {
  const parts = byId('parts')
  const n = parts.children.length + 1
  const part = document.createElement('fieldset')
  const field = (word, element, name) => {
    const around = document.createElement('div')
    around.className = 'field'
    const label = document.createElement('label')
    element.name = name
    label.append(say(document.createElement('span'), word, { n }), ' ', element)
    around.append(label)
    return around
  }
  const text = document.createElement('textarea')
  text.rows = 3
  part.append(
    say(document.createElement('legend'), 'part', { n }),
    field('field.parts.title', document.createElement('input'), 'partTitle'),
    field('field.parts.text', text, 'partText'),
  )
  parts.append(part)
}

function onePart() {
  byId('parts').replaceChildren()
  addPart()
}

// — what was typed and not sent —

const draftName = (id) => `truc-song.province.draft.${id}`

function keepDraft(id, form) {
  localStorage.setItem(draftName(id), JSON.stringify([...new FormData(form)]))
}

function takeDraft(id, form) {
  const entries = JSON.parse(localStorage.getItem(draftName(id)) ?? '[]')
  const count = entries.filter(([name]) => name === 'partTitle').length
  while (id === 'session' && byId('parts').children.length < count) addPart()
  const seen = new Map()
  for (const [name, value] of entries) {
    const at = seen.get(name) ?? 0
    seen.set(name, at + 1)
    const control = form.querySelectorAll(`[name="${name}"]`)[at]
    if (control?.type === 'checkbox') control.checked = true
    else if (control) control.value = value
  }
}

/** Gives the forms their hands. */
export function compose(ask, refresh) {
  const said = byId('said')
  onePart()
  for (const [id, { path, read }] of Object.entries(forms)) {
    const form = byId(id)
    takeDraft(id, form)
    form.addEventListener('input', () => keepDraft(id, form))
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      clearProblems(form)
      settle(said)
      say(said, 'sending')
      ask('POST', path, read(new FormData(form))).then(
        () => {
          localStorage.removeItem(draftName(id))
          form.reset()
          if (id === 'session') onePart()
          say(said, 'sent')
          return refresh()
        },
        (error) => showRefusal(error, said, (field) => controlOf(form, field)),
      )
    })
  }
  const tabs = [...byId('kinds').children]
  for (const tab of tabs)
    tab.addEventListener('click', () => {
      for (const one of tabs) {
        one.setAttribute('aria-pressed', String(one === tab))
        byId(one.dataset.for).hidden = one !== tab
      }
      settle(said)
    })
  byId('more').addEventListener('click', () => {
    addPart()
    keepDraft('session', byId('session'))
  })
}

// The three forms of the trainer's page: a bulletin, a session of spoken parts, a relay with a fixed end.
const byId = (id) => document.getElementById(id)
const dayMs = 86_400_000
/** Viet Nam is seven hours ahead, the whole year. */
const aheadMs = 7 * 3_600_000
/** Somebody who writes the minute that has just begun means today. */
const graceMs = 60_000

/** The next time that clocks in Viet Nam show `HH:MM[:SS]`. */
function nextTime(text, afterMs) {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number)
  const startOfDayMs = Math.floor((afterMs + aheadMs) / dayMs) * dayMs - aheadMs
  const atMs = startOfDayMs + ((hours * 60 + minutes) * 60 + seconds) * 1000
  return atMs < afterMs ? atMs + dayMs : atMs
}

function bulletin(form) {
  const number = (name) => (form.get(name) === '' ? null : Number(form.get(name)))
  return {
    title: form.get('title'),
    text: form.get('text'),
    class: form.get('class'),
    mode: form.get('mode'),
    orderedBy: form.get('orderedBy'),
    riskLevel: number('riskLevel'),
    validMinutes: number('validMinutes'),
  }
}

function session(form) {
  const texts = form.getAll('partText')
  return {
    title: form.get('title'),
    startMs: nextTime(form.get('start'), Date.now() - graceMs),
    hard: form.get('hard') !== null,
    parts: form.getAll('partTitle').map((title, index) => ({ title, text: texts[index] })),
  }
}

function relay(form) {
  const startMs = nextTime(form.get('start'), Date.now() - graceMs)
  return { title: form.get('title'), url: form.get('url'), startMs, durationMs: nextTime(form.get('end'), startMs + 1) - startMs }
}

const forms = {
  bulletin: { path: 'bulletins', read: bulletin },
  session: { path: 'sessions', read: session },
  relay: { path: 'relays', read: relay },
}

function addPart() {
  const parts = byId('parts')
  const number = parts.children.length + 1
  const part = document.createElement('fieldset')
  const legend = document.createElement('legend')
  legend.textContent = `Phần ${number}`
  const field = (words, element, name) => {
    const label = document.createElement('label')
    element.name = name
    element.required = true
    label.append(`${words} `, element)
    return label
  }
  const text = document.createElement('textarea')
  text.rows = 3
  part.append(
    legend,
    field(`Tên phần ${number}`, document.createElement('input'), 'partTitle'),
    field(`Lời phần ${number}`, text, 'partText'),
  )
  parts.append(part)
}

/** Gives the forms their hands. */
export function compose(ask, refresh) {
  const said = byId('said')
  for (const [id, { path, read }] of Object.entries(forms)) {
    const form = byId(id)
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      said.textContent = 'đang gửi…'
      ask('POST', path, read(new FormData(form))).then(
        () => {
          said.textContent = 'đã gửi'
          form.reset()
          return refresh()
        },
        (error) => {
          said.textContent = error.message
        },
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
      said.textContent = ''
    })
  byId('more').addEventListener('click', addPart)
  addPart()
}

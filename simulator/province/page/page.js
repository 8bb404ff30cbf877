// The trainer's page of the province. Everything that came from outside is shown as text, never as markup.
import { compose } from './compose.js'
import { showKnobs } from './knobs.js'
import { Refused, settle, showRefusal } from './problems.js'
import { knows, languageSwitch, say } from './words.js'

const token = decodeURIComponent(location.hash.replace('#', '')) || sessionStorage.getItem('token') || ''
sessionStorage.setItem('token', token)
const byId = (id) => document.getElementById(id)
const refreshMs = 1500
/** What a table shows now, so that nothing is built anew under a hand that is on it. */
const shown = new Map()

async function ask(method, path, body) {
  const answer = await fetch(`/admin/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const value = await answer.json()
  if (!answer.ok) throw new Refused(value)
  return value
}

const words = (name, params) => say(document.createElement('span'), name, params)

function cells(values) {
  const row = document.createElement('tr')
  for (const value of values) {
    const cell = document.createElement('td')
    if (value instanceof Node) cell.append(value)
    else cell.textContent = String(value ?? '–')
    row.append(cell)
  }
  return row
}

function fill(id, of, rowOf) {
  const text = JSON.stringify(of)
  if (shown.get(id) === text) return
  shown.set(id, text)
  byId(id).replaceChildren(...of.map(rowOf))
}

/** Both languages write the clock in 24 hours. */
const clockForm = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Ho_Chi_Minh',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const clock = (ms) => (ms === null ? '–' : clockForm.format(ms))

async function refresh() {
  const state = await ask('GET', 'state')
  const bell = state.mqttUrl === null ? { word: 'bell.off' } : { word: 'bell.on', params: { url: state.mqttUrl } }
  byId('about').classList.remove('bad')
  say(byId('about'), 'about', { name: state.name, version: state.version, url: state.url, bell })
  fill('stations', state.stations, (one) =>
    cells([`${one.name} (${one.stationId})`, clock(one.lastContactMs), one.records, one.headSeq, one.contradictions]),
  )
  fill('items', state.items, itemRow)
  const [first] = state.stations
  if (first) {
    const after = Math.max(-1, (first.headSeq ?? 0) - 15)
    const { rows } = await ask('GET', `stations/${encodeURIComponent(first.stationId)}?after=${after}`)
    fill('rows', rows.reverse(), ({ seq, record }) => cells([seq, clock(record.atMs), kindOf(record), record.subject]))
  }
  showKnobs(ask, state.knobs, state.choices, refresh)
}

/** What happened, in words; a station may be newer than its province. */
function kindOf({ kind }) {
  return knows(`row.${kind}`) ? words(`row.${kind}`) : words('row.other', { kind })
}

function itemRow(item) {
  const back = document.createElement('button')
  back.type = 'button'
  say(back, item.withdrawn ? 'withdrawn' : 'withdraw')
  back.disabled = item.withdrawn
  back.addEventListener('click', () => {
    settle(byId('took'))
    ask('POST', `items/${encodeURIComponent(item.itemId)}/withdraw`).then(refresh, (error) => showRefusal(error, byId('took'), () => null))
  })
  const kind = words(`kind.${item.kind === 'bulletin' ? item.class : item.kind}`)
  return cells([kind, item.title, whenOf(item), words('revision', { n: item.revision }), back])
}

/** A session begins at a time; a relay ends at one as well. */
function whenOf(item) {
  if (item.kind === 'session') return words('sessionWhen', { at: clock(item.startMs), n: item.parts.length })
  return item.kind === 'relay' ? `${clock(item.startMs)}–${clock(item.startMs + item.durationMs)}` : ''
}

languageSwitch(byId('language'))
compose(ask, refresh)

const look = () => void refresh().catch((error) => showRefusal(error, byId('about'), () => null))
setInterval(look, refreshMs)
look()

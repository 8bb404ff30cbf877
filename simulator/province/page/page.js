// The trainer's page of the province. Everything that came from outside is shown as text, never as markup.
import { compose } from './compose.js'

const token = decodeURIComponent(location.hash.replace('#', '')) || sessionStorage.getItem('token') || ''
sessionStorage.setItem('token', token)
const byId = (id) => document.getElementById(id)
const refreshMs = 1500

async function ask(method, path, body) {
  const answer = await fetch(`/admin/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const value = await answer.json()
  if (!answer.ok) throw new Error(value.error ?? answer.status)
  return value
}

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

const clock = (ms) => (ms === null ? '–' : new Date(ms).toLocaleTimeString('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh' }))
const kinds = { normal: 'thông thường', priority: 'ưu tiên', emergency: 'KHẨN CẤP', session: 'phiên phát', relay: 'tiếp âm' }

async function refresh() {
  const state = await ask('GET', 'state')
  const bell = state.mqttUrl === null ? 'không có chuông MQTT: đài tự hỏi mỗi phút' : `chuông ${state.mqttUrl}`
  byId('about').textContent = `${state.name} · bản ${state.version} · ${state.url} · ${bell}`
  byId('stations').replaceChildren(
    ...state.stations.map((one) =>
      cells([`${one.name} (${one.stationId})`, clock(one.lastContactMs), one.records, one.headSeq, one.contradictions]),
    ),
  )
  byId('items').replaceChildren(...state.items.map(itemRow))
  const [first] = state.stations
  if (first) {
    const after = Math.max(-1, (first.headSeq ?? 0) - 15)
    const { rows } = await ask('GET', `stations/${encodeURIComponent(first.stationId)}?after=${after}`)
    byId('rows').replaceChildren(...rows.reverse().map(({ seq, record }) => cells([seq, clock(record.atMs), record.kind, record.subject])))
  }
  showKnobs(state.knobs)
}

function itemRow(item) {
  const back = document.createElement('button')
  back.textContent = item.withdrawn ? 'đã rút' : 'Rút lại'
  back.disabled = item.withdrawn
  back.addEventListener('click', () => void ask('POST', `items/${encodeURIComponent(item.itemId)}/withdraw`).then(refresh))
  return cells([kinds[item.kind === 'bulletin' ? item.class : item.kind], item.title, whenOf(item), `lần ${item.revision}`, back])
}

/** A session begins at a time; a relay ends at one as well. */
function whenOf(item) {
  if (item.kind === 'session') return `${clock(item.startMs)} · ${item.parts.length} phần`
  return item.kind === 'relay' ? `${clock(item.startMs)}–${clock(item.startMs + item.durationMs)}` : ''
}

/** Built once; a knob that is being turned is left alone. */
function showKnobs(knobs) {
  const form = byId('knobs')
  for (const [name, value] of Object.entries(knobs)) {
    let input = form.elements.namedItem(name)
    if (input === null) {
      const label = document.createElement('label')
      input = document.createElement('input')
      input.name = name
      input.type = typeof value === 'boolean' ? 'checkbox' : 'text'
      label.append(`${name} `, input)
      form.append(label)
      const kind = typeof value
      input.addEventListener('change', () => void turn(name, kind, input))
    }
    if (document.activeElement === input) continue
    if (input.type === 'checkbox') input.checked = value
    else input.value = value ?? ''
  }
}

async function turn(name, kind, input) {
  const text = input.value.trim()
  const value = kind === 'boolean' ? input.checked : text === '' ? null : /^-?\d+$/.test(text) ? Number(text) : text
  await ask('POST', 'knobs', { [name]: value }).catch((error) => {
    byId('said').textContent = error.message
  })
  input.blur()
  await refresh()
}

compose(ask, refresh)

setInterval(() => void refresh().catch((error) => (byId('about').textContent = error.message)), refreshMs)
void refresh().catch((error) => (byId('about').textContent = error.message))

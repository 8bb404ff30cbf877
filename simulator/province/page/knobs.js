// The knobs by which the province goes wrong. Built once; a knob that is being turned, or was refused, is left as it is.
import { clearProblems, showRefusal } from './problems.js'
import { say } from './words.js'

const byId = (id) => document.getElementById(id)
/** Knobs whose value is words; the others of a line are numbers. */
const worded = new Set(['refuseSubject'])

export function showKnobs(ask, knobs, choices, refresh) {
  const form = byId('knobs')
  for (const [name, value] of Object.entries(knobs)) {
    const input = form.elements.namedItem(name) ?? build(ask, form, name, value, choices[name], refresh)
    if (document.activeElement === input || input.getAttribute('aria-invalid') === 'true') continue
    if (input.type === 'checkbox') input.checked = value
    else input.value = value ?? ''
  }
}

function build(ask, form, name, value, options, refresh) {
  const field = document.createElement('div')
  field.className = 'field'
  const label = document.createElement('label')
  const input = document.createElement(options === undefined ? 'input' : 'select')
  input.name = name
  if (options !== undefined) input.append(...options.map((one) => optionOf(name, one)))
  else input.type = typeof value === 'boolean' ? 'checkbox' : 'text'
  const words = say(document.createElement('span'), `knob.${name}`)
  input.id = `knob-${name}`
  label.htmlFor = input.id
  label.append(words)
  field.append(...(input.type === 'checkbox' ? [input, ' ', label] : [label, input]))
  form.append(field)
  input.addEventListener('change', () => void turn(ask, name, input, refresh))
  return input
}

function optionOf(name, value) {
  const option = document.createElement('option')
  option.value = value
  return say(option, `knob.${name}.${value}`)
}

function setTo(name, input) {
  if (input.type === 'checkbox') return input.checked
  const text = input.value.trim()
  if (text === '') return null
  return !worded.has(name) && /^-?\d+$/.test(text) ? Number(text) : text
}

async function turn(ask, name, input, refresh) {
  const field = input.closest('.field')
  const told = byId('turned')
  clearProblems(field)
  try {
    await ask('POST', 'knobs', { [name]: setTo(name, input) })
    told.classList.remove('bad')
    say(told, 'turned', { name: { word: `knob.${name}` } })
    input.blur()
    await refresh()
  } catch (error) {
    showRefusal(error, told, (refused) => (refused === name ? input : null))
  }
}

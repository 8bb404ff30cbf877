// The words of the trainer's page in Vietnamese and English. An element remembers what it says, so the language can change under it
// without anything that was typed or told being lost.
const words = await (await fetch('/words.json', { cache: 'no-store' })).json()
const kept = 'truc-song.province.language'
let language = localStorage.getItem(kept) === 'en' ? 'en' : 'vi'

/** A parameter `{ word: name }` is itself said in the language. */
function t(name, params = {}) {
  const text = words[language][name] ?? name
  return text.replaceAll(/\{(\w+)\}/g, (whole, key) => {
    const value = params[key]
    if (value === undefined) return whole
    return typeof value === 'object' && value !== null ? t(value.word, value.params) : String(value)
  })
}

/** The element says this from now on, in whatever language. */
export function say(element, name, params = {}) {
  element.dataset.t = name
  element.dataset.params = JSON.stringify(params)
  element.textContent = t(name, params)
  return element
}

/** The element says nothing. */
export function hush(element) {
  delete element.dataset.t
  element.textContent = ''
}

export function knows(name) {
  return Object.hasOwn(words.vi, name)
}

function sayAll() {
  document.documentElement.lang = language
  document.title = t('title')
  for (const element of document.querySelectorAll('[data-t]')) {
    element.textContent = t(element.dataset.t, JSON.parse(element.dataset.params ?? '{}'))
  }
}

/** The switch shows the language that it would change to, in that language. */
export function languageSwitch(button) {
  const show = () => {
    const other = language === 'vi' ? 'en' : 'vi'
    button.textContent = words[other].language
    button.lang = other
  }
  button.addEventListener('click', () => {
    language = language === 'vi' ? 'en' : 'vi'
    localStorage.setItem(kept, language)
    sayAll()
    show()
  })
  sayAll()
  show()
}

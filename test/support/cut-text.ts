// Finds text on a page that nobody can read whole: cut off by a box that hides what leaves it (an ellipsis and a clamp are that too),
// standing outside its own key or card, or only to be had by scrolling sideways. What may be cut by design is named by the caller, and
// even then its whole text must be in its tip.
import type { Page } from 'playwright-core'

/** Cells that are a glance at a row; the row itself, opened, says them whole. */
export const glances = ['.log-row > span', '.cart-title', '.card-aside', '.difference-subject'] as const

/** Titles that a person wrote, of any length, where a list or the frame has room for a line or two of them. */
export const titles = [
  '.tally em',
  '.tally-next',
  '.now-title',
  '.next-line > b',
  '.hot-title',
  '.emergency-title',
  '.alert-row-title',
  '.fader-name',
  '.frame-operator b',
  '.assign-grid .small',
] as const

/** One line for each text that is cut off: how, where, and the text. */
export function cutTexts(page: Page, mayBeCut: readonly string[] = glances): Promise<string[]> {
  return page.evaluate(find, mayBeCut)
}

/** Runs in the page. */
function find(mayBeCut: readonly string[]): string[] {
  const slackPx = 1.5
  const found = new Set<string>()
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim()
  const nameOf = (element: Element) => `${element.tagName.toLowerCase()}${element.className === '' ? '' : `.${element.className}`}`
  /** Within its border, where what it holds is seen. */
  const insideOf = (element: Element) => {
    const box = element.getBoundingClientRect()
    const left = box.left + element.clientLeft
    const top = box.top + element.clientTop
    return { left, top, right: left + element.clientWidth, bottom: top + element.clientHeight }
  }
  const scrolls = (overflow: string) => overflow === 'auto' || overflow === 'scroll'

  /** The first box that takes something of this part of a text away, and whether all of it. */
  const cutBy = (start: Element, part: DOMRect): { readonly how: string; readonly whole: boolean } | null => {
    // A line is taller than its letters: what counts is its middle half.
    const top = part.top + part.height / 4
    const bottom = part.bottom - part.height / 4
    let within: Element | null = null
    for (let box: Element | null = start; box !== null; box = box.parentElement) {
      const style = getComputedStyle(box)
      // What is placed freely is cut by the box that it is placed in, not by those between.
      if (within !== null && box !== within) continue
      within = style.position === 'absolute' && box instanceof HTMLElement ? box.offsetParent : null
      if (style.position === 'fixed') return null
      if (style.display === 'inline' || (style.overflowX === 'visible' && style.overflowY === 'visible')) continue
      const inside = insideOf(box)
      const beside = style.overflowX !== 'visible' && (part.right > inside.right + slackPx || part.left < inside.left - slackPx)
      const ellipsis = style.textOverflow === 'ellipsis' && box.scrollWidth > box.clientWidth + slackPx
      const clamped = !['', 'none'].includes(style.webkitLineClamp) && box.scrollHeight > box.clientHeight + 2 * slackPx
      const below = style.overflowY !== 'visible' && (bottom > inside.bottom + slackPx || top < inside.top - slackPx)
      // Scrolled to: what is above or below is had by the wheel and the keys.
      if (below && scrolls(style.overflowY)) return null
      if (beside || ellipsis || clamped || below) {
        const how = beside && scrolls(style.overflowX) ? 'only by scrolling sideways' : 'cut off'
        const whole = part.left >= inside.right - 1 || part.top >= inside.bottom - 1
        return { how: `${how} by ${nameOf(box)}`, whole }
      }
    }
    return null
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    const text = plain(node.nodeValue ?? '')
    if (element === null || text === '' || element.closest('.visually-hidden, .skip, script, style, option, textarea') !== null) continue
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const parts = [...range.getClientRects()].filter((part) => part.width > 0 && part.height > 0)
    const cuts = parts.map((part) => cutBy(element, part))
    const cut = cuts.find((each) => each !== null) ?? null
    if (cut !== null) {
      // What makes room for something greater goes as a whole, never in part.
      if (element.closest('[data-gives-way]') !== null && cuts.every((each) => each?.whole === true)) continue
      const allowed = mayBeCut.some((selector) => element.closest(selector) !== null)
      const tip = plain(element.closest('[title]')?.getAttribute('title') ?? '')
      if (!allowed) found.add(`${cut.how}: “${text}” in ${nameOf(element)}`)
      else if (!tip.includes(text)) found.add(`${cut.how} and not in its tip “${tip}”: “${text}” in ${nameOf(element)}`)
      continue
    }
    const home = element.closest('button, .btn, .chip, .ribbon, .card, .frame > *')
    const outer = home?.getBoundingClientRect()
    if (outer === undefined || cuts.length === 0) continue
    for (const part of parts) {
      const scrolledAway = [...scrollersOf(element, home)].some((box) => {
        const inside = insideOf(box)
        return part.bottom > inside.bottom || part.top < inside.top
      })
      if (scrolledAway) continue
      if (part.right > outer.right + slackPx || part.left < outer.left - slackPx || part.bottom - part.height / 4 > outer.bottom + slackPx)
        found.add(`outside ${nameOf(home as Element)}: “${text}”`)
    }
  }
  for (const field of document.querySelectorAll<HTMLInputElement>(
    'input:not([type="radio"], [type="checkbox"], [type="range"], [type="file"])',
  )) {
    if (!field.checkVisibility()) continue
    const style = getComputedStyle(field)
    const pen = document.createElement('canvas').getContext('2d')
    if (pen === null) continue
    pen.font = style.font
    const text = field.value === '' ? field.placeholder : ''
    const room = field.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight)
    if (pen.measureText(text).width > room + slackPx) found.add(`does not fit its field: “${text}”`)
  }
  return [...found]

  function scrollersOf(from: Element, to: Element | null): Element[] {
    const boxes: Element[] = []
    for (let box: Element | null = from; box !== null; box = box === to ? null : box.parentElement)
      if (scrolls(getComputedStyle(box).overflowY)) boxes.push(box)
    return boxes
  }
}

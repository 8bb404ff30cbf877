// The cells of a spreadsheet as texts, whoever saved it last: Excel, LibreOffice and we ourselves spell the same cells differently.
// Formulas, comments in the XML, cells told twice and forms that show other words are refused: what is read here must be what a person
// sees there. Throws with
// the reason. The XML is read by its elements alone; no entity but the five, no document type.
import { leavesWords } from './typed-cells.ts'
import { zipFiles } from './zip-files.ts'

export interface XlsxPage {
  readonly title: string
  /** Line by line; '' where nothing stands; no empty cells at the end of a line, no empty lines at the end of a page. */
  readonly lines: readonly (readonly string[])[]
}

/** A cell that holds a number, under the word of its column in the first line, and the form it is shown in. */
export interface NumberCell {
  readonly page: string
  readonly column: string
  readonly value: number
  readonly form: string
}

interface Reading {
  readonly page: string
  readonly shared: readonly string[]
  /** Form of each style. */
  readonly forms: readonly string[]
  readonly sayNumber: (cell: NumberCell) => string
}

/** @param sayNumber the words a number stands for; throws where it is shown as others */
export function readXlsx(bytes: Buffer, sayNumber: Reading['sayNumber']): XlsxPage[] {
  const files = zipFiles(bytes)
  const xml = (name: string) => {
    const text = files.get(name)?.toString('utf8')
    if (text === undefined) throw new Error(`not a spreadsheet: ${name} is missing`)
    if (/<!--|<!\[CDATA\[|<!DOCTYPE|<!ENTITY/i.test(text)) throw new Error(`${name} was not written by a spreadsheet program`)
    return text
  }
  const targets = new Map(
    elements(xml('xl/_rels/workbook.xml.rels'), 'Relationship').map(({ attributes }) => [
      attributes.get('Id') ?? '',
      attributes.get('Target') ?? '',
    ]),
  )
  const shared = files.has('xl/sharedStrings.xml') ? elements(xml('xl/sharedStrings.xml'), 'si').map(({ inner }) => textOf(inner)) : []
  const forms = files.has('xl/styles.xml') ? formsOf(xml('xl/styles.xml')) : []
  if (elements(xml('xl/workbook.xml'), 'workbookPr').some(({ attributes }) => /^(?:1|true)$/.test(attributes.get('date1904') ?? '')))
    throw new Error('its dates are counted from 1904: they are shown as others')
  return elements(xml('xl/workbook.xml'), 'sheet').map(({ attributes }) => {
    const title = attributes.get('name') ?? ''
    const target = targets.get(attributes.get('r:id') ?? '') ?? ''
    const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`
    return { title, lines: linesOf(xml(path), { page: title, shared, forms, sayNumber }) }
  })
}

/** Of the forms that are always there, those that we use; of any other its number. */
const builtInForms: Readonly<Record<string, string>> = { '0': 'General', '1': '0', '21': 'h:mm:ss', '46': '[h]:mm:ss', '49': '@' }

function formsOf(xml: string): readonly string[] {
  const own = new Map(
    elements(xml, 'numFmt').map(({ attributes }) => [attributes.get('numFmtId') ?? '', attributes.get('formatCode') ?? '']),
  )
  return elements(elements(xml, 'cellXfs')[0]?.inner ?? '', 'xf').map(({ attributes }) => {
    const id = attributes.get('numFmtId') ?? '0'
    return own.get(id) ?? builtInForms[id] ?? `#${id}`
  })
}

function linesOf(xml: string, reading: Reading): string[][] {
  const title = reading.page
  if (/<(?:\w+:)?conditionalFormatting[\s>]/.test(xml))
    throw new Error(`page “${title}”: forms that depend on what stands there were put in`)
  const lines: string[][] = []
  let line = -1
  for (const row of elements(xml, 'row')) {
    line = row.attributes.has('r') ? Number(row.attributes.get('r')) - 1 : line + 1
    let column = -1
    for (const { attributes, inner } of elements(row.inner, 'c')) {
      const place = /^([A-Z]{1,3})(\d+)$/.exec(attributes.get('r') ?? '')
      column = place === null ? column + 1 : columnOf(place[1] ?? '')
      const at = place === null ? line : Number(place[2]) - 1
      if (/<(?:\w+:)?f[\s/>]/.test(inner)) throw new Error(`page “${title}”: a formula was put into line ${at + 1}`)
      lines[at] ??= []
      if (lines[at]?.[column] !== undefined) throw new Error(`page “${title}”: a cell of line ${at + 1} is told twice`)
      const form = reading.forms[Number(attributes.get('s') ?? 0)] ?? 'General'
      const cell = { type: attributes.get('t') ?? 'n', inner, form, column: lines[0]?.[column] ?? '' }
      ;(lines[at] ?? [])[column] = cellText(cell, at, reading)
    }
  }
  return trimmed(Array.from(lines, (cells) => Array.from(cells ?? [], (cell) => cell ?? '')))
}

interface CellXml {
  readonly type: string
  readonly inner: string
  readonly form: string
  /** The word above it. */
  readonly column: string
}

function cellText({ type, inner, form, column }: CellXml, line: number, { page, shared, sayNumber }: Reading): string {
  const value = unescapeXml(elements(inner, 'v')[0]?.inner ?? '')
  if (type === 'n' && value !== '') return sayNumber({ page, column, value: Number(value), form })
  const text = type === 'inlineStr' ? textOf(inner) : type === 's' ? (shared[Number(value)] ?? '') : unescapeCell(value)
  // Forms that are always there, `#n`, show words as they are.
  if (text !== '' && !form.startsWith('#') && !leavesWords(form))
    throw new Error(`page “${page}”: a text of line ${line + 1} is shown in a form of its own: ${form}`)
  return text
}

/** The runs of a text put together; how it is to be pronounced is no part of it. */
function textOf(xml: string): string {
  const spoken = xml.replaceAll(/<(?:\w+:)?rPh[\s>][\s\S]*?<\/(?:\w+:)?rPh>/g, '')
  return unescapeCell(
    elements(spoken, 't')
      .map(({ inner }) => unescapeXml(inner))
      .join(''),
  )
}

export function trimmed(lines: readonly (readonly string[])[]): string[][] {
  const kept = lines.map((cells) => cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1))
  return kept.slice(0, kept.findLastIndex((cells) => cells.length > 0) + 1)
}

/** Characters that XML does not carry, or changes (CR), as spreadsheets spell them: `_x000D_`. */
export function escapeCell(text: string): string {
  return text
    .replaceAll(/_x(?=[0-9A-Fa-f]{4}_)/g, '_x005F_x')
    .replaceAll(/[^\P{Cc}\t\n]|[\ufffe\uffff]/gu, (sign) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
}

function unescapeCell(text: string): string {
  return text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

interface Element {
  readonly attributes: ReadonlyMap<string, string>
  readonly inner: string
}

/** Elements of this name, with or without a prefix, none inside another of the same name. */
function elements(xml: string, name: string): Element[] {
  const pattern = new RegExp(`<((?:\\w+:)?)${name}((?:\\s[^<>]*?)?)(?:/>|>([\\s\\S]*?)</\\1${name}\\s*>)`, 'g')
  return [...xml.matchAll(pattern)].map(([, , attributes = '', inner = '']) => ({
    attributes: new Map(
      [...attributes.matchAll(/([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, key = '', double, single]) => [
        key,
        unescapeXml(double ?? single ?? ''),
      ]),
    ),
    inner,
  }))
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescapeXml(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    return entities[name] ?? whole
  })
}

function columnOf(letters: string): number {
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

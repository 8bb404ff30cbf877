import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { en, vi } from '../../../renderer/i18n/texts.ts'
import { LogKind } from '../../../shared/domain/logbook.ts'
import { actionIds } from '../../../renderer/keys/actions.ts'
import { alarmCatalog } from '../../../station/health/index.ts'

type Tree = { readonly [key: string]: string | Tree }

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : leaves(value, `${path}${key}.`),
  )
}

const slots = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]).sort()
const vietnamese = new Map(leaves(vi))
const english = new Map(leaves(en))

describe('both languages', () => {
  test('have the same keys, none empty', () => {
    expect([...english.keys()].sort()).toEqual([...vietnamese.keys()].sort())
    for (const [key, text] of [...vietnamese, ...english]) expect(text, key).not.toBe('')
  })
  test('put the same values into every text', () => {
    for (const [key, text] of vietnamese) expect(slots(english.get(key) ?? ''), key).toEqual(slots(text))
  })
  test('Vietnamese is composed (NFC) and never uses the words kept for other things', () => {
    for (const [key, text] of vietnamese) {
      expect(text, key).toBe(text.normalize('NFC'))
      expect(text.toLowerCase(), key).not.toMatch(/chèn sóng|cảnh báo|báo động/)
    }
  })
})

describe('codes', () => {
  const declared = readFileSync(new URL('../../../shared/domain/errors.ts', import.meta.url), 'utf8')
  const union = declared.slice(declared.indexOf('export type OperatorErrorCode'), declared.indexOf('/** An expected refusal'))
  const codes = [...union.matchAll(/'([A-Z_]+)'/g)].map((found) => found[1] ?? '')
  test('every refusal says what happened and what to do', () => {
    expect(codes.length).toBeGreaterThan(40)
    for (const code of codes) {
      expect(vietnamese.get(`errors.${code}.what`), code).toBeTruthy()
      expect(vietnamese.get(`errors.${code}.todo`), code).toBeTruthy()
    }
  })
  test('every alarm says what happened and what to do', () => {
    for (const code of Object.keys(alarmCatalog)) {
      expect(vietnamese.get(`alarms.${code}.what`), code).toBeTruthy()
      expect(vietnamese.get(`alarms.${code}.todo`), code).toBeTruthy()
    }
  })
  test('an alarm’s text shows what whoever raises it must give, and nothing else', () => {
    for (const [code, { says }] of Object.entries(alarmCatalog)) {
      const shown = [...slots(vietnamese.get(`alarms.${code}.what`) ?? ''), ...slots(vietnamese.get(`alarms.${code}.todo`) ?? '')]
      expect(shown.sort(), code).toEqual([...says].sort())
    }
  })
  test('every kind of logbook row has a word', () => {
    for (const kind of LogKind.options) expect(vietnamese.get(`logKind.${kind.replace('.', '_')}`), kind).toBeTruthy()
  })
  test('every key has a name', () => {
    for (const id of actionIds) expect(vietnamese.get(`keyNames.${id}`), id).toBeTruthy()
  })
})

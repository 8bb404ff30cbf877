// The trainer's page of the province speaks two languages, each whole; and what it is refused with names the field, what stood there and
// the rule.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { en, vi } from '../../../renderer/i18n/texts.ts'
import { LogKind } from '../../../shared/domain/logbook.ts'
import { Knobs, knobChoices, rightKnobs } from '../../../simulator/province/knobs.ts'
import { filledIn, PageRefusal, refusalCodes, rules } from '../../../simulator/province/page-refusal.ts'
import { checkedDraft, publishBulletin, publishRelay, publishSession } from '../../../simulator/province/publishing.ts'
import type { ProvinceDesk } from '../../../simulator/province/province.ts'

const page = join(import.meta.dirname, '../../../simulator/province/page')
const read = (name: string) => readFileSync(join(page, name), 'utf8')
const words = JSON.parse(read('words.json')) as Record<'vi' | 'en', Record<string, string>>

test('both languages have the same words with the same gaps, and all that the page and the province can say', () => {
  const gaps = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort()
  expect(Object.keys(words.en)).toEqual(Object.keys(words.vi))
  for (const [name, text] of Object.entries(words.vi)) expect([name, gaps(words.en[name] ?? '')]).toEqual([name, gaps(text)])
  const said = [
    ...[...read('index.html').matchAll(/data-t="([^"]+)"/g)].map(([, name]) => name),
    ...['page.js', 'compose.js', 'knobs.js', 'problems.js'].flatMap((file) =>
      [...read(file).matchAll(/(?:say\((?:document\.createElement\('\w+'\)|[\w()'.]+), |words\(|word: )'([^']+)'/g)].map(
        ([, name]) => name,
      ),
    ),
    ...refusalCodes.map((code) => `refusal.${code}`),
    ...rules.map((rule) => `rule.${rule}`),
    ...Object.keys(rightKnobs).map((name) => `knob.${name}`),
    ...Object.entries(knobChoices).flatMap(([name, choices]) => choices.map((choice) => `knob.${name}.${choice}`)),
  ]
  expect(said.length).toBeGreaterThan(90)
  expect(said.filter((name) => words.vi[String(name)] === undefined)).toEqual([])
})

test('every kind of row of a logbook is said, in the words of the station', () => {
  const station = { vi: vi.logKind, en: en.logKind }
  for (const language of ['vi', 'en'] as const) {
    const said = LogKind.options.map((kind) => words[language][`row.${kind}`])
    expect(said).toEqual(
      LogKind.options.map((kind) => Object.entries(station[language]).find(([name]) => name === kind.replace('.', '_'))?.[1]),
    )
  }
})

test('before a script runs the page stands in Vietnamese', () => {
  const stands = [...read('index.html').matchAll(/data-t="([^"]+)"\s*>([^<]+)</g)].map(([, name = '', text]) => [name, text])
  expect(stands.length).toBeGreaterThan(35)
  for (const [name = '', text] of stands) expect([name, text]).toEqual([name, words.vi[name]])
})

/** Nothing is ever sent: all is refused before. */
const desk = {} as ProvinceDesk
const refused = async (work: () => unknown) => {
  try {
    await work()
  } catch (error) {
    if (error instanceof PageRefusal) return error.problems.map(({ field, value, rule, limit }) => [field, value, rule, limit])
    throw error
  }
  throw new Error('not refused')
}
const bulletin = { title: 'Mưa', text: 'Mưa to.', class: 'normal', mode: 'live' }

test.each([
  [{ title: '' }, [['title', '', 'required', null]]],
  [{ title: 'x'.repeat(201) }, [['title', `${'x'.repeat(80)}…`, 'longest', 200]]],
  [{ riskLevel: 9 }, [['riskLevel', '9', 'most', 5]]],
  [{ riskLevel: 'ba' }, [['riskLevel', 'ba', 'number', 'number']]],
  [{ riskLevel: 1.5 }, [['riskLevel', '1.5', 'whole', 'int']]],
  [{ validMinutes: 0 }, [['validMinutes', '0', 'above', 0]]],
  [{ class: 'rush' }, [['class', 'rush', 'choice', 'normal, priority, emergency']]],
])('a bulletin with %o is refused by its field', async (change, problems) => {
  expect(await refused(() => publishBulletin(desk, { ...bulletin, ...change }))).toEqual(problems)
})

test('every wrong field is named at once, those of the parts by their number', async () => {
  const parts = [
    { title: 'Một', text: '' },
    { title: '', text: 'Lời.' },
  ]
  expect(await refused(() => publishSession(desk, { title: '', startMs: null, hard: false, parts }))).toEqual([
    ['title', '', 'required', null],
    ['startMs', '', 'required', null],
    ['parts.0.text', '', 'required', null],
    ['parts.1.title', '', 'required', null],
  ])
  expect(await refused(() => publishRelay(desk, { title: 'Tiếp', url: 'ftp://x', startMs: 1, durationMs: null }))).toEqual([
    ['durationMs', '', 'required', null],
    ['url', 'ftp://x', 'url', null],
  ])
  expect(await refused(() => checkedDraft({}))).toHaveLength(1)
  expect(await refused(() => filledIn(Knobs, { ...rightKnobs, latencyMs: -1, latency: 5 }))).toEqual([
    ['latencyMs', '-1', 'least', 0],
    ['latency', '', 'unknown', null],
  ])
})

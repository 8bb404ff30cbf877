// What stands in a logbook row is said in words: every name that the station writes beside a row, and every change of the schedule.
import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { editWords } from '../../../renderer/logbook/edit-words.ts'
import { columnText, type RowWords } from '../../../renderer/logbook/row-format.ts'
import { en, vi, type TextKey } from '../../../renderer/i18n/texts.ts'

const names: Readonly<Record<string, string>> = vi.logName
const words: RowWords = { name: (key) => names[key] ?? `raw:${key}`, value: (value) => value, label: (id) => id }
const speak = (tree: any) => (key: TextKey) => key.split('.').reduce((branch, part) => branch[part], tree) as string

/** Names in the literals of `planned`, `sent` and `measured`, with the file that writes them. */
function written(): readonly (readonly [string, string])[] {
  const found = new Map<string, string>()
  for (const file of globSync('station/**/*.ts'))
    for (const [, literal = ''] of readFileSync(file, 'utf8').matchAll(/\b(?:planned|sent|measured)(?::| =) \{([^{}]*)\}/g))
      for (const part of literal.split(',')) {
        const name = /^\s*(\w+)\s*(?::|$)/.exec(part)?.[1]
        if (name !== undefined) found.set(name, file)
      }
  return [...found]
}

describe('rows of the logbook', () => {
  test('every name that the station writes has a word, or is for machines alone', () => {
    expect(written().length).toBeGreaterThan(40)
    expect(written().filter(([name]) => columnText({ [name]: 'x' }, 'vi', words).startsWith('raw:'))).toEqual([])
  })

  test('figures carry their unit', () => {
    const say = (values: object) => columnText(values as never, 'vi', words)
    expect(say({ ms: 44_751 })).toBe('đã nghe 00:44')
    expect(say({ muteMs: 5.98 })).toBe('tắt trong 6 ms')
    expect(say({ fromMs: Date.UTC(2026, 10, 21, 4), bytes: 1_234_567 })).toBe('từ 11:00:00 · dung lượng 1,2 MB')
    expect(say({ policy: { kind: 'exact' } })).toBe('cách exact')
  })

  test.each([
    ['thêm “Đài hiệu”', 'thêm “Đài hiệu”', 'added “Đài hiệu”'],
    ['hoàn tác: xoá “Bản tin”', 'hoàn tác: xoá “Bản tin”', 'undone: deleted “Bản tin”'],
    ['đổi thứ tự', 'đổi thứ tự', 'moved'],
    ['chép từ 2026-11-20', 'chép từ 20/11/2026', 'copied from 20/11/2026'],
    ['tỉnh rút “Giá lúa “tuần này””', 'tỉnh rút “Giá lúa “tuần này””', 'withdrawn by the province “Giá lúa “tuần này””'],
    ['something new', 'something new', 'something new'],
  ])('%s', (row, vietnamese, english) => {
    expect(editWords(row, speak(vi))).toBe(vietnamese)
    expect(editWords(row, speak(en))).toBe(english)
  })
})

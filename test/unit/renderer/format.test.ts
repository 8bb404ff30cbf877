import { describe, expect, test } from 'vitest'
import { matches } from '../../../renderer/format/fold.ts'
import { momentText } from '../../../renderer/format/moment.ts'
import { ageText, dbText, leftText, numberText, wattText } from '../../../renderer/format/numbers.ts'
import { parseClock, parseLength } from '../../../renderer/format/time-input.ts'
import type { BroadcastDay } from '../../../shared/domain/time.ts'
import { clockText, epochMs } from '../../../shared/domain/time.ts'

describe('searching Vietnamese', () => {
  test.each([
    ['Đường tiếng Mông', 'duong mong', true],
    ['Hòa tấu sáo Mông', 'hoà', true],
    ['Hoà bình', 'hòa', true],
    ['Thời tiết', 'thoi tiet', true],
    ['Thời tiết', 'thời', true],
    ['Thôi việc', 'thời', false],
    ['Đất đai', 'đất', true],
    ['Dat ten', 'đất', false],
    ['Bản tin trưa', '', true],
    ['Bản tin trưa', 'chieu', false],
  ])('“%s” and “%s”: %s', (text, query, expected) => {
    expect(matches(text, query)).toBe(expected)
    expect(matches(text.normalize('NFD'), query)).toBe(expected)
  })
})

describe('figures', () => {
  test('decimal comma and real minus in Vietnamese', () => {
    expect(numberText(1234567.89, 2, 'vi')).toBe('1.234.567,89')
    expect(numberText(-9.25, 1, 'vi')).toBe('−9,3')
    expect(dbText(-0.2, 'vi')).toBe('0 dB')
    expect(dbText(-120, 'vi')).toBe('−∞ dB')
    expect(wattText(28.64, 'vi')).toBe('28,6 W')
    expect(wattText(300, 'en')).toBe('300 W')
  })
  test('what is left reads zero only when it is over', () => {
    expect(leftText(1)).toBe('00:01')
    expect(leftText(0)).toBe('00:00')
    expect(leftText(-50)).toBe('00:00')
    expect(leftText(3_600_000)).toBe('1:00:00')
    expect(ageText(4_200)).toBe('4 s')
    expect(ageText(125_000)).toBe('02:05')
  })
})

test('a moment of another day carries its date', () => {
  const at = epochMs(Date.UTC(2026, 10, 20, 2, 7, 42))
  expect(momentText(at, epochMs(at + 3_600_000))).toBe('09:07')
  expect(momentText(at, epochMs(at + 86_400_000))).toBe('20/11 09:07')
})

describe('typed times', () => {
  const day = '2026-11-21' as BroadcastDay
  test.each([
    ['11:30', '11:30:00'],
    ['5:00:07', '05:00:07'],
    ['5h30', '05:30:00'],
  ])('%s', (typed, read) => {
    expect(clockText(parseClock(typed, day)!)).toBe(read)
  })
  test.each(['24:00', '11:60', '11', 'abc', ''])('%s is no time', (typed) => {
    expect(parseClock(typed, day)).toBeNull()
  })
  test('lengths', () => {
    expect(parseLength('4:30')).toBe(270_000)
    expect(parseLength('1:02:03')).toBe(3_723_000)
    expect(parseLength('90:00')).toBe(5_400_000)
    expect(parseLength('4:75')).toBeNull()
    expect(parseLength('4')).toBeNull()
  })
})

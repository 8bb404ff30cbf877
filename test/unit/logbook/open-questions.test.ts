// What the operator is told of: questions without an answer, whatever order their rows are heard in.
import { expect, test } from 'vitest'
import type { LogEntry, LogRow } from '../../../shared/domain/logbook.ts'
import { type BroadcastDay, epochMs } from '../../../shared/domain/time.ts'
import { OpenQuestions } from '../../../station/logbook/index.ts'
import { logEntry } from '../../support/log-entries.ts'

const row = (seq: number, kind: LogEntry['kind'], day: string, differenceId: string | null, text = '?'): LogRow => ({
  ...logEntry({ kind, subject: day as BroadcastDay, actor: 'Mai', atMs: epochMs(seq * 1000), sent: { differenceId, text } }),
  seq,
  entryId: `e${seq}`,
  bootId: 'b',
  writtenAtMs: epochMs(0),
  prevHash: '',
  hash: '',
})
const asked = (seq: number, day: string, id: string, text?: string) => row(seq, 'review.asked', day, id, text)
const answered = (seq: number, day: string, id: string) => row(seq, 'review.answered', day, id)

test('a question stands until it is answered, the longest waiting first; asked again it stands again', () => {
  const questions = new OpenQuestions()
  expect(questions.heard(asked(1, '2026-08-01', 'late/fm/a', 'Vì sao muộn?'))).toBe(true)
  expect(questions.heard(asked(2, '2026-08-02', 'late/fm/a'))).toBe(true)
  expect(questions.heard(row(3, 'review.note', '2026-08-01', null))).toBe(false)
  expect(questions.views()).toMatchObject([
    { day: '2026-08-01', differenceId: 'late/fm/a', by: 'Mai', text: 'Vì sao muộn?', atMs: 1000 },
    { day: '2026-08-02' },
  ])
  expect(questions.heard(answered(4, '2026-08-01', 'late/fm/a'))).toBe(true)
  expect(questions.views().map(({ day }) => day)).toEqual(['2026-08-02'])
  questions.heard(asked(5, '2026-08-01', 'late/fm/a'))
  expect(questions.views().map(({ day }) => day)).toEqual(['2026-08-02', '2026-08-01'])
})

test('rows of earlier boots that are read after a newer one was heard change nothing', () => {
  const questions = new OpenQuestions()
  questions.heard(answered(9, '2026-08-01', 'a'))
  expect(questions.heard(asked(2, '2026-08-01', 'a'))).toBe(false)
  expect(questions.views()).toEqual([])
})

import { expect, test } from 'vitest'
import { draftOf, emptyForm, missingIn, withTemplate } from '../../../renderer/alerts/compose-form.ts'
import { emptySlots, fillSlots, slotsOf } from '../../../renderer/alerts/template.ts'
import { rowDraft, emptyRow } from '../../../renderer/schedule/row-form.ts'
import { type BroadcastDay, epochMs } from '../../../shared/domain/time.ts'
import { templates } from '../../support/fake-alerts.ts'

const template = templates[0]!
const now = epochMs(1_000_000)

test('slots are found once, filled, and stay visible while empty', () => {
  expect(slotsOf('{xã} và {bản}, {xã}')).toEqual(['xã', 'bản'])
  expect(fillSlots('{xã} và {bản}', { xã: 'Lao Chải' })).toBe('Lao Chải và {bản}')
  expect(emptySlots('{xã} {bản}', { xã: ' ' })).toEqual(['xã', 'bản'])
})

test('the mode comes first, then the content, then every slot, then the title', () => {
  expect(missingIn(emptyForm, undefined)).toEqual({ kind: 'mode' })
  const withMode = { ...emptyForm, mode: 'live' as const }
  expect(missingIn(withMode, undefined)).toEqual({ kind: 'content' })
  const chosen = withTemplate(withMode, template)
  expect(missingIn(chosen, template)).toMatchObject({ kind: 'slots' })
  expect(draftOf(chosen, template, now)).toBeNull()
  const slots = Object.fromEntries(slotsOf(`${template.title} ${template.text}`).map((name) => [name, 'x']))
  expect(missingIn({ ...chosen, slots }, template)).toBeNull()
  expect(missingIn({ ...chosen, slots, title: ' ' }, template)).toEqual({ kind: 'title' })
  const draft = draftOf({ ...chosen, slots }, template, now)
  expect(draft?.source).toMatchObject({ kind: 'text' })
  expect(JSON.stringify(draft)).not.toContain('{số}')
  expect(draft?.expiresAtMs).toBe(now + 6 * 3_600_000)
})

test('a row that is not right names its fields', () => {
  const day = '2026-11-21' as BroadcastDay
  expect(rowDraft({ ...emptyRow, start: 'hard', startText: '25:00', lengthText: 'x' }, day, undefined, 5000)).toEqual({
    wrong: ['cart', 'title', 'start', 'length'],
  })
  const made = rowDraft(
    { ...emptyRow, kind: 'live', inputId: 'mic-1', title: 'Trực tiếp', lengthText: '20:00', resume: 'rewind', crossfadeText: '1,5' },
    day,
    undefined,
    5000,
  )
  expect(made).toMatchObject({
    draft: { durationMs: 1_200_000, crossfadeMs: 1500, resume: { kind: 'rewind', ms: 5000 }, start: { kind: 'follow' } },
  })
})

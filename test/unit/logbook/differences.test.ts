// Plan against reality: each kind of difference by a day made for it, and days on which nothing differs.
import { describe, expect, test } from 'vitest'
import type { LogEntry, LogRow } from '../../../shared/domain/logbook.ts'
import type { RundownItem } from '../../../shared/domain/schedule.ts'
import { type BroadcastDay, epochMs, startOfDay } from '../../../shared/domain/time.ts'
import { countDifferences, type DayFacts, findDifferences } from '../../../station/logbook/differences.ts'
import { planSpans } from '../../../station/logbook/plan-bars.ts'
import { sentBars } from '../../../station/logbook/sent-bars.ts'
import { logEntry } from '../../support/log-entries.ts'

const day = '2026-08-01' as BroadcastDay
const midnight = startOfDay(day)
const at = (clock: string) => {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number)
  return epochMs(midnight + ((hours * 60 + minutes) * 60 + seconds) * 1000)
}
const minutes = (count: number) => count * 60_000

function item(itemId: string, start: string | null, lengthMs: number, change: Partial<RundownItem> = {}): RundownItem {
  return {
    itemId: itemId as RundownItem['itemId'],
    day,
    position: 0,
    title: `Mục ${itemId}`,
    contentType: 'speech',
    source: { kind: 'file', cartId: 'cart' as never },
    start: start === null ? { kind: 'follow' } : { kind: 'hard', atMs: at(start) },
    durationMs: lengthMs,
    crossfadeMs: null,
    resume: null,
    outputIds: [],
    ...change,
  }
}

let seq = 0
function row(change: Partial<LogEntry>): LogRow {
  seq += 1
  return { ...logEntry(change), seq, entryId: `e${seq}`, bootId: 'b', writtenAtMs: epochMs(0), prevHash: '', hash: '' }
}

/** The two rows of one airing; no `to` = it goes on. */
function aired(itemId: string, from: string, to: string | null, reason = 'finished', outputId = 'main'): LogRow[] {
  const action = { kind: 'item.aired' as const, actionId: `item/${outputId}/${itemId}/${at(from)}`, outputId, subject: `Mục ${itemId}` }
  const open = row({ ...action, phase: 'open', atMs: at(from) })
  return to === null ? [open] : [open, row({ ...action, phase: 'close', atMs: at(to), measured: { reason } })]
}

function differences(items: readonly RundownItem[], rows: readonly LogRow[], change: Partial<DayFacts> = {}) {
  const sorted = rows.toSorted((a, b) => a.atMs - b.atMs)
  const knownUntilMs = change.knownUntilMs ?? at('24:00')
  const found = findDifferences({
    plan: planSpans(items, midnight),
    sent: sentBars(sorted),
    rows: sorted,
    dead: [],
    outputIds: ['main'],
    carried: { plan: [], sent: [] },
    knownFromMs: midnight,
    knownUntilMs,
    nowMs: knownUntilMs,
    ...change,
  })
  return found
}
const short = (found: ReturnType<typeof differences>) => found.map(({ kind, subject, byMs, reason }) => ({ kind, subject, byMs, reason }))

describe('differences', () => {
  const plan = [item('a', '05:00', minutes(10)), item('b', null, minutes(20)), item('c', '06:00', minutes(30))]
  const asPlanned = [...aired('a', '05:00', '05:10'), ...aired('b', '05:10', '05:30'), ...aired('c', '06:00', '06:30')]

  test('a day that went as planned has none; neither has one that is still to come', () => {
    expect(differences(plan, asPlanned)).toEqual([])
    expect(differences(plan, [], { knownUntilMs: at('04:59') })).toEqual([])
    expect(differences(plan, aired('a', '05:00', null), { knownUntilMs: at('05:05') })).toEqual([])
  })

  test('not aired: with the reason that was written down', () => {
    const missed = row({
      kind: 'item.skipped',
      subject: 'Mục b',
      atMs: at('05:09'),
      planned: { startMs: at('05:10') },
      measured: { reason: 'missing' },
    })
    expect(short(differences(plan, [...aired('a', '05:00', '05:10'), missed, ...aired('c', '06:00', '06:30')]))).toEqual([
      { kind: 'notAired', subject: 'Mục b', byMs: minutes(20), reason: 'missing' },
    ])
  })

  test('late: only what is late by its own fault, not all that follows it; a second of lateness is none', () => {
    const rows = [...aired('a', '05:02', '05:12'), ...aired('b', '05:12', '05:32'), ...aired('c', '06:00:01', '06:30:01')]
    expect(short(differences(plan, rows))).toEqual([{ kind: 'late', subject: 'Mục a', byMs: minutes(2), reason: null }])
  })

  test('cut short: by how much and why; pieces of one item count together, an end that the plan itself makes is none', () => {
    const cut = [...aired('a', '05:00', '05:04', 'nextTaken'), ...aired('b', '05:04', '05:24'), ...aired('c', '06:00', '06:30')]
    expect(short(differences(plan, cut))).toEqual([{ kind: 'cutShort', subject: 'Mục a', byMs: minutes(6), reason: 'nextTaken' }])
    const joined = [...aired('a', '05:00', '05:04', 'failed'), ...aired('a', '05:05', '05:10', 'stopped'), ...asPlanned.slice(2)]
    expect(short(differences(plan, joined))).toEqual([{ kind: 'cutShort', subject: 'Mục a', byMs: minutes(1), reason: 'stopped' }])
    const overrun = [item('a', '05:00', minutes(90)), item('c', '06:00', minutes(30))]
    expect(differences(overrun, [...aired('a', '05:00', '06:00', 'hardStart'), ...aired('c', '06:00', '06:30')])).toEqual([])
  })

  test('replaced: something that was not planned there took most of its time', () => {
    const alert = { kind: 'cutin' as const, actionId: 'cutIn/main/x', outputId: 'main', subject: 'Xả lũ' }
    const rows = [
      ...aired('a', '05:00', '05:10'),
      row({ ...alert, phase: 'open', atMs: at('05:11') }),
      row({ ...alert, phase: 'close', atMs: at('05:29'), measured: { reason: 'finished' } }),
      ...aired('c', '06:00', '06:30'),
    ]
    expect(short(differences(plan, rows))).toEqual([
      { kind: 'replaced', subject: 'Mục b', byMs: minutes(20), reason: 'Xả lũ' },
      { kind: 'unplanned', subject: 'Xả lũ', byMs: minutes(18), reason: 'alert' },
    ])
  })

  test('unplanned: what is not on the plan; a hot key only when it is longer than a jingle', () => {
    const key = (from: string, to: string) => {
      const action = { kind: 'hotkey' as const, actionId: `over/main/${from}`, outputId: 'main', subject: 'Nhạc hiệu' }
      return [row({ ...action, phase: 'open', atMs: at(from) }), row({ ...action, phase: 'close', atMs: at(to) })]
    }
    const rows = [...asPlanned, ...aired('x', '07:00', '07:05'), ...key('08:00', '08:00:05'), ...key('09:00', '09:00:30')]
    expect(short(differences(plan, rows))).toEqual([
      { kind: 'unplanned', subject: 'Mục x', byMs: minutes(5), reason: 'item' },
      { kind: 'unplanned', subject: 'Nhạc hiệu', byMs: 30_000, reason: 'hotkey' },
    ])
  })

  test('silence: measured, by hand, and of a station that was not there while something was planned', () => {
    const alarm = (kind: 'alarm.raised' | 'alarm.cleared', clock: string) =>
      row({ kind, subject: 'PROGRAMME_SILENT', atMs: at(clock), measured: { output: 'FM' } })
    const stop = { kind: 'stop' as const, actionId: 'stop/main', outputId: 'main', subject: 'Ngắt' }
    const rows = [
      ...asPlanned,
      alarm('alarm.raised', '05:03'),
      alarm('alarm.cleared', '05:04'),
      row({ ...stop, phase: 'open', atMs: at('05:20') }),
      row({ ...stop, phase: 'close', atMs: at('05:21') }),
    ]
    const dead = [
      { fromMs: at('06:10'), toMs: at('06:12'), seq: 900 },
      { fromMs: at('03:00'), toMs: at('03:10'), seq: 901 },
    ]
    expect(short(differences(plan, rows, { dead }))).toEqual([
      { kind: 'silence', subject: '', byMs: minutes(1), reason: 'measured' },
      { kind: 'silence', subject: '', byMs: minutes(1), reason: 'stop' },
      { kind: 'silence', subject: '', byMs: minutes(2), reason: 'stationDown' },
    ])
    expect(countDifferences(differences(plan, rows, { dead }))).toMatchObject({ silence: 3, late: 0 })
  })

  test.each([
    ['late', 5, (seconds: number) => [...aired('a', `05:00:0${seconds}`, '05:10'), ...asPlanned.slice(2)]],
    ['cutShort', 2, (seconds: number) => [...aired('a', '05:00', `05:09:${60 - seconds}`, 'nextTaken'), ...asPlanned.slice(2)]],
    [
      'silence',
      2,
      (seconds: number) => {
        const alarm = { subject: 'PROGRAMME_SILENT', measured: { output: 'FM' } }
        const over = row({ ...alarm, kind: 'alarm.cleared', atMs: at(`05:03:0${seconds}`) })
        return [...asPlanned, row({ ...alarm, kind: 'alarm.raised', atMs: at('05:03') }), over]
      },
    ],
  ] as const)('%s: %d s are none, a second more is one', (kind, none, rows) => {
    expect(short(differences(plan, rows(none)))).toEqual([])
    expect(short(differences(plan, rows(none + 1)))).toMatchObject([{ kind, byMs: (none + 1) * 1000 }])
  })

  test('silence ends with the station that measured it, names its output, and is told on each day that it fell on', () => {
    const alarm = (kind: 'alarm.raised' | 'alarm.cleared', atMs: number) =>
      row({ kind, subject: 'PROGRAMME_SILENT', atMs: epochMs(atMs), measured: { output: 'FM', outputId: 'main' } })
    const raised = alarm('alarm.raised', at('05:03'))
    const started = row({ kind: 'station.started', subject: 'Đài', atMs: at('05:09') })
    const dead = [{ fromMs: at('05:05'), toMs: at('05:09'), seq: started.seq }]
    expect(
      differences(plan, [...asPlanned, raised, started], { dead }).map(({ outputId, fromMs, toMs, reason }) => [
        outputId,
        fromMs,
        toMs,
        reason,
      ]),
    ).toEqual([
      ['main', at('05:03'), at('05:05'), 'measured'],
      [null, at('05:05'), at('05:09'), 'stationDown'],
    ])
    const overnight = [alarm('alarm.raised', midnight - minutes(10)), alarm('alarm.cleared', midnight + minutes(20)), ...asPlanned]
    expect(differences(plan, overnight).map(({ fromMs, byMs }) => [fromMs, byMs])).toEqual([[midnight, minutes(20)]])
  })

  test('not aired: of two rows with one title, each has its own reason', () => {
    const twins = [item('a', '05:00', minutes(10), { title: 'Đài hiệu' }), item('b', '06:00', minutes(10), { title: 'Đài hiệu' })]
    const skipped = (itemId: string, reason: string) =>
      row({ kind: 'item.skipped', subject: 'Đài hiệu', atMs: at('04:50'), planned: { startMs: at('05:00'), itemId }, measured: { reason } })
    expect(short(differences(twins, [skipped('a', 'missing'), skipped('b', 'changed')])).map(({ reason }) => reason)).toEqual([
      'missing',
      'changed',
    ])
  })

  test('two outputs: what both missed is one difference, what one missed names it; ids stay the same', () => {
    const both = { outputIds: ['fm', 'wired'] }
    const rows = [
      ...aired('a', '05:00', '05:10', 'finished', 'fm'),
      ...aired('c', '06:00', '06:30', 'finished', 'fm'),
      ...aired('c', '06:00', '06:30', 'finished', 'wired'),
    ]
    const found = differences(plan, rows, both)
    expect(found.map(({ kind, outputId, differenceId }) => [kind, outputId, differenceId])).toEqual([
      ['notAired', 'wired', 'notAired/wired/a'],
      ['notAired', null, 'notAired/*/b'],
    ])
    expect(differences(plan, rows, both)).toEqual(found)
  })

  test('rows that follow nothing with a time are not late; fill is never missing', () => {
    const loose = [item('a', null, minutes(10)), item('f', null, minutes(10), { source: { kind: 'fill', cartId: null } })]
    expect(differences(loose, aired('a', '05:37', '05:47'))).toEqual([])
  })
})

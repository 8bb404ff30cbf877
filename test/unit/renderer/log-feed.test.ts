// A day's rows by filter: what is pushed is put behind what was read, once, whatever overlaps.
import { describe, expect, test } from 'vitest'
import { createLogFeed } from '../../../renderer/logbook/log-feed.ts'
import { fakeLog } from '../../support/fake-data.ts'
import { epochMs } from '../../../shared/domain/time.ts'

const rows = [...fakeLog(epochMs(Date.UTC(2026, 10, 21, 4, 7, 42)))].sort((a, b) => a.seq - b.seq)

describe('log feed', () => {
  test('a tail that overlaps adds only what is newer, and says so once', () => {
    const feed = createLogFeed(rows.slice(0, 5))
    let told = 0
    feed.subscribe(() => (told += 1))
    feed.add(rows.slice(2, 8))
    expect(feed.rows('all')).toEqual(rows.slice(0, 8))
    feed.add(rows.slice(2, 8))
    feed.add([])
    expect(told).toBe(1)
    expect(feed.version()).toBe(8)
  })

  test('every row is in one group and in "all", the same whether read or pushed', () => {
    const read = createLogFeed(rows)
    const pushed = createLogFeed([])
    for (const row of rows) pushed.add([row])
    const groups = ['air', 'alert', 'device', 'alarm', 'edit', 'system'] as const
    expect(groups.flatMap((group) => read.rows(group))).toHaveLength(rows.length)
    for (const filter of ['all', 'unusual', ...groups] as const) expect(pushed.rows(filter)).toEqual(read.rows(filter))
  })
})

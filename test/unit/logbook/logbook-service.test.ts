// The open → close rule on a virtual clock, over a disk that answers when the test says so. The real store under a slow disk: S8.
import { describe, expect, it } from 'vitest'
import type { LogEntry, LogRow } from '../../../shared/domain/logbook.ts'
import type { BroadcastDay } from '../../../shared/domain/time.ts'
import { type LogbookStore, LogbookService, type Opening } from '../../../station/logbook/index.ts'
import { logEntry } from '../../support/log-entries.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

class HeldDisk implements LogbookStore {
  readonly written: LogEntry[] = []
  earlier: LogRow[] = []
  broken = false
  #waiting: (() => void)[] = []
  #held = false

  hold(): void {
    this.#held = true
  }

  release(): void {
    this.#held = false
    for (const answer of this.#waiting.splice(0)) answer()
  }

  append(entry: LogEntry): Promise<LogRow> {
    if (this.broken) return Promise.reject(new Error('disk gone'))
    this.written.push(entry)
    const row = { ...entry, seq: this.written.length, entryId: '', bootId: 'now', writtenAtMs: entry.atMs, prevHash: '', hash: '' }
    return new Promise((resolve) => {
      const answer = () => {
        this.onDisk.push(row)
        resolve(row)
      }
      if (this.#held) this.#waiting.push(answer)
      else answer()
    })
  }

  /** Rows that are on the disk. */
  onDisk: LogRow[] = []
  rows = async () => [...this.onDisk]
  openActions = async () => this.earlier
  verify = async () => ({ ok: true, rows: 0, headSeq: 0, headHash: '' }) as const
}

function setUp() {
  const clock = new VirtualClock()
  const disk = new HeldDisk()
  const troubles: string[] = []
  const seen: LogRow[] = []
  const logbook = new LogbookService({ store: disk, bootId: 'now', clock, onTrouble: (error) => troubles.push(error.message) })
  logbook.onRow((row) => seen.push(row))
  return { clock, disk, troubles, seen, logbook }
}

const action = (actionId = 'a1'): Opening => ({
  kind: 'item.aired',
  actionId,
  actor: 'station',
  outputId: 'main',
  subject: 'Bản tin sáng',
  planned: { durationMs: 60_000 },
})

describe('logbook service', () => {
  it('reads what was handed over before it was asked, and waits for a disk that does not answer half a second at most', async () => {
    const { disk, logbook, clock } = setUp()
    disk.hold()
    void logbook.note({ kind: 'operator.command', actor: 'op', outputId: null, subject: 'một' })
    const subjects = async () => (await logbook.rowsOfDay('2026-11-22' as BroadcastDay, -1, 100)).map((row) => row.subject)
    const first = subjects()
    await clock.advance(100)
    disk.release()
    expect(await first).toEqual(['một'])
    disk.hold()
    void logbook.note({ kind: 'operator.command', actor: 'op', outputId: null, subject: 'hai' })
    const second = subjects()
    await clock.advance(500)
    expect(await second).toEqual(['một'])
    disk.release()
    expect(await subjects()).toEqual(['một', 'hai'])
    expect(clock.pendingTimers).toBe(0)
  })

  it('hands a row over at once, and answers it when it is on the disk', async () => {
    const { disk, logbook, clock } = setUp()
    disk.hold()
    const opened = logbook.open(action())
    expect(disk.written).toHaveLength(1)
    await clock.advance(100)
    disk.release()
    expect(await opened).toMatchObject({ phase: 'open', late: false, planned: { durationMs: 60_000 } })
    expect(clock.pendingTimers).toBe(0)
  })

  it('marks beside a row that it came to the disk more than 250 ms after its action', async () => {
    const { disk, logbook, clock, seen } = setUp()
    disk.hold()
    const opened = logbook.open(action())
    await clock.advance(1000)
    disk.release()
    await opened
    await clock.advance(0)
    expect(seen).toMatchObject([
      { phase: 'open', late: false },
      { phase: 'note', actionId: 'a1', late: true, measured: { lateSeq: 1, ackMs: 1000 } },
    ])
  })

  it('closes an action with the words it was opened with and with what was measured', async () => {
    const { logbook } = setUp()
    await logbook.open(action())
    expect(logbook.isOpen('a1')).toBe(true)
    const row = await logbook.close({ actionId: 'a1', measured: { endedBy: 'end of file' } })
    expect(row).toMatchObject({
      phase: 'close',
      kind: 'item.aired',
      subject: 'Bản tin sáng',
      actor: 'station',
      measured: { endedBy: 'end of file' },
    })
    expect(logbook.isOpen('a1')).toBe(false)
  })

  it('writes one pair per action: a second open writes nothing, a second close is kept as a note; both are reported', async () => {
    const { disk, logbook, troubles } = setUp()
    void logbook.open(action())
    expect(await logbook.open(action())).toBeNull()
    await logbook.close({ actionId: 'a1' })
    await logbook.close({ actionId: 'a1', measured: { late: 1 } })
    expect(disk.written.map((entry) => entry.phase)).toEqual(['open', 'close', 'note'])
    expect(troubles).toEqual(['action a1 was opened twice', 'action a1 was closed but not open'])
  })

  it('reports a row that could not be written, and never rejects', async () => {
    const { disk, logbook, troubles } = setUp()
    disk.broken = true
    expect(await logbook.open(action())).toBeNull()
    expect(troubles).toEqual(['disk gone'])
  })

  it('closes as interrupted what earlier boots left open, and leaves open what was adopted (I4)', async () => {
    const { disk, logbook } = setUp()
    const left = (actionId: string, bootId: string): LogRow => ({
      ...logEntry({ kind: 'cutin', phase: 'open', actionId, subject: actionId }),
      seq: 1,
      entryId: '',
      bootId,
      writtenAtMs: logEntry().atMs,
      prevHash: '',
      hash: '',
    })
    disk.earlier = [left('dead', 'before'), left('playing', 'before'), left('own', 'now')]
    const rows = await logbook.settleEarlierBoots(new Set(['playing']))
    expect(rows).toMatchObject([{ actionId: 'dead', phase: 'close', kind: 'cutin', actor: 'station', measured: { interrupted: true } }])
    expect(await logbook.close({ actionId: 'playing', measured: { playedMs: 5 } })).toMatchObject({
      phase: 'close',
      kind: 'cutin',
      subject: 'playing',
    })
  })

  it('stops telling a listener that went away', async () => {
    const { logbook } = setUp()
    const heard: number[] = []
    const stop = logbook.onRow((row) => heard.push(row.seq))
    await logbook.note({ kind: 'stop', actor: 'x', outputId: null, subject: 's' })
    stop()
    await logbook.note({ kind: 'stop', actor: 'x', outputId: null, subject: 's' })
    expect(heard).toEqual([1])
  })
})

// FAULTS S7: fsync answers EIO (strace). Linux then holds the pages for clean and will not write them again, and so does the
// model of the disk here: what a failed sync covered is gone unless it was written anew. Power cuts before, in and after the
// recovery must find every acknowledged row, none twice, in order.
import { describe, expect, it } from 'vitest'
import { recordAndCut } from '../../support/lost-writes-run.ts'

const sweep = [
  { failing: '3', reading: false, what: 'while the database is made' },
  { failing: '14', reading: false, what: 'at a commit' },
  { failing: '14', reading: true, what: 'at a commit, with a reader attached' },
  { failing: '14..15', reading: false, what: 'at a commit and again while the failed connection is closed' },
  { failing: '14..17', reading: true, what: 'four times running' },
] as const

describe('S7: fsync → EIO', () => {
  it.each(sweep)('$what: the connection is discarded, the file verified, and no acknowledged row is lost', async ({ failing, reading }) => {
    const inject = `fsync,fdatasync:error=EIO:when=${failing}`
    const report = await recordAndCut({ synchronous: 'FULL', rows: 60, cuts: 60, seed: 7, inject, reading })
    expect(report.wrong).toEqual([])
    expect(report.acknowledged).toBe(60)
    expect(report.failedSyncs).toBeGreaterThan(0)
    expect(report.health).toContain('recovering')
    expect(report.health.at(-1)).toBe('ok')
  })
})

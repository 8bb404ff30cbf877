// Heads of our logbook that are held elsewhere, put together: of what was acknowledged, of what the province tells, and of the rows that
// lie in its folder. Pure.
import type { StationRecord, WitnessedHead } from '../../shared/domain/province.ts'
import { dayOf, type EpochMs } from '../../shared/domain/time.ts'

/** As many as the province tells. */
const keptAtMost = 1000

/** In the place of the one of the same day that it follows. Rows of an old alarm are acknowledged late: those are no head. */
export function withNewest(heads: readonly WitnessedHead[], head: WitnessedHead): readonly WitnessedHead[] {
  const last = heads.at(-1)
  if (last !== undefined && last.seq >= head.seq) return heads
  const sameDay = last !== undefined && dayOf(last.heldAtMs) === dayOf(head.heldAtMs)
  return [...(sameDay ? heads.slice(0, -1) : heads), head].slice(-keptAtMost)
}

/** Nothing that was kept is given up for what is told: where they differ, one of them will not fit the chain. */
export function withTold(heads: readonly WitnessedHead[], told: readonly WitnessedHead[]): readonly WitnessedHead[] {
  const fresh = told.filter((one) => !heads.some((head) => head.seq === one.seq && head.hash === one.hash))
  return [...heads, ...fresh].sort((a, b) => a.seq - b.seq).slice(-keptAtMost)
}

/** A row as somebody holds it, and since when. */
export interface HeldRow extends Pick<StationRecord, 'seq' | 'hash' | 'prevHash' | 'bootId'> {
  readonly heldAtMs: EpochMs
}

/** The newest of each day and each boot, and every row that contradicts another together with what it contradicts; oldest first. */
export function headsOf(rows: readonly HeldRow[]): WitnessedHead[] {
  const newest = new Map<string, HeldRow>()
  const bySeq = new Map<number, HeldRow[]>()
  for (const row of rows) {
    const time = `${dayOf(row.heldAtMs)} ${row.bootId}`
    if ((newest.get(time)?.seq ?? 0) < row.seq) newest.set(time, row)
    const same = bySeq.get(row.seq)
    if (same === undefined) bySeq.set(row.seq, [row])
    else if (!same.some(({ hash }) => hash === row.hash)) same.push(row)
  }
  const contradicting = [...bySeq.values()].flatMap((same) => {
    const before = bySeq.get((same[0]?.seq ?? 0) - 1) ?? []
    const stands = same.every((row) => before.every(({ hash }) => hash === row.prevHash))
    return same.length === 1 && stands ? [] : [...before, ...same]
  })
  const all = new Map([...newest.values(), ...contradicting].map((row) => [`${row.seq} ${row.hash}`, row]))
  return [...all.values()].map(({ seq, hash, heldAtMs }) => ({ seq, hash, heldAtMs })).sort((a, b) => a.seq - b.seq)
}

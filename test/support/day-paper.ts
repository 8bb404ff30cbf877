// A day's paper without a station: what stands on it besides its rows, and the row that the station would write when it is taken out.
import type { LogRow } from '../../shared/domain/logbook.ts'
import { type BroadcastDay, epochMs } from '../../shared/domain/time.ts'
import { sealRow } from '../../station/logbook/index.ts'
import type { DaySheet } from '../../station/logbook/sheet/day-sheet.ts'
import { type Seal, sealKind } from '../../station/logbook/sheet/sheet-seal.ts'
import { logEntry } from './log-entries.ts'

const day = '2026-08-01' as BroadcastDay
const counts = { notAired: 0, late: 0, cutShort: 0, replaced: 0, unplanned: 0, silence: 0 }
const carried = { planned: [], sent: [] }
const review = { day, over: true, planned: [], sent: [], carried, differences: [], counts, notes: [], signatures: [] }
const station = { id: 'nam-co', name: 'Đài Nậm Có', place: [], training: false, outputs: [] }

export const dayPaper: DaySheet = { station, review, head: { seq: 1, hash: '' }, madeAtMs: 0 }

/** The row that the station wrote when the paper was taken out, on top of these rows. */
export function sealedOn(rows: readonly LogRow[]): Seal {
  return (content) => {
    const entry = logEntry({ kind: sealKind, subject: day, measured: { ...content } })
    const prevHash = rows.at(-1)?.hash ?? ''
    return Promise.resolve(sealRow({ ...entry, seq: rows.length + 1, entryId: 'seal', bootId: 'b', writtenAtMs: epochMs(0), prevHash }))
  }
}

// What was sent on a day, as bars, from the open and close rows of its actions. Pure.
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { SentBar } from '../../shared/domain/review.ts'

const barKinds: Readonly<Partial<Record<LogRow['kind'], SentBar['kind']>>> = {
  'item.aired': 'item',
  cutin: 'alert',
  'input.live': 'live',
  hotkey: 'hotkey',
  stop: 'stop',
}

/** `item/OUTPUT/ITEM/START` → ITEM. */
function itemIdOf(row: LogRow): string | null {
  return row.kind === 'item.aired' ? (row.actionId?.split('/')[2] ?? null) : null
}

/** @param rows oldest first; an action that was opened again closes its former bar where it begins */
export function sentBars(rows: readonly LogRow[]): readonly SentBar[] {
  const bars: SentBar[] = []
  const open = new Map<string, number>()
  for (const row of rows) {
    const kind = barKinds[row.kind]
    if (kind === undefined || row.actionId === null) continue
    if (row.phase === 'open') {
      open.set(row.actionId, bars.length)
      const { seq, outputId, atMs } = row
      bars.push({ seq, kind, itemId: itemIdOf(row), outputId, title: row.subject, fromMs: atMs, toMs: null, reason: null })
    } else if (row.phase === 'close') {
      const index = open.get(row.actionId)
      const bar = index === undefined ? undefined : bars[index]
      if (index === undefined || bar === undefined) continue
      open.delete(row.actionId)
      const interrupted = row.measured?.['interrupted'] === true
      const reason = row.measured?.['reason']
      bars[index] = { ...bar, toMs: row.atMs, reason: interrupted ? 'interrupted' : typeof reason === 'string' ? reason : null }
    }
  }
  return bars
}

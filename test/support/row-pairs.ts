// Opening and closing rows, joined by their action.
import type { LogRow } from '../../shared/domain/logbook.ts'

/** I4: each opened action has exactly one close; what is still on air may be open. */
export function pairs(rows: readonly LogRow[]): { open: string[]; closedTwice: string[]; openedTwice: string[] } {
  const count = (phase: string) => {
    const counts = new Map<string, number>()
    for (const row of rows) if (row.phase === phase && row.actionId !== null) counts.set(row.actionId, (counts.get(row.actionId) ?? 0) + 1)
    return counts
  }
  const opened = count('open')
  const closed = count('close')
  const over = (counts: Map<string, number>) => [...counts].filter(([, times]) => times > 1).map(([id]) => id)
  return { open: [...opened.keys()].filter((id) => !closed.has(id)), openedTwice: over(opened), closedTwice: over(closed) }
}

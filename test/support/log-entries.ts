// Logbook entries for tests that care about one or two of their fields.
import type { LogEntry } from '../../shared/domain/logbook.ts'
import { epochMs } from '../../shared/domain/station-time.ts'

export function logEntry(change: Partial<LogEntry> = {}): LogEntry {
  return {
    kind: 'operator.command',
    phase: 'note',
    actionId: null,
    atMs: epochMs(Date.UTC(2026, 7, 1, 1, 0, 0)),
    monotonicMs: 1234.5678,
    actor: 'Trực ban',
    outputId: 'main',
    subject: 'Bản tin sáng',
    planned: null,
    sent: null,
    measured: null,
    late: false,
    ...change,
  }
}

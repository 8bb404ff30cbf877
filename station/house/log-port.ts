// The logbook as the air path uses it: calls that return at once. What could not be written is an alarm, never a delay.
import type { LogFields, LogPort } from '../onair/index.ts'
import type { LogbookService } from '../logbook/index.ts'

export function createLogPort(logbook: LogbookService): LogPort {
  const facts = ({ atMs, planned, sent, measured }: Partial<LogFields>) => ({
    ...(atMs === undefined ? {} : { atMs }),
    planned: planned ?? null,
    sent: sent ?? null,
    measured: measured ?? null,
  })
  return {
    open({ kind, actionId, actor, outputId, subject, ...rest }) {
      if (logbook.isOpen(actionId)) return
      void logbook.open({ kind, actionId, actor, outputId, subject, ...facts(rest) })
    },
    close({ actionId, actor, ...rest }) {
      if (logbook.isOpen(actionId)) void logbook.close({ actionId, actor, ...facts(rest) })
    },
    note({ kind, actor, outputId, subject, ...rest }) {
      void logbook.note({ kind, actor, outputId, subject, ...facts(rest) })
    },
  }
}

// Composed alerts and the place of their rendered audio.
import type { AlertView } from '../../shared/domain/alert.ts'
import type { ReadConnection, WriteConnection } from './connection.ts'

export interface StoredAlert {
  readonly alert: AlertView
  /** Rendered audio on disk; null until rendered. */
  readonly audioPath: string | null
}

interface AlertColumns {
  readonly alert: string
  readonly audio_path: string | null
}

export const alertSql = { all: 'SELECT alert, audio_path FROM alerts ORDER BY created_at_ms DESC' } as const

export function createAlertReader(db: ReadConnection) {
  const all = db.prepare<[], AlertColumns>(alertSql.all)
  const get = db.prepare<[string], AlertColumns>('SELECT alert, audio_path FROM alerts WHERE alert_id = ?')
  return {
    /** Newest first. */
    all: (): StoredAlert[] => all.all().map(toStoredAlert),
    get(alertId: string): StoredAlert | null {
      const columns = get.get(alertId)
      return columns === undefined ? null : toStoredAlert(columns)
    },
  }
}

export function createAlertWriter(db: WriteConnection) {
  const put = db.prepare(
    `INSERT INTO alerts VALUES (?, ?, ?, ?) ON CONFLICT (alert_id) DO UPDATE
      SET created_at_ms = excluded.created_at_ms, alert = excluded.alert, audio_path = excluded.audio_path`,
  )
  return {
    put(alert: AlertView, audioPath: string | null): void {
      put.run(alert.alertId, alert.createdAtMs, JSON.stringify(alert), audioPath)
    },
  }
}

function toStoredAlert(columns: AlertColumns): StoredAlert {
  return { alert: JSON.parse(columns.alert) as AlertView, audioPath: columns.audio_path }
}

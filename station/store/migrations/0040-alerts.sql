-- Composed alerts: shared/domain/alert.ts AlertView as JSON and where the rendered audio lies (null until rendered).
CREATE TABLE alerts (
  alert_id TEXT PRIMARY KEY,
  created_at_ms INTEGER NOT NULL,
  alert TEXT NOT NULL,
  audio_path TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX alerts_created ON alerts (created_at_ms);

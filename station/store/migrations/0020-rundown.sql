-- The plan of a day and what became of it, apart: replacing the plan never touches what was measured.
CREATE TABLE rundown_days (
  day TEXT PRIMARY KEY,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rundown_items (
  item_id TEXT PRIMARY KEY,
  day TEXT NOT NULL REFERENCES rundown_days (day),
  position INTEGER NOT NULL,
  item TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX rundown_items_day ON rundown_items (day, position);

CREATE TABLE rundown_actuals (
  item_id TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  reason TEXT,
  actual_start_ms INTEGER,
  actual_end_ms INTEGER
) STRICT, WITHOUT ROWID;

-- Former plans, newest last; `label` says in words what undoing takes back.
CREATE TABLE rundown_undo (
  undo_id INTEGER PRIMARY KEY,
  day TEXT NOT NULL REFERENCES rundown_days (day),
  label TEXT NOT NULL,
  items TEXT NOT NULL
) STRICT;
CREATE INDEX rundown_undo_day ON rundown_undo (day, undo_id);

-- The logbook: append-only, hash-chained (station/logbook/chain.ts). planned, sent and measured are canonical JSON or null.
CREATE TABLE logbook (
  seq INTEGER PRIMARY KEY,
  entry_id TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('open', 'close', 'note')),
  action_id TEXT,
  at_ms INTEGER NOT NULL,
  monotonic_ms REAL NOT NULL,
  written_at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  output_id TEXT,
  subject TEXT NOT NULL,
  planned TEXT,
  sent TEXT,
  measured TEXT,
  late INTEGER NOT NULL CHECK (late IN (0, 1)),
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX logbook_entry ON logbook (entry_id);
CREATE INDEX logbook_at ON logbook (at_ms);

-- A slip of our own program is stopped here; a hand with a database tool is found by the chain.
CREATE TRIGGER logbook_no_update BEFORE UPDATE ON logbook BEGIN
  SELECT RAISE(ABORT, 'the logbook is append-only');
END;
CREATE TRIGGER logbook_no_delete BEFORE DELETE ON logbook BEGIN
  SELECT RAISE(ABORT, 'the logbook is append-only');
END;

-- The sealed head, written in the transaction of the rows it seals.
CREATE TABLE logbook_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;

-- Actions that were opened and not yet closed: what a new boot must close or adopt.
CREATE TABLE logbook_open (
  action_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL REFERENCES logbook (seq)
) STRICT, WITHOUT ROWID;

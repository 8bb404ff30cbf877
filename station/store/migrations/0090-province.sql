-- The province: what it sent and what became of it (shared/domain/province.ts as JSON), and what it has yet to be told.
CREATE TABLE province_items (
  item_id TEXT PRIMARY KEY,
  received_at_ms INTEGER NOT NULL,
  incoming TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Rows of the logbook that wait for the province's answer. The row itself stays where it is: an entry is a few bytes.
-- urgency 0: alert, live microphone, STOP; 1: everything else. parked: why the province would not take it.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY REFERENCES logbook (seq),
  urgency INTEGER NOT NULL CHECK (urgency IN (0, 1)),
  parked TEXT
) STRICT;
CREATE INDEX outbox_order ON outbox (urgency, seq) WHERE parked IS NULL;

-- open = 1: there is a province to be told. dropped: entries given up because too many waited.
CREATE TABLE outbox_switch (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  dropped INTEGER NOT NULL
) STRICT;
INSERT INTO outbox_switch VALUES (1, 0, 0);

-- In the transaction of the row, whoever writes it: a row that is there is in the outbox, and one that is not, is not.
CREATE TRIGGER logbook_to_outbox AFTER INSERT ON logbook WHEN (SELECT open FROM outbox_switch WHERE id = 1) = 1 BEGIN
  INSERT INTO outbox VALUES (
    NEW.seq,
    CASE WHEN NEW.kind IN ('cutin', 'stop', 'reopen', 'input.live') OR NEW.kind GLOB 'alert.*' OR NEW.kind = 'province.item' THEN 0 ELSE 1 END,
    NULL
  );
END;

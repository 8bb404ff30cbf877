-- Search without marks: one entry per row of the logbook, its words folded (shared/domain/fold.ts). The text itself is not kept
-- again; the entry is written in the transaction of its row. `folded_text` is given to SQLite by migrations.ts.
CREATE VIRTUAL TABLE logbook_search USING fts5 (text, content = '', columnsize = 0, detail = none, prefix = '2 3');
INSERT INTO logbook_search (rowid, text) SELECT seq, folded_text(subject, actor, planned, sent, measured) FROM logbook;

-- What was said about a day, by the day: few rows among very many.
CREATE INDEX logbook_review ON logbook (subject, seq) WHERE kind IN ('review.note', 'review.asked', 'review.answered', 'review.signed');

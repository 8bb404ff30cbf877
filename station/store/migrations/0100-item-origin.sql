-- When an item's first frame sounded, or would have where it was joined in its middle: what a later join counts from.
ALTER TABLE rundown_actuals ADD COLUMN origin_ms INTEGER;

-- The library: shared/domain/library.ts Cart as JSON, and its waveform overview as little-endian float32, minima then maxima.
CREATE TABLE carts (
  cart_id TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL,
  imported_at_ms INTEGER NOT NULL,
  cart TEXT NOT NULL,
  peaks_bucket_ms REAL,
  peaks BLOB
) STRICT;
CREATE INDEX carts_sha256 ON carts (sha256);
CREATE INDEX carts_imported ON carts (imported_at_ms);

// The library's recordings and their waveform overviews. Peaks are kept as float32 beside the JSON, and read only when asked for.
import type { Cart, Peaks } from '../../shared/domain/library.ts'
import type { ReadConnection, WriteConnection } from './connection.ts'

interface PeakColumns {
  readonly peaks_bucket_ms: number | null
  readonly peaks: Uint8Array | null
}

export const cartSql = {
  all: 'SELECT cart FROM carts ORDER BY imported_at_ms',
  bySha256: 'SELECT cart FROM carts WHERE sha256 = ?',
} as const

export function createCartReader(db: ReadConnection) {
  const all = db.prepare<[], string>(cartSql.all).pluck()
  const get = db.prepare<[string], string>('SELECT cart FROM carts WHERE cart_id = ?').pluck()
  const bySha256 = db.prepare<[string], string>(cartSql.bySha256).pluck()
  const peaks = db.prepare<[string], PeakColumns>('SELECT peaks_bucket_ms, peaks FROM carts WHERE cart_id = ?')
  return {
    /** Oldest import first. */
    all: (): Cart[] => all.all().map(parseCart),
    get: (cartId: string): Cart | null => parseOrNull(get.get(cartId)),
    /** The recording of this original, if it was imported before. */
    bySha256: (sha256: string): Cart | null => parseOrNull(bySha256.get(sha256)),
    peaks: (cartId: string): Peaks | null => decodePeaks(peaks.get(cartId)),
  }
}

export function createCartWriter(db: WriteConnection) {
  const put = db.prepare(
    `INSERT INTO carts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (cart_id) DO UPDATE SET sha256 = excluded.sha256,
      imported_at_ms = excluded.imported_at_ms, cart = excluded.cart,
      peaks_bucket_ms = coalesce(excluded.peaks_bucket_ms, peaks_bucket_ms), peaks = coalesce(excluded.peaks, peaks)`,
  )
  const remove = db.prepare('DELETE FROM carts WHERE cart_id = ?')
  return {
    /** Adds or changes a recording. `peaks` null keeps the overview that is there. */
    put(cart: Cart, peaks: Peaks | null): void {
      const blob = peaks === null ? null : encodePeaks(peaks)
      put.run(cart.cartId, cart.sha256, cart.importedAtMs, JSON.stringify(cart), peaks?.bucketMs ?? null, blob)
    },
    /** False where there was none. */
    remove: (cartId: string): boolean => remove.run(cartId).changes > 0,
  }
}

function parseCart(text: string): Cart {
  return JSON.parse(text) as Cart
}

function parseOrNull(text: string | undefined): Cart | null {
  return text === undefined ? null : parseCart(text)
}

function encodePeaks(peaks: Peaks): Uint8Array {
  const values = [...peaks.min, ...peaks.max]
  const bytes = new DataView(new ArrayBuffer(values.length * 4))
  for (const [index, value] of values.entries()) bytes.setFloat32(index * 4, value, true)
  return new Uint8Array(bytes.buffer)
}

function decodePeaks(columns: PeakColumns | undefined): Peaks | null {
  if (columns?.peaks == null || columns.peaks_bucket_ms === null) return null
  const { peaks } = columns
  const view = new DataView(peaks.buffer, peaks.byteOffset, peaks.byteLength)
  const values = Array.from({ length: peaks.byteLength / 4 }, (_, index) => view.getFloat32(index * 4, true))
  const half = values.length / 2
  return { bucketMs: columns.peaks_bucket_ms, min: values.slice(0, half), max: values.slice(half) }
}

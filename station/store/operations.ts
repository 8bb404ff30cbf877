// What the workers can do, by name. The types the main thread calls by are derived from these two tables, so an operation
// without a handler does not compile.
import type { ChainVerdict } from '../../shared/domain/logbook.ts'
import { type Anchor, type LogbookHead, verifyChain } from '../logbook/index.ts'
import { createAlertReader, createAlertWriter } from './alert-repository.ts'
import { createCartReader, createCartWriter } from './cart-repository.ts'
import type { ReadConnection, WriteConnection } from './connection.ts'
import { collectAnchors } from './anchors.ts'
import { createLogbookReader, storedRows, storedSlice } from './logbook-reader.ts'
import { createLogbookWriter } from './logbook-writer.ts'
import { createReviewReader } from './review-reader.ts'
import { createOutboxReader, createOutboxWriter } from './outbox-repository.ts'
import { createProvinceReader, createProvinceWriter } from './province-repository.ts'
import { createRundownReader, createRundownWriter } from './rundown-repository.ts'
import { createSettingsReader, createSettingsWriter } from './settings-repository.ts'

export function createReadOperations(db: ReadConnection) {
  const logbook = createLogbookReader(db)
  const rundown = createRundownReader(db)
  const carts = createCartReader(db)
  const alerts = createAlertReader(db)
  const settings = createSettingsReader(db)
  const review = createReviewReader(db)
  const outbox = createOutboxReader(db)
  const province = createProvinceReader(db)
  return {
    'logbook.rows': logbook.rows,
    'logbook.head': logbook.head,
    'logbook.openActions': logbook.openActions,
    'logbook.verify': (): ChainVerdict => verifyChain(storedRows(db), collectAnchors(db)),
    'logbook.verifySlice': (base: LogbookHead, limit: number, given: readonly Anchor[]) => {
      // The seals are read before the rows: a row written meanwhile is in the rows, never only in a seal.
      const anchors = [...collectAnchors(db), ...given]
      const newest = logbook.head().seq
      if (newest < base.seq) {
        const verdict = { ok: false as const, rows: 0, firstBadSeq: newest + 1, reason: `rows ${newest + 1}–${base.seq} are missing` }
        return { verdict, end: true }
      }
      const end = newest <= base.seq + limit
      const inReach = anchors.filter((anchor) => anchor.seq > base.seq && (end || anchor.seq <= base.seq + limit))
      const rows = storedSlice(db, base.seq, end ? Math.max(1, newest - base.seq) : limit)
      // What lies before the slice is another slice's; a head that shrank behind it is told here.
      const cut = anchors.filter((anchor) => anchor.seq > newest)
      return { verdict: verifyChain(rows, [...inReach, ...cut], base), end }
    },
    'logbook.dayFacts': review.dayFacts,
    'logbook.reviewRows': review.reviewRows,
    'logbook.rowsPerDay': review.rowsPerDay,
    'logbook.search': review.search,
    'rundown.day': rundown.day,
    'rundown.daysUsing': rundown.daysUsing,
    'carts.all': carts.all,
    'carts.get': carts.get,
    'carts.bySha256': carts.bySha256,
    'carts.peaks': carts.peaks,
    'alerts.all': alerts.all,
    'alerts.get': alerts.get,
    'settings.get': settings.get,
    'outbox.next': outbox.next,
    'outbox.state': outbox.state,
    'province.all': province.all,
  }
}

export function createWriteOperations(db: WriteConnection) {
  const append = createLogbookWriter(db)
  const rundown = createRundownWriter(db)
  const carts = createCartWriter(db)
  const alerts = createAlertWriter(db)
  const settings = createSettingsWriter(db)
  const outbox = createOutboxWriter(db)
  const province = createProvinceWriter(db)
  return {
    'logbook.append': append,
    'rundown.replaceDay': rundown.replaceDay,
    'rundown.undo': rundown.undo,
    'rundown.setActual': rundown.setActual,
    'carts.put': carts.put,
    'carts.remove': carts.remove,
    'alerts.put': alerts.put,
    'settings.set': settings.set,
    'outbox.open': outbox.open,
    'outbox.committed': outbox.committed,
    'outbox.park': outbox.park,
    'outbox.unpark': outbox.unpark,
    'outbox.trim': outbox.trim,
    'province.put': province.put,
    'province.remove': province.remove,
  }
}

export type ReadOperations = ReturnType<typeof createReadOperations>
export type WriteOperations = ReturnType<typeof createWriteOperations>
export type WriteName = keyof WriteOperations
export type ReadName = keyof ReadOperations

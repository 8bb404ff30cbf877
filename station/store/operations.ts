// What the workers can do, by name. The types the main thread calls by are derived from these two tables, so an operation
// without a handler does not compile.
import type { ChainVerdict } from '../../shared/domain/logbook.ts'
import { verifyChain } from '../logbook/index.ts'
import { createAlertReader, createAlertWriter } from './alert-repository.ts'
import { createCartReader, createCartWriter } from './cart-repository.ts'
import type { ReadConnection, WriteConnection } from './connection.ts'
import { collectAnchors } from './anchors.ts'
import { createLogbookReader, storedRows } from './logbook-reader.ts'
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
    'logbook.dayFacts': review.dayFacts,
    'logbook.reviewRows': review.reviewRows,
    'logbook.rowsPerDay': review.rowsPerDay,
    'logbook.search': review.search,
    'rundown.day': rundown.day,
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
    'outbox.trim': outbox.trim,
    'province.put': province.put,
    'province.remove': province.remove,
  }
}

export type ReadOperations = ReturnType<typeof createReadOperations>
export type WriteOperations = ReturnType<typeof createWriteOperations>
export type WriteName = keyof WriteOperations
export type ReadName = keyof ReadOperations

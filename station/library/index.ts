// The door of the library area.
export { onlyApproved } from './approved-bytes.ts'
export { defaultImportLimits, createLibrary } from './library-service.ts'
export type { CartRepository, ImportLimits, ImportRequest, Library, LibraryLog, LibraryOptions } from './library-service.ts'
export type { Proof } from './prove.ts'
export { withRows } from './library-rows.ts'
export { CartCatalog } from './cart-catalog.ts'
export { type IngestRun, runIngest } from './run-ingest.ts'

// The logbook's door: the chain (pure), the open → close rule, and the export.
export { lastHeardMs } from './air-check/last-heard.ts'
export { canonicalJson, type JsonValue, toJsonValue } from './canonical-json.ts'
export {
  type Anchor,
  emptyHead,
  genesisHash,
  hashRow,
  type LogbookHead,
  sealRow,
  type StoredRow,
  type UnsealedRow,
  verifyChain,
} from './chain.ts'
export {
  type Closing,
  LogbookService,
  type LogbookOptions,
  type LogbookStore,
  type Note,
  type Opening,
} from './logbook-service.ts'
export { ReviewService, type ReviewStore } from './review-service.ts'
export { AirCheckService, type SegmentFile } from './air-check/air-check-service.ts'
export { OpenQuestions } from './open-questions.ts'
export { csvHeader, csvLine, csvRows, textOf } from './sheet/logbook-csv.ts'
export { verifyPdf } from './sheet/pdf-seal.ts'
export { verifyXlsx } from './sheet/sheet-pages.ts'
export { type PaperVerdict, sealAgainst } from './sheet/sheet-seal.ts'
export { verifyRows } from './sheet/verify-rows.ts'
export { SheetService, type SheetFormat } from './sheet/sheet-service.ts'
export { ChainWatch } from './chain-watch.ts'

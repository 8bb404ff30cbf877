// A refusal raised inside the store's worker. Classes do not survive postMessage, so code and detail travel as data and the
// main thread makes an OperatorError of them; the worker itself does not load the schema library.
import type { OperatorErrorCode } from '../../shared/domain/errors.ts'

export class StoreRefusal extends Error {
  readonly code: OperatorErrorCode
  readonly detail: Readonly<Record<string, string | number>>
  constructor(code: OperatorErrorCode, detail: Readonly<Record<string, string | number>> = {}) {
    super(`${code} ${JSON.stringify(detail)}`)
    this.name = 'StoreRefusal'
    this.code = code
    this.detail = detail
  }
}

// An order the audio process does not carry out, with the operator's error code.
import type { OperatorErrorCode } from '../shared/domain/errors.ts'

export class Refusal extends Error {
  readonly code: OperatorErrorCode
  constructor(code: OperatorErrorCode, message: string) {
    super(message)
    this.name = 'Refusal'
    this.code = code
  }
}

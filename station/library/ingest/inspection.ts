// What a container check finds before anything is decoded. FFmpeg forgives most damage without a word; these checks
// compare what a file promises in its own headers with what it holds.
import { OperatorError, type OperatorErrorCode } from '../../../shared/domain/errors.ts'
import { durationText } from '../../../shared/domain/time.ts'
import type { MediaFormat } from './job.ts'

export interface Fault {
  readonly code: OperatorErrorCode
  readonly reason: string
  /** Where in the recording; null = as far as it decodes. */
  readonly atMs: number | null
}

export interface Inspection {
  readonly format: MediaFormat
  /** Duration the container promises exactly; null = it promises none (streams, MP3 without an info frame). */
  readonly promisedMs: number | null
  readonly fault: Fault | null
}

/** Tags and pictures above this are an attack or a mistake, not a title, bytes. */
export const maxTagBytes = 32 * 1024 * 1024

export function fault(code: OperatorErrorCode, reason: string, atMs: number | null = null): Fault {
  return { code, reason, atMs }
}

/** The refusal of a fault; `at` as mm:ss is what the operator reads. */
export function refusal(code: OperatorErrorCode, reason: string, atMs: number | null = null): OperatorError {
  return new OperatorError(code, atMs === null ? { reason } : { reason, at: clockAt(atMs), atMs: Math.round(atMs) })
}

function clockAt(atMs: number): string {
  const text = durationText(atMs)
  return text.length < 5 ? `0${text}` : text
}

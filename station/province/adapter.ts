// What a province looks like from here, whatever carries it. Everything an adapter brings is unproven.
import type { MediaRef, WitnessedHead } from '../../shared/domain/province.ts'

export type ManifestAnswer =
  | { readonly kind: 'unchanged' }
  /** `etag` null = ask for the whole again next time. */
  | { readonly kind: 'changed'; readonly etag: string | null; readonly jws: string }

export interface MediaPart {
  /** First byte that comes: what was asked for, or 0 where the file must be taken from its beginning. */
  readonly fromByte: number
  /** Gives `take` every byte in order, its own only until it returns, and waits where it answers a promise. Rejects with what `take` threw, or where the part was cut. */
  pour(take: (bytes: Uint8Array) => Promise<void> | null): Promise<void>
}

export type DeliveryAnswer = 'committed' | 'unacceptable'

export interface DoorbellState {
  readonly state: 'off' | 'connecting' | 'listening' | 'lost'
  readonly reason: string | null
}

export interface ProvinceAdapter {
  manifest(etag: string | null, signal: AbortSignal): Promise<ManifestAnswer>
  media(ref: MediaRef, fromByte: number, signal: AbortSignal): Promise<MediaPart>
  /** `batch` is JSON of a RecordBatch; `key` is the same for the same batch. */
  deliver(key: string, batch: string, signal: AbortSignal): Promise<DeliveryAnswer>
  /** Heads of our logbook that it holds. */
  heads(signal: AbortSignal): Promise<readonly WitnessedHead[]>
  /** Begins to listen for the doorbell, where there is one. */
  listen(onNudge: () => void, onState: (state: DoorbellState) => void): void
  close(): Promise<void>
}

/**
 * unreachable: no answer · tls: it is not who it says, because nobody we know says so; certExpired, certNotYetValid, certWrongHost: because of that · portal: something else answers in its place · refused: it does not know us ·
 * status: it cannot now · changed: the file there is another one · range: it sent another part than was asked for · disk: ours is full.
 */
export type LinkErrorCode =
  | 'unreachable'
  | 'tls'
  | 'certExpired'
  | 'certNotYetValid'
  | 'certWrongHost'
  | 'portal'
  | 'refused'
  | 'status'
  | 'changed'
  | 'range'
  | 'disk'

/** The link did not do what was asked; asked again later it may. */
export class LinkError extends Error {
  readonly code: LinkErrorCode
  constructor(code: LinkErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'LinkError'
    this.code = code
  }
}

/** Somebody answers and is not the province: nothing of it is heard, and a person must look. */
export function isImpostor(code: LinkErrorCode): boolean {
  return code === 'tls' || code === 'certExpired' || code === 'certNotYetValid' || code === 'certWrongHost'
}

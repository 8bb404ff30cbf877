// What a province looks like from here, whatever carries it. Everything an adapter brings is unproven.
import type { MediaRef, WitnessedHead } from '../../shared/domain/province.ts'

export type ManifestAnswer =
  | { readonly kind: 'unchanged' }
  /** `etag` null = ask for the whole again next time. */
  | { readonly kind: 'changed'; readonly etag: string | null; readonly jws: string }

/** Where the bytes of a body go: read straight into it, a fast line costs a copy less. */
export interface Sink {
  /** Room for the next bytes; never empty. */
  room(): Uint8Array
  /** The first `count` bytes of that room are filled. A promise = hold the rest until then; some may come nevertheless. */
  filled(count: number): Promise<void> | null
}

/** Copies bytes that are elsewhere. */
export function feed(sink: Sink, bytes: Uint8Array): Promise<void> | null {
  let wait: Promise<void> | null = null
  for (let from = 0; from < bytes.length; ) {
    const room = sink.room()
    const part = bytes.subarray(from, from + room.length)
    room.set(part)
    from += part.length
    const more = sink.filled(part.length)
    wait = wait === null || more === null ? (more ?? wait) : Promise.all([wait, more]).then(() => undefined)
  }
  return wait
}

export interface MediaPart {
  /** First byte that comes: what was asked for, or 0 where the file must be taken from its beginning. */
  readonly fromByte: number
  /** Every byte in order. Rejects with what the sink threw, or where the part was cut. */
  pour(sink: Sink): Promise<void>
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
 * Of its folder: readOnly, denied: it cannot be written · noRoom: it is full · damaged: a file there is not what it should be.
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
  | 'readOnly'
  | 'denied'
  | 'noRoom'
  | 'damaged'

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

/** What keeps rows out of a province's folder until a person does something about it. */
export function isUnwritable(code: string | null): boolean {
  return code === 'readOnly' || code === 'denied' || code === 'noRoom'
}

/** undefined = not JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

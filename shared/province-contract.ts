// The contract between a province and its stations as data: HTTPS is the truth, MQTT 5 is the doorbell. The station's client,
// the training province and the documents in docs/province/ are all read out of these tables.
import type { z } from 'zod'
import { Manifest, Nudge, RecordBatch, RecordsCommitted, WitnessedHeads } from './domain/province.ts'

export const provinceContractVersion = '1.1.0'

/** Types of the manifest as it travels. */
export const manifestMediaType = 'application/jose'
/** `typ` of the manifest's protected header: a signature made for anything else is no manifest. */
export const manifestType = 'truc-song-manifest+jws'
export const signatureAlgorithm = 'EdDSA'
/** `typ` of the signature under a file that a station lays down in a province’s folder. */
export const stationSignatureType = 'truc-song-station+jws'
/** Largest manifest, bytes of its compact JWS: 20,000 items of 1.2 kB. */
export const maxManifestBytes = 32 * 1024 * 1024
/** Largest batch of records, bytes of its JSON. */
export const maxBatchBytes = 1024 * 1024
/** Largest list of heads, bytes of its JSON: 1,000 of 120 bytes. */
export const maxHeadsBytes = 200_000

export interface ProvinceAnswer {
  readonly status: number
  readonly when: string
  readonly mediaType?: string
  readonly schema?: z.ZodType
  readonly headers?: Readonly<Record<string, string>>
}

export interface ProvinceRoute {
  readonly method: 'GET' | 'POST'
  readonly path: `/${string}`
  readonly summary: string
  readonly params: Readonly<Record<string, string>>
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly request?: z.ZodType
  readonly answers: readonly ProvinceAnswer[]
}

const refused: readonly ProvinceAnswer[] = [
  { status: 401, when: 'no or a wrong bearer token' },
  { status: 404, when: 'no such station or file' },
  { status: 503, when: 'come back later', headers: { 'Retry-After': 'seconds' } },
]

export const provinceRoutes = {
  manifest: {
    method: 'GET',
    path: '/v1/stations/{stationId}/manifest',
    summary: 'The signed manifest in force: a compact JWS (EdDSA over Ed25519) whose payload is a Manifest, spelled as JSON.stringify does',
    params: { stationId: 'the station' },
    requestHeaders: { 'If-None-Match': 'the ETag of the manifest the station holds' },
    answers: [
      { status: 200, when: 'it changed', mediaType: manifestMediaType, schema: Manifest, headers: { ETag: 'strong' } },
      { status: 304, when: 'it is the one the station holds; the whole exchange is under 1 kB' },
      ...refused,
    ],
  },
  media: {
    method: 'GET',
    path: '/v1/media/{sha256}',
    summary: 'A file by its SHA-256, resumable: the ETag is the quoted hash and a change of bytes is a change of address',
    params: { sha256: 'lower-case hex' },
    requestHeaders: { Range: 'bytes=N-', 'If-Range': 'the ETag the first part came with' },
    answers: [
      { status: 200, when: 'the whole file', mediaType: 'application/octet-stream', headers: { ETag: 'strong', 'Accept-Ranges': 'bytes' } },
      {
        status: 206,
        when: 'the part asked for, to the end',
        mediaType: 'application/octet-stream',
        headers: { ETag: 'strong', 'Content-Range': 'bytes N-M/SIZE' },
      },
      { status: 416, when: 'the part lies outside the file' },
      ...refused,
    ],
  },
  records: {
    method: 'POST',
    path: '/v1/stations/{stationId}/records',
    summary: 'Rows of the station’s logbook, oldest first within their urgency. Each is kept once by its entryId however often it comes',
    params: { stationId: 'the station' },
    requestHeaders: { 'Idempotency-Key': 'the same for the same batch' },
    request: RecordBatch,
    answers: [
      { status: 200, when: 'every record of the batch is committed', mediaType: 'application/json', schema: RecordsCommitted },
      { status: 400, when: 'a record of the batch is not acceptable: the station halves the batch until it is found, and parks it' },
      { status: 413, when: 'the batch is too large: the station halves it' },
      ...refused,
    ],
  },
  heads: {
    method: 'GET',
    path: '/v1/stations/{stationId}/heads',
    summary: 'Heads of the station’s logbook as the province came to hold them: the witness against a chain that was written anew',
    params: { stationId: 'the station' },
    requestHeaders: {},
    answers: [
      {
        status: 200,
        when: 'the newest of each day and each boot, and what stood before every row that contradicted another',
        mediaType: 'application/json',
        schema: WitnessedHeads,
      },
      ...refused,
    ],
  },
} as const satisfies Record<string, ProvinceRoute>

export const provinceTopics = {
  nudge: {
    address: 'truc-song/v1/stations/{stationId}/nudge',
    summary: 'Something changed for this station: fetch the manifest. QoS 1, not retained. A lost nudge costs at most one poll interval',
    payload: Nudge,
  },
} as const

/** The path of a route with its parameters filled in and escaped. */
export function routePath(route: keyof typeof provinceRoutes, params: Readonly<Record<string, string>>): string {
  return fill(provinceRoutes[route].path, params, encodeURIComponent)
}

/** The topic of one station; characters that mean something to a broker cannot be in a station id's place. */
export function nudgeTopic(stationId: string): string {
  return fill(provinceTopics.nudge.address, { stationId }, (value) => value.replaceAll(/[+#/\0]/g, '_'))
}

/** The ETag of a file: its hash, quoted. */
export function mediaEtag(sha256: string): string {
  return `"${sha256}"`
}

function fill(pattern: string, params: Readonly<Record<string, string>>, quote: (value: string) => string): string {
  return pattern.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = params[name]
    if (value === undefined) throw new RangeError(`${pattern} needs ${name}`)
    return quote(value)
  })
}

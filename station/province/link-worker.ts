// The link to the province in a thread of its own: TLS, signatures over thousands of items, hashes and retries cost the station's
// main thread nothing, and nothing here can stop it. Decides only what must be decided on the bytes; remembers what it sent last.
import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { assertNever } from '../../shared/domain/assert-never.ts'
import type { ProvinceItem, ProvinceItemId } from '../../shared/domain/province.ts'
import { LinkError, type ProvinceAdapter } from './adapter.ts'
import { FolderAdapter } from './folder-adapter.ts'
import { HttpAdapter } from './http-adapter.ts'
import type { FromLink, LinkFailure, LinkRequest, LinkSettings, MediaOutcome, PullOutcome, ToLink } from './link-protocol.ts'
import { ManifestProver } from './manifest-proof.ts'
import { fetchMedia, WrongMediaError } from './media-fetch.ts'
import { removeLeftovers } from './media-leftovers.ts'
import { stationKey } from './station-key.ts'
import { judgeManifest } from './trust.ts'

/** Items of one message: what the main thread takes in one turn. */
const chunkItems = 200
const progressEveryMs = 250

const port = parentPort
if (port === null) throw new Error('link-worker.ts runs as a worker only')
const settings = workerData as LinkSettings
const adapter = createAdapter(settings)
const prover = new ManifestProver(settings.trustedKeys)
const closing = new AbortController()
/** What is being brought, by hash. */
const fetching = new Map<string, AbortController>()
/** Revisions sent, and the tag of the manifest they came with. Lost with the thread: then all are sent again. */
let sent = new Map<ProvinceItemId, number>()
let etag: string | null = null
let sentVersion: number | null = null

function createAdapter({ adapter: kind, stationId, url, ca, token, mqttUrl, folder, signingKey }: LinkSettings): ProvinceAdapter {
  switch (kind) {
    case 'http':
      return new HttpAdapter({ stationId, url: url ?? '', ca, token, mqttUrl })
    case 'folder':
      return new FolderAdapter(folder ?? '', stationId, stationKey(signingKey ?? ''))
    default:
      return assertNever(kind)
  }
}

async function pull(id: number, request: Extract<LinkRequest, { kind: 'pull' }>): Promise<PullOutcome> {
  const { memory, known, at } = request
  const inStep = known && memory !== null && sentVersion === memory.version
  const answer = await adapter.manifest(inStep ? etag : null, closing.signal)
  if (answer.kind === 'unchanged') return { kind: 'unchanged' }
  const proof = await prover.prove(answer.jws)
  if (proof.kind === 'refused') return { kind: 'refused', reason: proof.reason, version: null }
  const { items, ...head } = proof.manifest
  const judged = judgeManifest(memory, { ...head, hash: proof.hash, items: items.length }, at)
  if (judged.kind === 'refuse') return { kind: 'refused', reason: judged.reason, version: head.version }
  if (judged.kind === 'same' && inStep) {
    etag = answer.etag
    return { kind: 'unchanged' }
  }
  const trusted = judged.kind === 'accept' ? judged.memory : memory
  if (trusted === null) return { kind: 'unchanged' }
  return hand(id, trusted, items, inStep, answer.etag)
}

/** Gives the main thread what it does not hold yet. */
function hand(
  id: number,
  memory: Extract<PullOutcome, { kind: 'accepted' }>['memory'],
  items: readonly ProvinceItem[],
  inStep: boolean,
  tag: string | null,
): PullOutcome {
  const before = inStep ? sent : new Map<ProvinceItemId, number>()
  const changed = items.filter((item) => before.get(item.itemId) !== item.revision)
  for (let at = 0; at < changed.length; at += chunkItems) tell({ kind: 'items', id, items: changed.slice(at, at + chunkItems) })
  const now = new Map(items.map((item) => [item.itemId, item.revision]))
  const gone = [...before.keys()].filter((itemId) => !now.has(itemId))
  sent = now
  sentVersion = memory.version
  etag = tag
  return { kind: 'accepted', memory, all: inStep ? null : [...now.keys()], gone }
}

async function media(request: Extract<LinkRequest, { kind: 'media' }>): Promise<MediaOutcome> {
  const { ref } = request
  const stop = new AbortController()
  fetching.set(ref.sha256, stop)
  let toldAtMs = 0
  const onProgress = (haveBytes: number) => {
    const nowMs = performance.now()
    if (nowMs - toldAtMs < progressEveryMs && haveBytes < ref.bytes) return
    toldAtMs = nowMs
    tell({ kind: 'progress', sha256: ref.sha256, haveBytes })
  }
  try {
    const signal = AbortSignal.any([closing.signal, stop.signal])
    const path = await fetchMedia(ref, { folder: settings.mediaFolder, adapter, onProgress }, signal)
    return { kind: 'here', path }
  } catch (error) {
    if (error instanceof WrongMediaError) return { kind: 'wrong', message: error.message }
    throw error
  } finally {
    fetching.delete(ref.sha256)
  }
}

function deliver({ records }: Extract<LinkRequest, { kind: 'deliver' }>) {
  const key = createHash('sha256')
    .update(records.map((row) => row.entryId).join(' '))
    .digest('hex')
    .slice(0, 40)
  return adapter.deliver(key, JSON.stringify({ records }), closing.signal)
}

async function serve(id: number, request: LinkRequest): Promise<unknown> {
  switch (request.kind) {
    case 'pull':
      return pull(id, request)
    case 'media':
      return media(request)
    case 'stopMedia':
      return fetching.get(request.sha256)?.abort(new LinkError('unreachable', 'another recording goes first'))
    case 'sweepMedia':
      return removeLeftovers(settings.mediaFolder, new Set([...request.keep, ...fetching.keys()]))
    case 'deliver':
      return deliver(request)
    case 'heads':
      return adapter.heads(closing.signal)
    case 'close':
      closing.abort(new LinkError('unreachable', 'the station is closing'))
      return adapter.close()
    default:
      return assertNever(request)
  }
}

function failureOf(error: unknown): LinkFailure {
  if (error instanceof LinkError) return { code: error.code, message: error.message }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EACCES' || code === 'EROFS') return { code: 'disk', message: code }
  return { code: 'bug', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

function tell(message: FromLink): void {
  port?.postMessage(message)
}

port.on('message', ({ id, request }: ToLink) => {
  serve(id, request).then(
    (value) => tell({ kind: 'answer', id, value: value ?? null }),
    (error: unknown) => tell({ kind: 'failure', id, failure: failureOf(error) }),
  )
})
adapter.listen(
  () => tell({ kind: 'nudge' }),
  (doorbell) => tell({ kind: 'doorbell', doorbell }),
)

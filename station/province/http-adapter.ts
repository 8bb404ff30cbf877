// The province over HTTPS with the authority that is configured, and its doorbell over MQTT 5. Connections are kept: asking and
// hearing "nothing new" costs well under 1 kB. Nothing that comes is believed here.
import { Agent, request } from 'node:https'
import { connect, type MqttClient } from 'mqtt'
import { type MediaRef, type WitnessedHead, WitnessedHeads } from '../../shared/domain/province.ts'
import {
  manifestMediaType,
  maxBatchBytes,
  maxHeadsBytes,
  maxManifestBytes,
  mediaEtag,
  nudgeTopic,
  provinceRoutes,
  routePath,
} from '../../shared/province-contract.ts'
import {
  type DeliveryAnswer,
  type DoorbellState,
  LinkError,
  type LinkErrorCode,
  type ManifestAnswer,
  type MediaPart,
  type ProvinceAdapter,
  parsedJson,
} from './adapter.ts'
import { FileLine } from './file-line.ts'
import { answerOf, type HttpAnswer, readText } from './http-answer.ts'

export interface HttpAdapterOptions {
  readonly stationId: string
  readonly url: string
  /** PEM; null = the authorities of the system. */
  readonly ca: string | null
  readonly token: string | null
  readonly mqttUrl: string | null
}

/** No byte for this long = the link is dead, ms. */
const silenceMs = 20_000
/** A district's stations do not come back to the broker in the same second. */
const reconnectMs = 3000
const idleConnectionMs = 150_000

export class HttpAdapter implements ProvinceAdapter {
  readonly #options: HttpAdapterOptions
  readonly #agent: Agent
  readonly #files: FileLine
  readonly #identity: Readonly<Record<string, string>>
  #mqtt: MqttClient | null = null

  constructor(options: HttpAdapterOptions) {
    this.#options = options
    this.#identity = options.token === null ? {} : { Authorization: `Bearer ${options.token}` }
    this.#files = new FileLine({ url: options.url, ca: options.ca, silenceMs, codeOf })
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 4,
      timeout: idleConnectionMs,
      minVersion: 'TLSv1.2',
      ...(options.ca === null ? {} : { ca: options.ca }),
    })
  }

  async manifest(etag: string | null, signal: AbortSignal): Promise<ManifestAnswer> {
    const path = routePath('manifest', { stationId: this.#options.stationId })
    const answer = await this.#ask(provinceRoutes.manifest.method, path, etag === null ? {} : { 'If-None-Match': etag }, null, signal)
    if (answer.statusCode === 304 && etag !== null) {
      answer.skip()
      return { kind: 'unchanged' }
    }
    this.#expect(answer, [200])
    expectType(answer, manifestMediaType)
    const jws = await readText(answer, maxManifestBytes)
    return { kind: 'changed', etag: answer.headers.get('etag') ?? null, jws }
  }

  async media(ref: MediaRef, fromByte: number, signal: AbortSignal): Promise<MediaPart> {
    const etag = mediaEtag(ref.sha256)
    const headers: Record<string, string> = fromByte > 0 ? { Range: `bytes=${fromByte}-`, 'If-Range': etag } : {}
    const path = routePath('media', { sha256: ref.sha256 })
    const answer =
      (await this.#files.ask(path, { ...headers, ...this.#identity }, signal)) ??
      (await this.#ask(provinceRoutes.media.method, path, headers, null, signal))
    if (answer.statusCode === 416) {
      answer.skip()
      throw new LinkError('range', 'the part asked for lies outside the file')
    }
    this.#expect(answer, [200, 206])
    if (answer.headers.get('etag') !== etag)
      throw refuse(answer, new LinkError('changed', `the file has the tag ${answer.headers.get('etag') ?? 'none'}`))
    if (answer.statusCode === 200) {
      const length = answer.headers.get('content-length')
      if (length !== undefined && Number(length) !== ref.bytes)
        throw refuse(answer, new LinkError('changed', `the file has ${length} bytes, not ${ref.bytes}`))
      return { fromByte: 0, pour: (sink) => answer.pour(sink) }
    }
    const wanted = `bytes ${fromByte}-${ref.bytes - 1}/${ref.bytes}`
    const range = answer.headers.get('content-range')
    if (range !== wanted) throw refuse(answer, new LinkError('range', `asked for ${wanted}, got ${range ?? 'no range'}`))
    return { fromByte, pour: (sink) => answer.pour(sink) }
  }

  async deliver(key: string, batch: string, signal: AbortSignal): Promise<DeliveryAnswer> {
    if (Buffer.byteLength(batch) > maxBatchBytes) return 'unacceptable'
    const path = routePath('records', { stationId: this.#options.stationId })
    const headers = { 'Idempotency-Key': key, 'Content-Type': 'application/json' }
    const answer = await this.#ask(provinceRoutes.records.method, path, headers, batch, signal)
    if (answer.statusCode === 400 || answer.statusCode === 413) {
      answer.skip()
      return 'unacceptable'
    }
    this.#expect(answer, [200])
    // A portal says 200 to everything: only the province says it in JSON.
    expectType(answer, 'application/json')
    const committed = /^\{"committed":\d+\}$/.test(await readText(answer, 10_000))
    if (!committed) throw new LinkError('portal', 'the answer does not say what was committed')
    return 'committed'
  }

  async heads(signal: AbortSignal): Promise<readonly WitnessedHead[]> {
    const path = routePath('heads', { stationId: this.#options.stationId })
    const answer = await this.#ask(provinceRoutes.heads.method, path, {}, null, signal)
    this.#expect(answer, [200])
    expectType(answer, 'application/json')
    const told = WitnessedHeads.safeParse(parsedJson(await readText(answer, maxHeadsBytes)))
    if (!told.success) throw new LinkError('portal', 'the answer is not a list of heads')
    return told.data.heads
  }

  listen(onNudge: () => void, onState: (state: DoorbellState) => void): void {
    const { mqttUrl, ca, stationId } = this.#options
    if (mqttUrl === null) {
      onState({ state: 'off', reason: null })
      return
    }
    onState({ state: 'connecting', reason: null })
    const topic = nudgeTopic(stationId)
    this.#mqtt = connect(mqttUrl, {
      protocolVersion: 5,
      clientId: `truc-song-${stationId}`,
      reconnectPeriod: Math.round(reconnectMs * (1 + Math.random())),
      ...(ca === null ? {} : { ca }),
    })
    let reason: string | null = null
    this.#mqtt.on('error', (error) => {
      reason = error.message
    })
    this.#mqtt.on('close', () => onState({ state: 'lost', reason }))
    this.#mqtt.on('message', (heard) => {
      if (heard === topic) onNudge()
    })
    this.#mqtt.on('connect', () => {
      reason = null
      this.#mqtt?.subscribe(topic, { qos: 1 }, (error) => {
        if (error === null) {
          onState({ state: 'listening', reason: null })
          // What was rung while nobody listened is not rung again.
          onNudge()
        } else onState({ state: 'lost', reason: error.message })
      })
    })
  }

  async close(): Promise<void> {
    await this.#mqtt?.endAsync(true)
    this.#files.close()
    this.#agent.destroy()
  }

  #ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    content: string | null,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const { url } = this.#options
    const all = {
      ...headers,
      ...this.#identity,
      ...(content === null ? {} : { 'Content-Length': String(Buffer.byteLength(content)) }),
    }
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, url), { method, headers: all, agent: this.#agent, signal }, (message) =>
        resolve(answerOf(message)),
      )
      asked.setTimeout(silenceMs, () => asked.destroy(new Error(`silent for ${silenceMs / 1000} s`)))
      asked.on('error', (error: NodeJS.ErrnoException) => reject(new LinkError(codeOf(error), error.message, { cause: error })))
      asked.end(content ?? undefined)
    })
  }

  #expect(answer: HttpAnswer, statuses: readonly number[]): void {
    const status = answer.statusCode
    if (statuses.includes(status)) return
    const code: LinkErrorCode =
      status === 401 || status === 403 || status === 404 ? 'refused' : status >= 300 && status < 400 ? 'portal' : 'status'
    throw refuse(answer, new LinkError(code, `HTTP ${status}`))
  }
}

/** What the certificate is wrong about keeps its name; every other trouble is a link that is not there. */
function codeOf(error: NodeJS.ErrnoException): LinkErrorCode {
  const code = error.code ?? ''
  if (code === 'CERT_HAS_EXPIRED') return 'certExpired'
  if (code === 'CERT_NOT_YET_VALID') return 'certNotYetValid'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'certWrongHost'
  return code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code) ? 'tls' : 'unreachable'
}

function expectType(answer: HttpAnswer, mediaType: string): void {
  const found = (answer.headers.get('content-type') ?? '').split(';')[0]?.trim()
  if (found !== mediaType) throw refuse(answer, new LinkError('portal', `the answer is ${found === '' ? 'of no type' : found}`))
}

function refuse<E extends Error>(answer: HttpAnswer, error: E): E {
  answer.drop()
  return error
}

// Opens a manifest: a compact JWS whose header says exactly what ours say, signed by a pinned key. What comes out was signed, byte
// for byte. The header is read strictly before any key is touched; jose does the signature. Runs in the link's worker.
import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { compactVerify, errors } from 'jose'
import { z } from 'zod'
import { Manifest, type TrustRefusal } from '../../shared/domain/province.ts'
import { manifestType, maxManifestBytes, signatureAlgorithm } from '../../shared/province-contract.ts'

export interface TrustedKey {
  readonly kid: string
  /** 32 bytes of an Ed25519 public key, base64url. */
  readonly publicKey: string
}

export type ManifestProof =
  | { readonly kind: 'proven'; readonly manifest: Manifest; readonly hash: string }
  | { readonly kind: 'refused'; readonly reason: TrustRefusal }

const compactForm = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/
const Header = z.record(z.string(), z.unknown())
const headerKeys = ['alg', 'kid', 'typ']

export class ManifestProver {
  readonly #keys: ReadonlyMap<string, KeyObject>

  constructor(trusted: readonly TrustedKey[]) {
    this.#keys = new Map(
      trusted.map(({ kid, publicKey }) => [kid, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })]),
    )
  }

  async prove(jws: string): Promise<ManifestProof> {
    const parts = jws.length <= maxManifestBytes ? compactForm.exec(jws.trim()) : null
    if (parts === null) return refused('unreadable')
    const key = this.#keyOf(parts[1] ?? '')
    if ('kind' in key) return key
    let payload: Uint8Array
    try {
      ;({ payload } = await compactVerify(jws.trim(), key.key, { algorithms: [signatureAlgorithm] }))
    } catch (error) {
      if (error instanceof errors.JOSEError) return refused('signature')
      throw error
    }
    return read(payload)
  }

  #keyOf(encoded: string): { readonly key: KeyObject } | Extract<ManifestProof, { kind: 'refused' }> {
    const text = Buffer.from(encoded, 'base64url').toString('utf8')
    const value = parseExactly(text)
    if (value === undefined) return refused(isJson(text) ? 'duplicateKeys' : 'unreadable')
    const header = Header.safeParse(value)
    if (!header.success) return refused('unreadable')
    if (header.data['alg'] !== signatureAlgorithm) return refused('algorithm')
    if ('crit' in header.data) return refused('critical')
    if (header.data['typ'] !== manifestType || Object.keys(header.data).some((name) => !headerKeys.includes(name)))
      return refused('malformed')
    const kid = header.data['kid']
    const key = typeof kid === 'string' ? this.#keys.get(kid) : undefined
    return key === undefined ? refused('unknownKey') : { key }
  }
}

function read(payload: Uint8Array): ManifestProof {
  const text = Buffer.from(payload).toString('utf8')
  const value = parseExactly(text)
  if (value === undefined) return refused(isJson(text) ? 'duplicateKeys' : 'malformed')
  const parsed = Manifest.safeParse(value)
  if (!parsed.success) return refused('malformed')
  const ids = new Set(parsed.data.items.map((item) => item.itemId))
  if (ids.size !== parsed.data.items.length) return refused('duplicateKeys')
  return { kind: 'proven', manifest: parsed.data, hash: createHash('sha256').update(payload).digest('hex') }
}

/** The value, where the text is spelled as JSON.stringify spells it: then no key can stand in it twice. */
function parseExactly(text: string): unknown {
  if (!isJson(text)) return undefined
  const value: unknown = JSON.parse(text)
  return JSON.stringify(value) === text ? value : undefined
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

function refused(reason: TrustRefusal): Extract<ManifestProof, { kind: 'refused' }> {
  return { kind: 'refused', reason }
}

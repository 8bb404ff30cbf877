// Manifests of a test's own province: right ones, and every kind of wrong one.
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Manifest, ProvinceBulletin } from '../../shared/domain/province.ts'
import type { EpochMs } from '../../shared/domain/time.ts'

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: string
}

export function signingKey(kid = 'key-1'): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { kid, privateKey, publicKey: String(publicKey.export({ format: 'jwk' }).x) }
}

const part = (value: string | Buffer) => Buffer.from(value).toString('base64url')

/** `header` and `payload` are taken as they are spelled. */
export function signText(key: SigningKey, header: string, payload: string): string {
  const signed = `${part(header)}.${part(payload)}`
  return `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`
}

export function rightHeader(kid: string): string {
  return JSON.stringify({ alg: 'EdDSA', kid, typ: 'truc-song-manifest+jws' })
}

export function signManifest(key: SigningKey, manifest: Manifest): string {
  return signText(key, rightHeader(key.kid), JSON.stringify(manifest))
}

/** HS256 with the public key as the secret: what a careless verifier takes for a signature. */
export function signWithPublicKey(key: SigningKey, manifest: Manifest): string {
  const signed = `${part(JSON.stringify({ alg: 'HS256', kid: key.kid, typ: 'truc-song-manifest+jws' }))}.${part(JSON.stringify(manifest))}`
  return `${signed}.${createHmac('sha256', Buffer.from(key.publicKey, 'base64url')).update(signed).digest('base64url')}`
}

export function manifestOf(nowMs: number, change: Partial<Manifest> = {}): Manifest {
  return {
    format: 1,
    provinceId: 'lao-cai',
    provinceName: 'Tỉnh Lào Cai',
    stationId: 'rig',
    version: 1,
    issuedAtMs: nowMs as EpochMs,
    expiresAtMs: (nowMs + 86_400_000) as EpochMs,
    items: [],
    ...change,
  }
}

export function bulletinOf(itemId: string, nowMs: number, change: Partial<ProvinceBulletin> = {}): ProvinceBulletin {
  return {
    kind: 'bulletin',
    itemId: itemId as ProvinceBulletin['itemId'],
    revision: 1,
    title: `Bản tin ${itemId}`,
    expiresAtMs: null,
    withdrawn: false,
    class: 'normal',
    mode: 'live',
    text: 'Nội dung bản tin.',
    media: null,
    issuedAtMs: nowMs as EpochMs,
    orderedBy: 'Văn phòng tỉnh',
    riskLevel: null,
    evacuation: false,
    readings: 2,
    wishedStartMs: null,
    ...change,
  }
}

// Signs what is in force for a station, keeps it until something changes or it grows old, and can do each of it wrongly on demand.
import { createHash, sign } from 'node:crypto'
import type { Manifest, ProvinceItem } from '../../shared/domain/province.ts'
import type { EpochMs } from '../../shared/domain/time.ts'
import { manifestType, signatureAlgorithm } from '../../shared/province-contract.ts'
import type { Identity } from './identity.ts'
import type { Knobs } from './knobs.ts'
import type { ProvinceStore } from './province-store.ts'

export interface SignedManifest {
  readonly jws: string
  readonly etag: string
  readonly version: number
}

const validForMs = 24 * 3_600_000
/** Signed anew when less than this is left. */
const renewBeforeMs = 12 * 3_600_000

export class Manifests {
  readonly #store: ProvinceStore
  readonly #identity: Pick<Identity, 'signing' | 'wrong'>
  readonly #province: { readonly id: string; readonly name: string }
  readonly #kept = new Map<string, SignedManifest & { readonly untilMs: number; readonly signing: Knobs['signing'] }>()
  #version: number

  constructor(
    store: ProvinceStore,
    identity: Pick<Identity, 'signing' | 'wrong'>,
    province: { readonly id: string; readonly name: string },
  ) {
    this.#store = store
    this.#identity = identity
    this.#province = province
    this.#version = store.count('version')
  }

  get version(): number {
    return this.#version
  }

  /** Something changed: a new version for everybody. */
  changed(): number {
    this.#kept.clear()
    this.#version = this.#store.count('version')
    return this.#version
  }

  of(stationId: string, knobs: Knobs, nowMs: number): SignedManifest {
    const kept = this.#kept.get(stationId)
    if (knobs.signing === 'frozen' && kept !== undefined) return kept
    if (kept !== undefined && kept.signing === knobs.signing && kept.untilMs > nowMs) return kept
    if (kept !== undefined && kept.signing === 'right' && knobs.signing === 'right') this.#version = this.#store.count('version')
    const made = this.#sign(stationId, knobs, nowMs)
    this.#kept.set(stationId, { ...made, untilMs: nowMs + renewBeforeMs, signing: knobs.signing })
    return made
  }

  #sign(stationId: string, knobs: Knobs, nowMs: number): SignedManifest {
    const { signing } = knobs
    const issuedMs = nowMs + knobs.clockSkewMs - (signing === 'expired' ? 2 * validForMs : 0)
    // A wrong date must be met by a station that would take the number.
    if (signing === 'expired') this.#version = this.#store.count('version')
    const version = signing === 'rolledBack' ? 1 : this.#version
    const items: readonly ProvinceItem[] = signing === 'equivocating' ? [] : this.#store.items()
    const manifest: Manifest = {
      format: 1,
      provinceId: this.#province.id,
      provinceName: signing === 'equivocating' ? `${this.#province.name} (2)` : this.#province.name,
      stationId,
      version,
      issuedAtMs: issuedMs as EpochMs,
      expiresAtMs: (issuedMs + validForMs) as EpochMs,
      items: [...items],
    }
    const key = signing === 'unknownKey' ? this.#identity.wrong : this.#identity.signing
    const header = { alg: signing === 'algNone' ? 'none' : signatureAlgorithm, kid: key.kid, typ: manifestType }
    const signed = `${encode(header)}.${encode(manifest)}`
    const jws = `${signed}.${sign(null, Buffer.from(signed), key.key).toString('base64url')}`
    return { jws, version, etag: `"${createHash('sha256').update(jws).digest('hex').slice(0, 32)}"` }
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

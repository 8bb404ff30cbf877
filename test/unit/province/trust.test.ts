// What is believed: signatures over exact bytes by pinned keys (X2), and versions that never go back (N7, N8).
import { describe, expect, it } from 'vitest'
import { epochMs } from '../../../shared/domain/time.ts'
import { maxManifestBytes } from '../../../shared/province-contract.ts'
import { ManifestProver } from '../../../station/province/manifest-proof.ts'
import { judgeManifest, type ManifestHead, skewAllowedMs, type TrustMemory } from '../../../station/province/trust.ts'
import {
  bulletinOf,
  manifestOf,
  rightHeader,
  signingKey,
  signManifest,
  signText,
  signWithPublicKey,
} from '../../support/signed-manifests.ts'

const key = signingKey()
const other = signingKey()
const prover = new ManifestProver([{ kid: key.kid, publicKey: key.publicKey }])
const nowMs = Date.UTC(2026, 10, 21)
const manifest = manifestOf(nowMs, { items: [bulletinOf('a', nowMs)] })
const payload = JSON.stringify(manifest)
const withHeader = (change: object) => JSON.stringify({ alg: 'EdDSA', kid: key.kid, typ: 'truc-song-manifest+jws', ...change })

describe('X2: a manifest is proven or it is nothing', () => {
  it('opens what the province signed, and only that', async () => {
    const proof = await prover.prove(signManifest(key, manifest))
    expect(proof).toMatchObject({ kind: 'proven', manifest, hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
  })

  it.each([
    ['a page of a portal', '<html>Welcome</html>', 'unreadable'],
    ['nothing', '', 'unreadable'],
    ['more than any manifest may be', `${signManifest(key, manifest)}${' '.repeat(maxManifestBytes)}`, 'unreadable'],
    [
      'alg none, no signature',
      `${Buffer.from(withHeader({ alg: 'none' })).toString('base64url')}.${Buffer.from(payload).toString('base64url')}.`,
      'unreadable',
    ],
    ['alg none, some signature', signText(key, withHeader({ alg: 'none' }), payload), 'algorithm'],
    ['HS256 with the public key', signWithPublicKey(key, manifest), 'algorithm'],
    ['ES256 named', signText(key, withHeader({ alg: 'ES256' }), payload), 'algorithm'],
    ['a key that is not pinned', signText({ ...other, kid: 'key-2' }, rightHeader('key-2'), payload), 'unknownKey'],
    ['another key under the pinned name', signText(other, rightHeader(key.kid), payload), 'signature'],
    ['crit', signText(key, withHeader({ crit: ['b64'], b64: false }), payload), 'critical'],
    ['a key brought along', signText(key, withHeader({ jwk: { kty: 'OKP', crv: 'Ed25519', x: other.publicKey } }), payload), 'malformed'],
    ['another type', signText(key, withHeader({ typ: 'JWT' }), payload), 'malformed'],
    ['a header that says alg twice', signText(key, `{"alg":"none",${rightHeader(key.kid).slice(1)}`, payload), 'duplicateKeys'],
    ['a payload that says version twice', signText(key, rightHeader(key.kid), `{"version":9,${payload.slice(1)}`), 'duplicateKeys'],
    ['one item twice', signManifest(key, { ...manifest, items: [bulletinOf('a', nowMs), bulletinOf('a', nowMs)] }), 'duplicateKeys'],
    ['no manifest', signText(key, rightHeader(key.kid), '{"format":2}'), 'malformed'],
  ])('refuses %s', async (_what, jws, reason) => {
    expect(await prover.prove(jws)).toEqual({ kind: 'refused', reason })
  })

  it('refuses one flipped bit anywhere', async () => {
    const jws = signManifest(key, manifest)
    for (let at = 0; at < jws.length; at += 7) {
      const flipped = jws[at] === 'A' ? 'B' : 'A'
      if (jws[at] === '.' || at === jws.length - 1) continue
      expect((await prover.prove(jws.slice(0, at) + flipped + jws.slice(at + 1))).kind).toBe('refused')
    }
  })

  it('X5: a name that would be a path is text, a hash that would be a path is no manifest', async () => {
    const media = { sha256: 'a'.repeat(64), bytes: 1, mimeType: 'audio/wav', name: '..\\..\\CON/../../etc/passwd.' }
    const named = await prover.prove(signManifest(key, { ...manifest, items: [bulletinOf('a', nowMs, { media })] }))
    expect(named.kind).toBe('proven')
    for (const sha256 of ['../../etc/passwd', `${'a'.repeat(63)}/`, 'A'.repeat(64)]) {
      const forged = await prover.prove(
        signManifest(key, { ...manifest, items: [bulletinOf('a', nowMs, { media: { ...media, sha256 } })] }),
      )
      expect(forged).toEqual({ kind: 'refused', reason: 'malformed' })
    }
    for (const itemId of ['../x', 'a/b', 'a\\b', 'a b', '']) {
      const forged = await prover.prove(signManifest(key, { ...manifest, items: [bulletinOf(itemId, nowMs)] }))
      expect(forged).toEqual({ kind: 'refused', reason: 'malformed' })
    }
  })
})

describe('N8: versions', () => {
  const head = (version: number, hash: string, change: Partial<ManifestHead> = {}): ManifestHead => ({
    provinceId: 'p',
    provinceName: 'P',
    stationId: 'rig',
    version,
    hash,
    issuedAtMs: epochMs(nowMs),
    expiresAtMs: epochMs(nowMs + 1000),
    items: 0,
    ...change,
  })
  const at = { stationId: 'rig', nowMs: epochMs(nowMs), clockTrusted: true }
  const first = judgeManifest(null, head(5, 'h5'), at)
  const memory = (first as { memory: TrustMemory }).memory

  it('takes what is newer, knows what it has, refuses what is older or told twice', () => {
    expect(first.kind).toBe('accept')
    expect(judgeManifest(memory, head(6, 'h6'), at).kind).toBe('accept')
    expect(judgeManifest(memory, head(5, 'h5'), at)).toEqual({ kind: 'same' })
    expect(judgeManifest(memory, head(5, 'x'), at)).toEqual({ kind: 'refuse', reason: 'equivocation' })
    expect(judgeManifest(memory, head(4, 'h4'), at)).toEqual({ kind: 'refuse', reason: 'rolledBack' })
    expect(judgeManifest(memory, head(6, 'h6', { stationId: 'b' }), at)).toEqual({ kind: 'refuse', reason: 'wrongStation' })
  })

  it('N7, N11: refuses what is past its date or from the future, by a trusted clock only', () => {
    const expired = head(6, 'h6', { expiresAtMs: epochMs(nowMs) })
    const future = head(6, 'h6', { issuedAtMs: epochMs(nowMs + skewAllowedMs + 1) })
    expect(judgeManifest(memory, expired, at)).toEqual({ kind: 'refuse', reason: 'expired' })
    expect(judgeManifest(memory, future, at)).toEqual({ kind: 'refuse', reason: 'notYetValid' })
    for (const one of [expired, future]) expect(judgeManifest(memory, one, { ...at, clockTrusted: false }).kind).toBe('accept')
  })
})

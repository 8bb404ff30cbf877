// Who the province is: an authority of its own with a certificate for loopback, keys that sign manifests, and a token per station. All of
// it is made at the first start, from random bits, and kept with 0600; there is no default.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** How the server shows itself: as it should, past its end, before its beginning, or under another name. */
export const certificateKinds = ['right', 'expired', 'notYetValid', 'wrongHost'] as const
export type CertificateKind = (typeof certificateKinds)[number]

export interface Certificate {
  readonly key: string
  readonly cert: string
}

export interface Identity {
  readonly caFile: string
  /** All of the same authority. */
  readonly tls: Readonly<Record<CertificateKind, Certificate>>
  /** Signs manifests; `wrong` is one that no station has heard of. */
  readonly signing: { readonly kid: string; readonly key: KeyObject; readonly publicKey: string }
  readonly wrong: { readonly kid: string; readonly key: KeyObject }
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const dayMs = 86_400_000
const validForMs = 10 * 365 * dayMs

export async function openIdentity(folder: string): Promise<Identity> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const caFile = join(folder, 'ca.pem')
  const file = (kind: CertificateKind) => join(folder, kind === 'right' ? 'tls.pem' : `tls-${kind}.pem`)
  if (![caFile, ...certificateKinds.map(file)].every((path) => existsSync(path))) {
    const made = await makeCertificates()
    for (const kind of certificateKinds) keep(file(kind), made.tls[kind])
    keep(caFile, made.ca)
  }
  const read = (kind: CertificateKind): Certificate => {
    const text = readFileSync(file(kind), 'utf8')
    const split = text.indexOf('-----BEGIN CERTIFICATE')
    return { key: text.slice(0, split), cert: text.slice(split) }
  }
  const key = signingKey(join(folder, 'signing-key.pem'))
  const publicKey = String(createPublicKey(key).export({ format: 'jwk' }).x)
  const wrong = generateKeyPairSync('ed25519').privateKey
  return {
    caFile,
    tls: { right: read('right'), expired: read('expired'), notYetValid: read('notYetValid'), wrongHost: read('wrongHost') },
    signing: { kid: publicKey.slice(0, 8), key, publicKey },
    wrong: { kid: 'unheard-of', key: wrong },
  }
}

/** The bearer token of a station, in a file that its configuration names. */
export function openToken(folder: string, stationId: string): { readonly token: string; readonly file: string } {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `token-${stationId.replaceAll(/[^A-Za-z0-9_-]/g, '_')}`)
  if (!existsSync(file)) keep(file, randomBytes(32).toString('base64url'))
  return { token: readFileSync(file, 'utf8').trim(), file }
}

function signingKey(path: string): KeyObject {
  if (!existsSync(path)) keep(path, String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' })))
  return createPrivateKey(readFileSync(path, 'utf8'))
}

async function makeCertificates(): Promise<{ readonly ca: string; readonly tls: Readonly<Record<CertificateKind, string>> }> {
  cryptoProvider.set(globalThis.crypto)
  const nowMs = Date.now()
  const span = (fromMs: number, toMs: number) => ({ notBefore: new Date(nowMs + fromMs), notAfter: new Date(nowMs + toMs) })
  const caKeys = await globalThis.crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
  const ca = await X509CertificateGenerator.createSelfSigned({
    serialNumber: randomBytes(8).toString('hex'),
    name: 'CN=Trực Sóng training province',
    ...span(-60 * dayMs, validForMs),
    signingAlgorithm: ecdsa,
    keys: caKeys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  })
  const make = async (valid: { readonly notBefore: Date; readonly notAfter: Date }, names: readonly JsonGeneralName[]) => {
    const keys = await globalThis.crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
    const cert = await X509CertificateGenerator.create({
      serialNumber: randomBytes(8).toString('hex'),
      subject: 'CN=province',
      issuer: ca.subject,
      ...valid,
      signingAlgorithm: ecdsa,
      publicKey: keys.publicKey,
      signingKey: caKeys.privateKey,
      extensions: [
        new BasicConstraintsExtension(false),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([...names]),
      ],
    })
    const pkcs8 = Buffer.from(await globalThis.crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
    const lines = pkcs8.match(/.{1,64}/g) ?? []
    return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n${cert.toString('pem')}\n`
  }
  const here: readonly JsonGeneralName[] = [
    { type: 'dns', value: 'localhost' },
    { type: 'ip', value: '127.0.0.1' },
  ]
  const tls = {
    right: await make(span(-dayMs, validForMs), here),
    expired: await make(span(-30 * dayMs, -dayMs), here),
    notYetValid: await make(span(dayMs, validForMs), here),
    wrongHost: await make(span(-dayMs, validForMs), [{ type: 'dns', value: 'tinh-khac.example' }]),
  }
  return { ca: `${ca.toString('pem')}\n`, tls }
}

function keep(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 })
}

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
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

export interface Identity {
  readonly caFile: string
  readonly tls: { readonly key: string; readonly cert: string }
  /** Signs manifests; `wrong` is one that no station has heard of. */
  readonly signing: { readonly kid: string; readonly key: KeyObject; readonly publicKey: string }
  readonly wrong: { readonly kid: string; readonly key: KeyObject }
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const validForMs = 10 * 365 * 86_400_000

export async function openIdentity(folder: string): Promise<Identity> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const caFile = join(folder, 'ca.pem')
  const tlsFile = join(folder, 'tls.pem')
  if (!existsSync(caFile) || !existsSync(tlsFile)) {
    const made = await makeCertificates()
    keep(tlsFile, made.tls)
    keep(caFile, made.ca)
  }
  const tls = readFileSync(tlsFile, 'utf8')
  const split = tls.indexOf('-----BEGIN CERTIFICATE')
  const key = signingKey(join(folder, 'signing-key.pem'))
  const publicKey = String(createPublicKey(key).export({ format: 'jwk' }).x)
  const wrong = generateKeyPairSync('ed25519').privateKey
  return {
    caFile,
    tls: { key: tls.slice(0, split), cert: tls.slice(split) },
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

async function makeCertificates(): Promise<{ readonly ca: string; readonly tls: string }> {
  cryptoProvider.set(globalThis.crypto)
  const notBefore = new Date(Date.now() - 86_400_000)
  const notAfter = new Date(Date.now() + validForMs)
  const caKeys = await globalThis.crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
  const ca = await X509CertificateGenerator.createSelfSigned({
    serialNumber: randomBytes(8).toString('hex'),
    name: 'CN=Trực Sóng training province',
    notBefore,
    notAfter,
    signingAlgorithm: ecdsa,
    keys: caKeys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  })
  const keys = await globalThis.crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
  const cert = await X509CertificateGenerator.create({
    serialNumber: randomBytes(8).toString('hex'),
    subject: 'CN=localhost',
    issuer: ca.subject,
    notBefore,
    notAfter,
    signingAlgorithm: ecdsa,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    extensions: [
      new BasicConstraintsExtension(false),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  })
  const pkcs8 = Buffer.from(await globalThis.crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const lines = pkcs8.match(/.{1,64}/g) ?? []
  const keyPem = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`
  return { ca: `${ca.toString('pem')}\n`, tls: `${keyPem}${cert.toString('pem')}\n` }
}

function keep(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 })
}

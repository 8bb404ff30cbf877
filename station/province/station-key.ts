// The station's own Ed25519 key: it signs what is laid down where others can write, so that whoever has the public half can tell rows
// that this station wrote from rows that anybody with the stick could have written. The private half never leaves the data folder.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { signatureAlgorithm, stationSignatureType } from '../../shared/province-contract.ts'
import { syncFolder } from '../durable-folder.ts'

export interface StationKey {
  /** The first 16 digits of the SHA-256 of the public key: short enough to be read out over the telephone. */
  readonly kid: string
  /** 32 bytes, base64url. */
  readonly publicKey: string
  /** A detached JWS (RFC 7515, appendix F): the header, two dots, the signature. The same text gets the same. */
  sign(text: string): string
  /** own: by this key and right · wrong: says that it is by this key and is not · other: by another key, or no signature of this kind. */
  judge(text: string, detached: string): 'own' | 'wrong' | 'other'
}

const detachedForm = /^([A-Za-z0-9_-]+)\.\.([A-Za-z0-9_-]+)$/

/** @param pem PKCS #8, as `readStationKey` answers it */
export function stationKey(pem: string): StationKey {
  const secret = createPrivateKey(pem)
  const open = createPublicKey(secret)
  const publicKey = String(open.export({ format: 'jwk' }).x)
  const kid = createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex').slice(0, 16)
  const header = encoded(JSON.stringify({ alg: signatureAlgorithm, kid, typ: stationSignatureType }))
  return {
    kid,
    publicKey,
    sign: (text) => `${header}..${sign(null, Buffer.from(`${header}.${encoded(text)}`), secret).toString('base64url')}`,
    judge(text, detached) {
      const [, head = '', signature = ''] = detachedForm.exec(detached) ?? []
      if (head !== header) return 'other'
      return isRight(open, `${head}.${encoded(text)}`, signature) ? 'own' : 'wrong'
    },
  }
}

/** The key in this file (PKCS #8 PEM, 0600), made where there is none. One that is no key is laid aside: rows are worth more than it. */
export async function readStationKey(path: string): Promise<string> {
  const found = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (found !== null && isKey(found)) return found
  if (found !== null) await rename(path, `${path}.damaged`)
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await rm(`${path}.part`, { force: true })
  const file = await open(`${path}.part`, 'wx', 0o600)
  try {
    await file.writeFile(pem)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.part`, path)
  await syncFolder(dirname(path))
  return pem
}

function isKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'ed25519'
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}

function isRight(key: KeyObject, text: string, signature: string): boolean {
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'))
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64url')
}

// PINs as argon2id (RFC 9106), with Node's own implementation: it runs in the thread pool, so nothing waits for it.
import { argon2, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane; about 45 ms here. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const
const hashBytes = 32
const saltBytes = 16

/** Six random digits. */
export function newPin(): string {
  return String(randomInt(1_000_000)).padStart(6, '0')
}

/** `argon2id$memory$passes$lanes$salt$hash`, base64url. */
export async function hashPin(pin: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  const hash = await derive(pin, salt, cost)
  return ['argon2id', cost.memory, cost.passes, cost.parallelism, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** False too where `stored` was not made by `hashPin`. */
export async function pinMatches(pin: string, stored: string): Promise<boolean> {
  const [algorithm, memory, passes, parallelism, salt, hash] = stored.split('$')
  if (algorithm !== 'argon2id' || salt === undefined || hash === undefined) return false
  const wanted = Buffer.from(hash, 'base64url')
  const made = await derive(pin, Buffer.from(salt, 'base64url'), {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  })
  return made.length === wanted.length && timingSafeEqual(made, wanted)
}

function derive(pin: string, nonce: Buffer, settings: { memory: number; passes: number; parallelism: number }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message: pin, nonce, tagLength: hashBytes, ...settings }, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

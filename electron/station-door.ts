// The way into a running station over its outside doors: its announcement file, health, a sign-in code, and the few orders
// of the safe page. Plain fetch, so it runs (and is tested) without Electron.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

export const ReadyLine = z.object({ event: z.literal('ready'), url: z.url(), token: z.string(), pid: z.number().int() })
export type ReadyLine = z.infer<typeof ReadyLine>

/** Sends a request with the right to do so: a bearer token here, the window's cookie where the shell has no token. */
export type AuthorisedFetch = (path: string, init?: RequestInit) => Promise<Response>

const answersWithinMs = 3000
const orderWithinMs = 5000

export function bearerFetch(station: ReadyLine): AuthorisedFetch {
  return (path, init = {}) =>
    fetch(new URL(path, station.url), {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${station.token}` },
      signal: init.signal ?? AbortSignal.timeout(orderWithinMs),
    })
}

/** The station that runs on this data folder, or null. Its file outlives a crash, so it is asked. */
export async function findRunning(dataDir: string): Promise<ReadyLine | null> {
  let text: string
  try {
    text = await readFile(join(dataDir, 'station.json'), 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw cause
  }
  const station = parseReadyLine(text)
  return station !== null && (await isAlive(station.url)) ? station : null
}

/** One line of the station's stdout, or null when it is something else. */
export function parseReadyLine(text: string): ReadyLine | null {
  try {
    const parsed = ReadyLine.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch (cause) {
    if (cause instanceof SyntaxError) return null
    throw cause
  }
}

export async function isAlive(url: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(answersWithinMs) })
    await answer.arrayBuffer()
    return true
  } catch {
    // Refused, reset or silent: whatever the words, nobody can be reached there.
    return false
  }
}

/** Address to open in the window: the code works once and is exchanged for a cookie by the page. */
export async function signInUrl(station: ReadyLine): Promise<string> {
  const answer = await bearerFetch(station)('/api/v1/session/codes', json({}))
  if (!answer.ok) throw new Error(`no sign-in code: HTTP ${answer.status}`)
  const { code } = z.object({ code: z.string() }).parse(await answer.json())
  return `${station.url.replace(/\/$/, '')}/#code=${encodeURIComponent(code)}`
}

export interface OrderResult {
  readonly done: boolean
  /** For the operator, in Vietnamese. */
  readonly words: string
}

/** Silences every loudspeaker; latches. */
export function orderStop(send: AuthorisedFetch): Promise<OrderResult> {
  return order(send, '/api/v1/onair/stop', { via: 'screen' }, 'Đã ngắt tiếng toàn bộ loa')
}

/** Opens every microphone over the programme, with the rank of an alert. */
export async function orderMicrophone(send: AuthorisedFetch, open: boolean): Promise<OrderResult> {
  const inputs = await microphones(send)
  if (inputs === null) return { done: false, words: 'Không hỏi được đài: chưa làm gì' }
  if (inputs.length === 0) return { done: false, words: 'Đài chưa cấu hình micrô nào' }
  const results: OrderResult[] = []
  for (const inputId of inputs) {
    const path = `/api/v1/onair/inputs/${encodeURIComponent(inputId)}/${open ? 'open' : 'close'}`
    results.push(
      await order(send, path, open ? { emergency: true, via: 'screen' } : { via: 'screen' }, open ? 'Micrô đang mở' : 'Micrô đã đóng'),
    )
  }
  return results.find((result) => !result.done) ?? results[0] ?? { done: false, words: 'Đài chưa cấu hình micrô nào' }
}

async function microphones(send: AuthorisedFetch): Promise<string[] | null> {
  try {
    const answer = await send('/api/v1/station')
    const Slice = z.object({ inputs: z.array(z.object({ inputId: z.string(), kind: z.string() })) })
    const parsed = Slice.safeParse(await answer.json())
    return parsed.success ? parsed.data.inputs.filter((input) => input.kind === 'microphone').map((input) => input.inputId) : null
  } catch {
    return null
  }
}

/** Never throws: what could not be sent, and what was refused, is said in words. */
async function order(send: AuthorisedFetch, path: string, body: object, words: string): Promise<OrderResult> {
  try {
    const answer = await send(path, json(body))
    if (answer.ok) return { done: true, words }
    const refused = z.object({ data: z.object({ code: z.string() }) }).safeParse(await answer.json().catch(() => null))
    return { done: false, words: `Đài từ chối: ${refused.success ? refused.data.data.code : `HTTP ${answer.status}`}` }
  } catch {
    return { done: false, words: 'Không tới được đài. Dùng phím khẩn cấp hoặc ngắt máy phát bằng tay.' }
  }
}

function json(body: object): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

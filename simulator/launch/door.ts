// The way into a running station: its address with a one-time code in the fragment, which the page exchanges for a cookie.
// A code works once; asking again gives another, so `npm start` beside a running district opens a second window on it.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { PersonWithPin } from '../../shared/domain/people.ts'
import { ReadyLine } from './station-keeper.ts'

const answersWithinMs = 3000
/** Who pressed Ctrl+C waits for this. */
const airWithinMs = 1000

/** Address to open in a browser. */
export async function signInUrl(station: ReadyLine): Promise<string> {
  const answer = await fetch(new URL('/api/v1/session/codes', station.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${station.token}`, 'content-type': 'application/json' },
    body: '{}',
    signal: AbortSignal.timeout(answersWithinMs),
  })
  if (!answer.ok) throw new Error(`the station gave no sign-in code (HTTP ${answer.status})`)
  const { code } = z.object({ code: z.string() }).parse(await answer.json())
  return `${station.url.replace(/\/$/, '')}/#code=${encodeURIComponent(code)}`
}

/** PINs that a new training station made for its people; it tells them once, so whoever asks must show them. */
export async function firstPins(station: ReadyLine): Promise<readonly PersonWithPin[]> {
  const answer = await fetch(new URL('/api/v1/people/first-pins', station.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${station.token}`, 'content-type': 'application/json' },
    body: '{}',
    signal: AbortSignal.timeout(answersWithinMs),
  })
  if (!answer.ok) throw new Error(`the station told no PINs (HTTP ${answer.status})`)
  return z.array(PersonWithPin).parse(await answer.json())
}

/** Whether an alert is read or a microphone is open; a station that does not answer in time holds nothing that could be asked about. */
export async function holdsAir(station: ReadyLine): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/api/v1/onair', station.url), {
      headers: { authorization: `Bearer ${station.token}` },
      signal: AbortSignal.timeout(airWithinMs),
    })
    const outputs = z.array(z.object({ phase: z.string() })).safeParse(await answer.json())
    return outputs.success && outputs.data.some(({ phase }) => phase === 'cutIn' || phase === 'liveInput')
  } catch (cause) {
    if (cause instanceof TypeError || cause instanceof SyntaxError || cause instanceof DOMException) return false
    throw cause
  }
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
  const parsed = ReadyLine.safeParse({ event: 'ready', ...parseJson(text) })
  if (!parsed.success) return null
  return (await isAlive(parsed.data)) ? parsed.data : null
}

async function isAlive(station: ReadyLine): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/healthz', station.url), { signal: AbortSignal.timeout(answersWithinMs) })
    await answer.arrayBuffer()
    return true
  } catch (cause) {
    // Refused or silent: nobody lives there. Anything else is our own mistake.
    if (cause instanceof TypeError || (cause instanceof DOMException && cause.name === 'TimeoutError')) return false
    throw cause
  }
}

function parseJson(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? value : {}
  } catch (cause) {
    if (cause instanceof SyntaxError) return {}
    throw cause
  }
}

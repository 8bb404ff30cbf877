// A window of the control room as the station sees it: a cookie that a one-time code was exchanged for, a WebSocket, and any
// procedure of the contract by its name.
import { once } from 'node:events'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { WebSocket } from 'ws'
import type { PersonWithPin } from '../../shared/domain/people.ts'

interface Door {
  readonly url: string
  api<T>(method: string, path: string, body?: unknown): Promise<T>
}

export interface StationWindow {
  /** By its name in the contract, such as `onair.stop`. */
  call<T = unknown>(operation: string, input?: unknown): Promise<T>
  /** A door that is no procedure, with this window's cookie. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  signIn(who: PersonWithPin): Promise<void>
  close(): void
}

export async function openWindow(station: Door): Promise<StationWindow> {
  const { code } = await station.api<{ code: string }>('POST', '/session/codes', {})
  const answer = await fetch(new URL('/api/v1/session/exchange', station.url), { method: 'POST', body: JSON.stringify({ code }) })
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const socket = new WebSocket(`${station.url.replace('http', 'ws')}/rpc`, { headers: { cookie } })
  await once(socket, 'open')
  const client = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })) as unknown
  const call = <T>(operation: string, input?: unknown) => {
    let target = client
    for (const part of operation.split('.')) target = (target as Record<string, unknown>)[part]
    return (target as (input: unknown) => Promise<T>)(input)
  }
  return {
    call,
    fetch: (path, init = {}) => fetch(new URL(path, station.url), { ...init, headers: { cookie } }),
    signIn: async ({ person, pin }) => void (await call('session.signIn', { personId: person.personId, pin })),
    close: () => socket.close(),
  }
}

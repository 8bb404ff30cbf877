// The typed client of the station's contract over one WebSocket, and the one place where a refusal is recognised: by
// code, never by message text.
import { createORPCClient, ORPCError } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract, Refusal } from '../../shared/rpc/contract.ts'

export type StationClient = ContractRouterClient<Contract>

export function clientOver(websocket: WebSocket): StationClient {
  return createORPCClient(new RPCLink({ websocket }))
}

/** What became of an order that did not go through. `OFFLINE`: it never left, or nobody answered. */
export interface OrderFailure {
  readonly code: string
  readonly detail: Refusal['detail']
}

export function failureOf(error: unknown): OrderFailure {
  if (error instanceof ORPCError) {
    const data: unknown = error.data
    if (isRefusal(data)) return data
    return {
      code: error.code === 'UNAUTHORIZED' ? 'UNAUTHORIZED' : error.code === 'BAD_REQUEST' ? 'INVALID_INPUT' : 'UNEXPECTED',
      detail: {},
    }
  }
  return { code: 'OFFLINE', detail: {} }
}

function isRefusal(data: unknown): data is Refusal {
  return typeof data === 'object' && data !== null && 'code' in data && typeof data.code === 'string' && 'detail' in data
}

// A refusal of the fake station, as the station's door words it.
import { ORPCError } from '@orpc/server'

export function refuse(code: string, detail: Readonly<Record<string, string | number>> = {}): ORPCError<'REFUSED', unknown> {
  return new ORPCError('REFUSED', { defined: true, status: 409, message: code, data: { code, detail } })
}

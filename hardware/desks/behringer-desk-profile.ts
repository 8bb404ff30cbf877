// What differs between the desks of the Behringer/Midas OSC family, as data. The driver is one; a desk is a profile.
import type { OscMessage } from '../framing/osc.ts'

/** OSC addresses of one channel strip. */
export interface ChannelAddresses {
  /** `,f` 0..1 by the fader law. */
  readonly fader: string
  /** `,i` 1 = open, 0 = muted. */
  readonly on: string
  /** `,s` scribble strip; null where the desk has none. */
  readonly name: string | null
}

export interface DeskProfile {
  readonly model: 'X32/M32' | 'X-Air'
  /** null: this desk has no such channel. */
  channelAddresses(channel: string): ChannelAddresses | null
  /** Meter pages to subscribe to; a subscription ends after 10 s. */
  readonly meterPages: readonly string[]
  /** Levels by channel in dBFS, or null when the blob is not what the document says. */
  decodeMeters(page: string, blob: Uint8Array): Readonly<Record<string, number>> | null
}

/** What one message from the desk says. */
export type DeskReport =
  | { readonly kind: 'value'; readonly address: string; readonly value: number | string }
  | { readonly kind: 'alive'; readonly model: string; readonly firmware: string }
  | { readonly kind: 'meters'; readonly page: string; readonly blob: Uint8Array }
  | { readonly kind: 'other' }

/** Reads one message; what it does not know is `other`, and still a sign of life. */
export function readReport(message: OscMessage): DeskReport {
  const [first, , third, fourth] = message.args
  if (message.address === '/info') {
    const text = (argument: typeof first) => (argument?.type === 's' ? argument.value : '')
    return { kind: 'alive', model: text(third), firmware: text(fourth) }
  }
  if (message.address.startsWith('/meters/') && first?.type === 'b') return { kind: 'meters', page: message.address, blob: first.value }
  if (message.args.length === 1 && first !== undefined && first.type !== 'b') {
    return { kind: 'value', address: message.address, value: first.value }
  }
  return { kind: 'other' }
}

/** Lowest level shown, dBFS: the noise of the converters, and a number JSON can carry. */
export const levelFloorDb = -120

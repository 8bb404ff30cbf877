// The only messages between a page and the shell. The sender is checked for each: window, main frame, origin (guards.ts).
import { isTrustedSender, type Sender } from './guards.ts'
import { type AuthorisedFetch, orderMicrophone, type OrderResult, orderStop } from './station-door.ts'

export const channels = { stop: 'shell:stop', microphone: 'shell:microphone', retry: 'shell:retry' } as const

/** What a page sees as `window.trucSongShell`. */
export interface ShellApi {
  readonly stop: () => Promise<OrderResult>
  readonly microphone: (open: boolean) => Promise<OrderResult>
  /** Loads the control room again. */
  readonly retry: () => Promise<void>
}

export interface IpcContext {
  stationOrigin(): string | null
  /** null: no station is known at this moment. */
  station(): AuthorisedFetch | null
  retryWindow(): void
  onRefused(channel: string, frameUrl: string | null): void
}

export class UntrustedSenderError extends Error {}

const unreachable: OrderResult = { done: false, words: 'Không tới được đài. Dùng phím khẩn cấp hoặc ngắt máy phát bằng tay.' }

/** One handler per channel; each throws for an untrusted sender, before anything else is looked at. */
export function ipcHandlers(context: IpcContext): Readonly<Record<string, (sender: Sender, argument: unknown) => Promise<unknown>>> {
  const guarded = (channel: string, handle: (argument: unknown) => Promise<unknown>) => async (sender: Sender, argument: unknown) => {
    if (!isTrustedSender(sender, context.stationOrigin())) {
      context.onRefused(channel, sender.frameUrl)
      throw new UntrustedSenderError('refused')
    }
    return handle(argument)
  }
  return {
    [channels.stop]: guarded(channels.stop, async () => {
      const send = context.station()
      return send === null ? unreachable : orderStop(send)
    }),
    [channels.microphone]: guarded(channels.microphone, async (open) => {
      if (typeof open !== 'boolean') throw new TypeError('open: boolean')
      const send = context.station()
      return send === null ? unreachable : orderMicrophone(send, open)
    }),
    [channels.retry]: guarded(channels.retry, async () => context.retryWindow()),
  }
}

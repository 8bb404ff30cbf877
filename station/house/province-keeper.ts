// Keeps the province area running where a province is configured: what cannot be started (an authority or a token that cannot be read,
// a store that does not answer) is one alarm with its remedy, is tried again, and the alarm ends when it runs. The station is whole
// without it, and its rows wait in the outbox from the first boot on.
import type { Timer } from '../../shared/domain/clock.ts'
import { noProvince, type ProvinceSlice } from '../../shared/domain/province.ts'
import { ProvinceService } from '../province/index.ts'
import { type ProvinceParts, portsOf, ProvinceSetupError } from './province.ts'

const againAfterMs = 5000
/** The start of the station waits no longer for it. */
const waitedMs = 5000

export interface ProvinceKeeper {
  /** null = none is configured, or it could not be started yet. */
  readonly service: ProvinceService | null
  slice(): ProvinceSlice
  close(): Promise<void>
}

/** Answers when the first attempt has a service or has failed: whoever may call the station finds it there; the store is not waited for. */
export async function keepProvince(parts: ProvinceParts): Promise<ProvinceKeeper> {
  const { config, store, alarms, log, clock } = parts
  const { adapter } = config.province
  let service: ProvinceService | null = null
  let again: Timer | null = null
  let beginning: Promise<void> = Promise.resolve()
  let closed = false
  let why: string | null = null
  const first = Promise.withResolvers<void>()

  async function begin(): Promise<void> {
    let made: ProvinceService | null = null
    try {
      if (adapter === 'none') first.resolve()
      const opened = store.outbox.open(adapter !== 'none')
      // Awaited below; what fails before it is told first.
      opened.catch(() => undefined)
      const ports = adapter === 'none' ? null : await portsOf(parts, adapter)
      if (ports !== null && !closed) {
        made = new ProvinceService(ports)
        service = made
        first.resolve()
      }
      await opened
      await made?.start()
      why = null
      alarms.clear('PROVINCE_NOT_STARTED', 'province')
      parts.onChanged()
    } catch (error) {
      service = null
      await made?.close()
      failed(error)
      first.resolve()
    }
  }

  /** The alarm speaks of what is wrong now. */
  function failed(error: unknown): void {
    const { reason, what } = error instanceof ProvinceSetupError ? error : { reason: 'store', what: String(error) }
    log.error({ error: String(error), reason }, 'province not started')
    if (closed) return
    again = clock.after(againAfterMs, () => {
      beginning = begin()
    })
    if (adapter === 'none') return
    if (why !== `${reason} ${what}`) alarms.clear('PROVINCE_NOT_STARTED', 'province')
    why = `${reason} ${what}`
    alarms.raise('PROVINCE_NOT_STARTED', 'province', { reason, what })
    parts.onChanged()
  }

  beginning = begin()
  // A file of it may lie on a disk or a net that does not answer.
  const waited = clock.after(waitedMs, first.resolve)
  await first.promise
  waited.cancel()
  return {
    get service() {
      return service
    },
    slice() {
      if (service !== null) return service.slice()
      if (adapter === 'none') return noProvince
      const link = why === null ? { ...noProvince.link, state: 'connecting' as const } : notStarted
      return { ...noProvince, adapter, link }
    },
    async close() {
      closed = true
      again?.cancel()
      await service?.close()
      await beginning
    },
  }
}

const notStarted: ProvinceSlice['link'] = { ...noProvince.link, state: 'unreachable', reason: 'notStarted' }

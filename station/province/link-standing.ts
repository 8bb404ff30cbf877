// How the link stands and since when: heard and believed, heard and refused, or not heard. One alarm and one row for one trouble,
// however often it is met.
import type { ProvinceSlice, TrustRefusal } from '../../shared/domain/province.ts'
import type { EpochMs } from '../../shared/domain/time.ts'
import { isImpostor, LinkError, type LinkErrorCode } from './adapter.ts'
import type { ProvincePorts } from './ports.ts'
import { isSecurity } from './trust.ts'

/** A province that does not answer for this long is an alarm, ms (UX.md). */
const silentAlarmMs = 15 * 60_000

export class LinkStanding {
  readonly #ports: ProvincePorts
  #state: ProvinceSlice['link']['state'] = 'connecting'
  #reason: string | null = null
  #lastContactAtMs: EpochMs | null = null
  #lastAttemptAtMs: EpochMs | null = null
  #silentSinceMs: number
  /** In this boot. */
  #heard = false
  #refusal: ProvinceSlice['refusal'] = null
  /** What is wrong with the certificate that is shown to us; null = nothing. */
  #impostor: LinkErrorCode | null = null

  constructor(ports: ProvincePorts) {
    this.#ports = ports
    this.#silentSinceMs = ports.clock.monotonic()
  }

  get view(): Omit<ProvinceSlice['link'], 'nextAttemptAtMs'> {
    return {
      state: this.#state,
      reason: this.#reason,
      lastContactAtMs: this.#lastContactAtMs,
      lastAttemptAtMs: this.#lastAttemptAtMs,
    }
  }

  get refusal(): ProvinceSlice['refusal'] {
    return this.#refusal
  }

  asking(): void {
    this.#lastAttemptAtMs = this.#ports.clock.now()
  }

  /** It answered as itself. */
  contact(): void {
    this.#heard = true
    this.#lastContactAtMs = this.#ports.clock.now()
    this.#silentSinceMs = this.#ports.clock.monotonic()
    this.#impostor = null
    this.#ports.alarms.clear('PROVINCE_CERTIFICATE', 'province')
    this.#ports.alarms.clear('PROVINCE_UNREACHABLE', 'province')
    this.#ports.alarms.clear('PROVINCE_FOLDER_ABSENT', 'province')
    this.#ports.onChanged()
  }

  /** What it said is believed. Answers whether it was away before. */
  believed(): boolean {
    this.contact()
    this.#refusal = null
    this.#ports.alarms.clear('PROVINCE_MANIFEST_REFUSED', 'province')
    this.#ports.alarms.clear('PROVINCE_LINK_FAILED', 'province')
    const wasAway = this.#state !== 'ok'
    this.#state = 'ok'
    this.#reason = null
    return wasAway
  }

  refused(reason: TrustRefusal, version: number | null, from: string): void {
    this.#state = 'refused'
    this.#reason = reason
    if (this.#refusal?.reason === reason && this.#refusal.version === version) return
    this.#refusal = { reason, version, atMs: this.#ports.clock.now() }
    if (isSecurity(reason)) {
      this.#ports.alarms.clear('PROVINCE_MANIFEST_REFUSED', 'province')
      this.#ports.alarms.raise('PROVINCE_MANIFEST_REFUSED', 'province', { reason, version: version ?? 0 })
    }
    this.#note(from, { reason, ...(version === null ? {} : { version }) })
  }

  failed(error: unknown, from: string): void {
    const code = error instanceof LinkError ? error.code : 'store'
    const impostor = code !== 'store' && isImpostor(code)
    this.#state = code === 'refused' || impostor ? 'refused' : 'unreachable'
    this.#reason = code
    if (!(error instanceof LinkError)) this.#ports.trouble.warn({ error: String(error) }, 'manifest not kept')
    // A folder that was never there in this boot is a path to mend, or a stick to plug in: no silence to wait for.
    if (code === 'unreachable' && !this.#heard) this.#folderAbsent()
    if (!impostor || this.#impostor === code) return
    this.#impostor = code
    this.#ports.alarms.clear('PROVINCE_CERTIFICATE', 'province')
    this.#ports.alarms.raise('PROVINCE_CERTIFICATE', 'province', { reason: code })
    this.#note(from, { reason: code })
  }

  /** Silence grows by itself. */
  look(): void {
    const silentMs = this.#ports.clock.monotonic() - this.#silentSinceMs
    if (silentMs < silentAlarmMs) this.#ports.alarms.clear('PROVINCE_UNREACHABLE', 'province')
    else if (!this.#folderAbsent()) this.#ports.alarms.raise('PROVINCE_UNREACHABLE', 'province', { reason: this.#reason ?? '' })
  }

  /** A network is looked after otherwise than a stick. Answers whether the province is a folder. */
  #folderAbsent(): boolean {
    const { adapter, folder } = this.#ports.config.province
    if (adapter !== 'folder') return false
    this.#ports.alarms.raise('PROVINCE_FOLDER_ABSENT', 'province', { folder: folder ?? '' })
    return true
  }

  #note(from: string, why: Readonly<Record<string, string | number>>): void {
    this.#ports.log.note({
      kind: 'province.manifest',
      actor: 'province',
      outputId: null,
      subject: from,
      measured: { accepted: false, ...why },
    })
  }
}

// The province in operation: asks it, believes only what is proven, tells it what happened here, and shows how old everything is.
// It has a worker and timers of its own; nothing on the way to air waits for it, and without it the station is a whole station.
import type { Timer } from '../../shared/domain/clock.ts'
import { assertNever } from '../../shared/domain/assert-never.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { CartId } from '../../shared/domain/ids.ts'
import type { IncomingView, PlaceChoice, ProvinceItem, ProvinceSlice } from '../../shared/domain/province.ts'
import { type EpochMs, epochMs } from '../../shared/domain/time.ts'
import type { DoorbellState } from './adapter.ts'
import { IncomingDesk } from './incoming-desk.ts'
import { wantsOf } from './incoming-wants.ts'
import type { Link } from './link.ts'
import { LinkStanding } from './link-standing.ts'
import type { PullOutcome } from './link-protocol.ts'
import { MediaQueue } from './media-queue.ts'
import { MediaSweep } from './media-sweep.ts'
import { OutboxCourier } from './outbox-courier.ts'
import type { ProvincePorts } from './ports.ts'
import { type PullEvent, pullIdle, type PullState, pullTransition } from './pull-machine.ts'
import { isStale, type TrustMemory } from './trust.ts'
import { Witness } from './witness.ts'

const tickMs = 5000
const trustSetting = 'province.trust'

/** `complete` false: a boot ended before every item of this version was on the disk. */
interface KeptTrust {
  readonly memory: TrustMemory
  readonly complete: boolean
}

export class ProvinceService {
  readonly #ports: ProvincePorts
  readonly #link: Link
  readonly #desk: IncomingDesk
  readonly #media: MediaQueue
  readonly #sweep: MediaSweep
  readonly #outbox: OutboxCourier
  readonly #standing: LinkStanding
  readonly #witness: Witness
  #pull: PullState = pullIdle
  #wait: Timer | null = null
  #waitUntilMs: EpochMs | null = null
  #tick: Timer | null = null
  #ticking = false
  #closed = false
  #memory: TrustMemory | null = null
  #known = false
  #doorbell: DoorbellState = { state: 'off', reason: null }

  constructor(ports: ProvincePorts) {
    this.#ports = ports
    this.#standing = new LinkStanding(ports)
    this.#link = ports.openLink({
      onNudge: () => this.#step({ kind: 'nudge', atMs: ports.clock.monotonic() }),
      onDoorbell: (doorbell) => {
        this.#doorbell = doorbell
        ports.onChanged()
      },
      onProgress: (sha256, haveBytes) => this.#media.progress(sha256, haveBytes),
      onTrouble: (message) => {
        ports.trouble.error({ error: message }, 'province link')
        ports.alarms.raise('PROVINCE_LINK_FAILED', 'province', { reason: message.split('\n')[0] ?? '' })
      },
    })
    this.#desk = new IncomingDesk(ports, {
      fetch: (one) => {
        for (const want of wantsOf(one)) this.#media.want(want)
      },
      forget: (sha256) => {
        this.#media.forget(sha256)
        this.#sweep.due()
      },
      haveBytes: (sha256) => this.#media.haveBytes(sha256),
    })
    this.#media = new MediaQueue(
      ports,
      this.#link,
      (sha256: string, cartId: CartId) => this.#desk.mediaHere(sha256, cartId),
      (sha256, why) => this.#desk.mediaRefused(sha256, why),
    )
    this.#sweep = new MediaSweep(this.#link, this.#media)
    this.#witness = new Witness(ports, this.#link)
    this.#outbox = new OutboxCourier(
      ports,
      this.#link,
      () => this.#standing.contact(),
      (head) => this.#witness.acknowledged(head),
    )
  }

  /** Reads what is kept and begins to ask. Rejects where the store does not answer. */
  async start(): Promise<void> {
    const kept = (await this.#ports.store.settings.get(trustSetting)) as KeptTrust | undefined
    this.#memory = kept?.memory ?? null
    this.#known = kept?.complete ?? false
    await this.#desk.load()
    this.#sweep.due()
    await this.#witness.start()
    await this.#outbox.start()
    if (this.#closed) return
    this.#tick = this.#ports.clock.every(tickMs, () => void this.#upkeep())
    this.#step({ kind: 'due', atMs: this.#ports.clock.monotonic() })
  }

  /** Asks at once, as the doorbell would. */
  pullNow(): void {
    this.#step({ kind: 'nudge', atMs: this.#ports.clock.monotonic() })
  }

  /** A row of the logbook is on the disk, and in the outbox with it. */
  rowWritten(): void {
    this.#outbox.rowWritten()
  }

  /** A card was armed, aired or dropped: what stands of the province's orders is looked at again. */
  lookAgain(): void {
    void this.#upkeep()
  }

  place(itemId: string, choice: PlaceChoice, actor = 'operator'): Promise<IncomingView> {
    return this.#desk.place(itemId, choice, actor)
  }

  decline(itemId: string, reason: string, actor = 'operator'): Promise<IncomingView> {
    return this.#desk.decline(itemId, reason, actor)
  }

  resolve(itemId: string, side: 'mine' | 'theirs', actor = 'operator'): Promise<IncomingView> {
    return this.#desk.resolve(itemId, side, actor)
  }

  openCard(itemId: string, source: 'speech' | 'recording', actor = 'operator'): Promise<IncomingView> {
    return this.#desk.openCard(itemId, source, actor)
  }

  slice(): ProvinceSlice {
    const memory = this.#memory
    const outbox = this.#outbox.view
    return {
      adapter: this.#ports.config.province.adapter,
      name: memory?.provinceName ?? null,
      link: { ...this.#standing.view, nextAttemptAtMs: this.#waitUntilMs },
      doorbell: this.#doorbell,
      manifest:
        memory === null
          ? null
          : {
              version: memory.version,
              issuedAtMs: memory.issuedAtMs,
              acceptedAtMs: memory.acceptedAtMs,
              expiresAtMs: memory.expiresAtMs,
              items: memory.items,
            },
      refusal: this.#standing.refusal,
      signingKid: this.#ports.signingKid,
      outbox: { ...outbox, oldestAtMs: outbox.oldestAtMs === null ? null : epochMs(outbox.oldestAtMs) },
      media: this.#media.summary,
      counts: this.#desk.counts,
      incoming: this.#desk.views(),
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#wait?.cancel()
    this.#tick?.cancel()
    this.#media.close()
    this.#outbox.close()
    await Promise.all([this.#witness.close(), this.#link.close()])
  }

  // — asking —

  #step(event: PullEvent): void {
    if (this.#closed) return
    const { state, effects } = pullTransition(this.#pull, event, this.#ports.config.province.pollIntervalS * 1000)
    this.#pull = state
    for (const effect of effects) {
      this.#wait?.cancel()
      this.#wait = null
      switch (effect.kind) {
        case 'pull':
          this.#waitUntilMs = null
          void this.#ask()
          break
        case 'wait':
          this.#waitUntilMs = epochMs(this.#ports.clock.now() + effect.ms)
          this.#wait = this.#ports.clock.after(effect.ms, () => this.#step({ kind: 'due', atMs: this.#ports.clock.monotonic() }))
          break
        default:
          assertNever(effect)
      }
    }
  }

  async #ask(): Promise<void> {
    const { clock, config } = this.#ports
    this.#standing.asking()
    const chunks: (readonly ProvinceItem[])[] = []
    try {
      const at = { stationId: config.station.id, nowMs: clock.now(), clockTrusted: this.#ports.clockTrusted() }
      const outcome = await this.#link.pull({ memory: this.#memory, known: this.#known, at }, (items) => chunks.push(items))
      const believed = await this.#answered(outcome, chunks)
      this.#step({ kind: believed ? 'answered' : 'failed', atMs: clock.monotonic(), random: this.#ports.random() })
    } catch (error) {
      this.#standing.failed(error, this.#from)
      this.#step({ kind: 'failed', atMs: clock.monotonic(), random: this.#ports.random() })
    }
    this.#ports.onChanged()
  }

  /** Whether the province was heard and believed. */
  async #answered(outcome: PullOutcome, chunks: readonly (readonly ProvinceItem[])[]): Promise<boolean> {
    switch (outcome.kind) {
      case 'unchanged':
        this.#believed()
        return true
      case 'refused':
        this.#standing.refused(outcome.reason, outcome.version, this.#from)
        return false
      case 'accepted':
        await this.#accept(outcome, chunks)
        this.#believed()
        return true
      default:
        return assertNever(outcome)
    }
  }

  /** The version first: whatever happens next, nothing older will be believed again. */
  async #accept(
    { memory, all, gone }: Extract<PullOutcome, { kind: 'accepted' }>,
    chunks: readonly (readonly ProvinceItem[])[],
  ): Promise<void> {
    const isNew = memory.version !== this.#memory?.version
    await this.#ports.store.settings.set(trustSetting, { memory, complete: false } satisfies KeptTrust)
    this.#memory = memory
    this.#known = false
    for (const items of chunks) await this.#desk.receive(items)
    if (all !== null) await this.#desk.onlyThese(all)
    await this.#desk.gone(gone)
    await this.#ports.store.settings.set(trustSetting, { memory, complete: true } satisfies KeptTrust)
    this.#known = true
    if (isNew)
      this.#ports.log.note({
        kind: 'province.manifest',
        actor: 'province',
        outputId: null,
        subject: memory.provinceName,
        measured: { version: memory.version, sha256: memory.hash, items: memory.items, accepted: true },
      })
  }

  #believed(): void {
    if (this.#standing.believed()) this.#media.wake()
    void this.#witness.ask()
    this.#outbox.linkIsBack()
  }

  /** Who speaks to us, as far as we know. */
  get #from(): string {
    return this.#memory?.provinceName ?? this.#ports.config.province.adapter
  }

  // — upkeep —

  async #upkeep(): Promise<void> {
    if (this.#ticking || this.#closed) return
    this.#ticking = true
    try {
      const { alarms, clock } = this.#ports
      this.#standing.look()
      void this.#cleared()
      const stale = isStale(this.#memory, clock.now(), this.#ports.clockTrusted())
      alarms.set(stale, 'PROVINCE_STALE', 'province', { since: this.#memory?.expiresAtMs ?? 0 })
      await this.#desk.tick()
    } catch (error) {
      this.#ports.trouble.warn({ error: error instanceof Error ? error.message : String(error) }, 'province upkeep')
    } finally {
      this.#ticking = false
    }
  }

  async #cleared(): Promise<void> {
    try {
      await this.#sweep.look(() => this.#desk.wantedFiles())
    } catch (error) {
      if (!this.#closed) this.#ports.trouble.warn({ error: String(error) }, 'leftover recordings not removed')
    }
  }
}

/** Refuses where no province is configured, or it could not be started. */
export function assertProvince<T>(service: T | null, adapter: ProvinceSlice['adapter']): T {
  if (service === null) throw new OperatorError(adapter === 'none' ? 'PROVINCE_OFF' : 'PROVINCE_NOT_STARTED', {})
  return service
}

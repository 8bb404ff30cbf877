// The province as a witness of our logbook: heads that it holds, kept here between boots and asked of it again, so that a chain
// that was written anew in the meantime, with every seal in the folder, is not the one it remembers. Whoever checks the chain
// finds the kept heads among its anchors (station/store/anchors.ts).
import type { Timer } from '../../shared/domain/clock.ts'
import { headsSetting, WitnessedHead } from '../../shared/domain/province.ts'
import { withNewest, withTold } from './held-heads.ts'
import type { Link } from './link.ts'
import type { ProvincePorts } from './ports.ts'

/** Acknowledgements come every tenth of a second; a head that is lost with the power is still the province's. */
const keepAfterMs = 10_000
const askEveryMs = 24 * 3_600_000

export class Witness {
  readonly #ports: ProvincePorts
  readonly #link: Pick<Link, 'heads'>
  #heads: readonly WitnessedHead[] = []
  #askedMs: number | null = null
  #asking = false
  #keep: Timer | null = null
  #closed = false

  constructor(ports: ProvincePorts, link: Pick<Link, 'heads'>) {
    this.#ports = ports
    this.#link = link
  }

  async start(): Promise<void> {
    const kept = WitnessedHead.array().safeParse(await this.#ports.store.settings.get(headsSetting))
    this.#heads = kept.success ? kept.data : []
  }

  /** The province has this row on its disk. */
  acknowledged(head: { readonly seq: number; readonly hash: string }): void {
    // An answer that came while the station was closing is the province's to tell at the next start.
    if (this.#closed) return
    this.#heads = withNewest(this.#heads, { ...head, heldAtMs: this.#ports.clock.now() })
    this.#ports.onWitnessed(head)
    this.#keep ??= this.#ports.clock.after(keepAfterMs, () => {
      this.#keep = null
      void this.#save()
    })
  }

  /** The link is up: what does it remember? Once a boot, and once a day. */
  async ask(): Promise<void> {
    const nowMs = this.#ports.clock.monotonic()
    if (this.#asking || (this.#askedMs !== null && nowMs - this.#askedMs < askEveryMs)) return
    this.#asking = true
    try {
      const told = await this.#link.heads()
      this.#askedMs = nowMs
      this.#heads = withTold(this.#heads, told)
      await this.#save()
      this.#ports.onHeadsTold()
    } catch (error) {
      this.#ports.trouble.warn({ error: error instanceof Error ? error.message : String(error) }, 'heads not asked')
    } finally {
      this.#asking = false
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#keep === null) return
    this.#keep.cancel()
    await this.#save()
  }

  async #save(): Promise<void> {
    try {
      await this.#ports.store.settings.set(headsSetting, this.#heads)
    } catch (error) {
      this.#ports.trouble.warn({ error: String(error) }, 'heads not kept')
    }
  }
}

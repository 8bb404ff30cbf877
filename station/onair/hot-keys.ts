// The eight hot keys: which recording lies on each. Assigned on the screen, kept in the settings; the configuration gives the first set.
import { z } from 'zod'
import type { StationConfig } from '../../shared/config.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import { CartId } from '../../shared/domain/ids.ts'
import type { HotKeyView } from '../../shared/domain/onair.ts'
import type { Playable } from '../schedule/index.ts'
import type { Store } from '../store/index.ts'
import type { HotKey } from './ports.ts'

const Assignment = z.object({ slot: z.number().int(), cartId: CartId, loop: z.boolean() })
type Assignment = z.infer<typeof Assignment>

export interface HotKeysPorts {
  readonly settings: Store['settings']
  readonly config: StationConfig
  playable(cartId: CartId): Playable | null
  /** False where its bytes are not those that were approved. */
  mayPlay(cartId: CartId): boolean
  title(cartId: CartId): string | null
  onChanged(): void
  /** For the logbook. @param title null = the key was cleared */
  onAssigned(slot: number, title: string | null, loop: boolean, actor: string): void
}

const settingKey = 'hotKeys'
const slots = [1, 2, 3, 4, 5, 6, 7, 8]

export class HotKeys {
  readonly #ports: HotKeysPorts
  #assigned: readonly Assignment[] = []

  constructor(ports: HotKeysPorts) {
    this.#ports = ports
  }

  async load(): Promise<void> {
    const stored = await this.#ports.settings.get(settingKey)
    const parsed = z.array(Assignment).safeParse(stored)
    this.#assigned = parsed.success ? parsed.data : this.#ports.config.hotKeys.map(({ slot, cartId, loop }) => ({ slot, cartId, loop }))
  }

  async assign(slot: number, cartId: CartId | null, loop: boolean, actor: string): Promise<void> {
    if (cartId !== null && !this.#ports.playable(cartId)) throw new OperatorError('NOT_FOUND', { cartId })
    const others = this.#assigned.filter((one) => one.slot !== slot)
    this.#assigned = cartId === null ? others : [...others, { slot, cartId, loop }]
    await this.#ports.settings.set(settingKey, this.#assigned)
    this.#ports.onAssigned(slot, cartId === null ? null : (this.#ports.title(cartId) ?? cartId), loop, actor)
    this.#ports.onChanged()
  }

  /** What a key plays; null = empty, or its recording is gone or not what was approved. */
  get(slot: number): HotKey | null {
    const assigned = this.#assigned.find((one) => one.slot === slot)
    const playable = assigned && this.#ports.mayPlay(assigned.cartId) ? this.#ports.playable(assigned.cartId) : null
    if (!assigned || !playable) return null
    return {
      ...assigned,
      title: this.#ports.title(assigned.cartId) ?? String(slot),
      path: playable.path,
      frames: playable.frames,
      gainDb: playable.gainDb,
    }
  }

  /** The recordings on the keys. */
  carts(): readonly CartId[] {
    return this.#assigned.map(({ cartId }) => cartId)
  }

  views(): HotKeyView[] {
    return slots.map((slot) => {
      const key = this.get(slot)
      return {
        slot,
        title: key?.title ?? null,
        cartId: key?.cartId ?? null,
        durationMs: key ? key.frames / 48 : null,
        loop: key?.loop ?? false,
      }
    })
  }
}

// What every key panel keeps: which keys are down, which lamps were written. A panel that is unplugged releases all its keys,
// so that a hold can never complete on a cable that was pulled (and an alert never fire by it).
import type { SurfaceObserved } from '../../shared/domain/device.ts'
import type { DriverContext, Planned } from '../contract/driver.ts'
import type { SurfaceDesired, SurfaceEvent } from '../contract/kinds.ts'

/** Lamp and word of one key. */
export type Lamp = SurfaceDesired['keys'][number]
export type LampColour = Lamp['colour']

export interface SurfaceCommand extends Lamp {
  readonly kind: 'setKey'
}

/** Keys whose lamp or word is not yet what it should be. Pure. */
export function planSurface(observed: SurfaceObserved | null, desired: SurfaceDesired): readonly Planned<SurfaceCommand>[] {
  return desired.keys.flatMap((wish) => {
    const is = observed?.lampsSent.find((lamp) => lamp.key === wish.key)
    if (is !== undefined && is.text === wish.text && is.colour === wish.colour && is.flash === wish.flash) return []
    const was = is === undefined ? 'unknown' : `${is.colour} “${is.text}”`
    const reason = `key ${wish.key}: ${was} → ${wish.colour}${wish.flash ? ' flashing' : ''} “${wish.text}”`
    return [{ command: { kind: 'setKey', ...wish }, reason, causeId: desired.causeId }]
  })
}

export function showsSurface(observed: SurfaceObserved, command: SurfaceCommand): boolean {
  return planSurface(observed, { keys: [command], causeId: '' }).length === 0
}

export class PanelState {
  readonly #context: DriverContext<SurfaceObserved, SurfaceEvent>
  readonly #pressed = new Set<number>()
  readonly #lamps = new Map<number, Lamp>()
  #keyCount = 0
  #observed: SurfaceObserved | null = null

  constructor(context: DriverContext<SurfaceObserved, SurfaceEvent>) {
    this.#context = context
  }

  /** null while the panel is not connected. */
  get observed(): SurfaceObserved | null {
    return this.#observed
  }

  connected(keyCount: number): void {
    this.#keyCount = keyCount
    this.#lamps.clear()
    this.#show()
  }

  disconnected(): void {
    for (const key of [...this.#pressed]) this.setPressed(key, false)
    this.#lamps.clear()
    this.#observed = null
  }

  /** Reports a change of one key; the same state again is no event. */
  setPressed(key: number, isDown: boolean): void {
    if (this.#pressed.has(key) === isDown) return
    if (isDown) this.#pressed.add(key)
    else this.#pressed.delete(key)
    this.#context.onEvent({ kind: isDown ? 'pressed' : 'released', key, atMonotonicMs: this.#context.clock.monotonic() })
    this.#show()
  }

  /** The whole set of keys that are down, as a report tells it. */
  setAllPressed(down: ReadonlySet<number>): void {
    for (const key of [...this.#pressed]) if (!down.has(key)) this.setPressed(key, false)
    for (const key of down) this.setPressed(key, true)
  }

  lampSent({ key, text, colour, flash }: Lamp): void {
    this.#lamps.set(key, { key, text, colour, flash })
    this.#show()
  }

  get lamps(): readonly Lamp[] {
    return [...this.#lamps.values()]
  }

  #show(): void {
    const pressed = [...this.#pressed].sort((a, b) => a - b)
    this.#observed = {
      pressed,
      keyCount: this.#keyCount,
      lampsSent: this.lamps.map((lamp) => ({ ...lamp })),
      atMs: this.#context.clock.now(),
    }
    this.#context.onObserved(this.#observed)
  }
}

// Key panels: what a pressed key does. Fire must be held for a second by monotonic time; STOP acts on the press. Works with
// every window dead, because it is here.
import type { SurfaceDesired, SurfaceEvent } from '../../hardware/contract/kinds.ts'
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import type { DeviceId } from '../../shared/domain/ids.ts'
import { actionOfKey, type SurfaceAction, type SurfaceActions } from '../../shared/domain/surface-actions.ts'
import { type HoldKeyState, holdKey } from './hold-key-machine.ts'

export interface KeyPanelPorts {
  readonly clock: Clock
  /** A key did its work; `heldMs` for keys that are held. */
  onAction(action: SurfaceAction, heldMs: number): void
  /** Released before the second was over. */
  onReleasedEarly(action: SurfaceAction, afterMs: number): void
  onChanged(): void
}

/** What the lamps show: words with every colour. */
export interface Tally {
  readonly armedTitle: string | null
  readonly alertOnAir: boolean
  readonly stopped: boolean
  readonly microphoneOpen: boolean
  readonly hotKeys: readonly { readonly slot: number; readonly title: string | null; readonly playing: boolean }[]
}

type Lamp = Omit<SurfaceDesired['keys'][number], 'key'>

export class KeyPanels {
  readonly #ports: KeyPanelPorts
  readonly #holds = new Map<string, { state: HoldKeyState; timer: Timer | null }>()

  constructor(ports: KeyPanelPorts) {
    this.#ports = ports
  }

  /** True while a firing key is down. */
  get holding(): boolean {
    return [...this.#holds.values()].some((hold) => hold.state.kind === 'holding')
  }

  event(deviceId: DeviceId, actions: SurfaceActions, event: SurfaceEvent): void {
    const action = actionOfKey(actions, event.key)
    if (action === null) return
    if (action === 'fire') this.#hold(`${deviceId}/${event.key}`, { kind: event.kind, atMs: event.atMonotonicMs })
    else if (event.kind === 'pressed') this.#ports.onAction(action, 0)
  }

  /** The panel was lost: nothing is held any more. */
  lost(deviceId: DeviceId): void {
    for (const key of this.#holds.keys()) if (key.startsWith(`${deviceId}/`)) this.#hold(key, { kind: 'lost' })
  }

  lamps(actions: SurfaceActions, tally: Tally): SurfaceDesired['keys'] {
    return actions.map(({ key, action }) => ({ key, ...lampOf(action, tally, this.holding) }))
  }

  #hold(key: string, event: Parameters<typeof holdKey>[1]): void {
    const hold = this.#holds.get(key) ?? { state: { kind: 'up' }, timer: null }
    const { state, effects } = holdKey(hold.state, event)
    hold.state = state
    this.#holds.set(key, hold)
    for (const effect of effects) {
      switch (effect.kind) {
        case 'startTimer':
          hold.timer = this.#ports.clock.after(effect.ms, () => this.#hold(key, { kind: 'elapsed', atMs: this.#ports.clock.monotonic() }))
          break
        case 'cancelTimer':
          hold.timer?.cancel()
          break
        case 'held':
          this.#ports.onAction('fire', 1000)
          break
        case 'cancelled':
          this.#ports.onReleasedEarly('fire', effect.afterMs)
          break
      }
    }
    this.#ports.onChanged()
  }
}

const dark: Lamp = { text: '', colour: 'off', flash: false }

function lampOf(action: SurfaceAction, tally: Tally, holding: boolean): Lamp {
  switch (action) {
    case 'fire':
      if (tally.alertOnAir) return { text: 'ĐANG PHÁT', colour: 'red', flash: false }
      if (tally.armedTitle === null) return { text: 'CHƯA CÓ TIN', colour: 'off', flash: false }
      return { text: holding ? 'GIỮ…' : 'GIỮ ĐỂ PHÁT', colour: 'amber', flash: !holding }
    case 'stop':
      return tally.stopped ? { text: 'ĐÃ NGẮT', colour: 'white', flash: true } : { text: 'NGẮT TIẾNG', colour: 'white', flash: false }
    case 'microphone':
      return tally.microphoneOpen ? { text: 'MICRO MỞ', colour: 'red', flash: false } : { text: 'MICRO', colour: 'off', flash: false }
    case 'preview':
      return { text: 'NGHE THỬ', colour: 'off', flash: false }
    case 'resume':
      return { text: 'PHÁT TIẾP', colour: 'off', flash: false }
    case 'next':
      return { text: 'CHUYỂN', colour: 'off', flash: false }
    default: {
      const key = tally.hotKeys.find((one) => action === `hotKey${one.slot}`)
      return key?.title ? { text: key.title, colour: key.playing ? 'red' : 'off', flash: false } : dark
    }
  }
}

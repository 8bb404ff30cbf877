// What was taken of the mixing desks and not given back yet, kept in the settings: a station that was killed in the middle of an alert
// leaves it to its successor. Orders to the desk never wait for it.
import { DeskHoldings, type PlantPorts } from '../plant/index.ts'
import type { Store } from '../store/index.ts'

const settingName = 'deskHeld'

export class DeskKeeper {
  readonly #settings: Store['settings']
  readonly #onFailed: (reason: string) => void

  constructor(settings: Store['settings'], onFailed: (reason: string) => void) {
    this.#settings = settings
    this.#onFailed = onFailed
  }

  /** What an earlier station left; null = nothing. */
  async load(): Promise<DeskHoldings | null> {
    const stored = DeskHoldings.safeParse(await this.#settings.get(settingName))
    return stored.success ? stored.data : null
  }

  readonly keep: PlantPorts['onDeskHeld'] = (held) => {
    this.#settings.set(settingName, held).catch((error: unknown) => this.#onFailed(String(error)))
  }
}

// The airings under way, kept in the settings so that a restarted station knows what its adopted audio process is reading,
// and one that lost its audio process knows what was cut off. An alert is never replayed by itself.
import { z } from 'zod'
import { AlertMode, OrderVia } from '../../shared/domain/alert.ts'
import { ResumePolicy } from '../../shared/audio-protocol.ts'
import { AlertId, CutInId } from '../../shared/domain/ids.ts'
import { EpochMs } from '../../shared/domain/time.ts'
import type { FireOrder } from '../onair/index.ts'
import type { Store } from '../store/index.ts'

const Airing = z.object({
  cutInId: CutInId,
  alertId: AlertId,
  title: z.string(),
  mode: AlertMode,
  severity: z.number(),
  automatic: z.boolean(),
  temperature: z.enum(['hot', 'cold']),
  readings: z.number(),
  resume: ResumePolicy.nullable(),
  orderedAtMs: EpochMs,
  via: OrderVia,
})
export type Airing = z.infer<typeof Airing>

const settingName = 'airings'

export class Airings {
  readonly #settings: Store['settings']
  #under = new Map<string, Airing>()

  constructor(settings: Store['settings']) {
    this.#settings = settings
  }

  /** What was under way when the last boot ended. */
  async load(): Promise<ReadonlyMap<string, Airing>> {
    const stored = z.array(Airing).safeParse(await this.#settings.get(settingName))
    this.#under = new Map(stored.success ? stored.data.map((airing) => [airing.cutInId, airing]) : [])
    return new Map(this.#under)
  }

  begin(order: FireOrder, temperature: 'hot' | 'cold', orderedAtMs: EpochMs): void {
    const { cutInId, alertId, title, mode, severity, automatic, readings, resume, via } = order
    this.#under.set(cutInId, { cutInId, alertId, title, mode, severity, automatic, readings, resume, via, temperature, orderedAtMs })
    this.#save()
  }

  end(cutInId: string): void {
    if (this.#under.delete(cutInId)) this.#save()
  }

  /** The store reports its own failures; an airing never waits for them. */
  #save(): void {
    this.#settings.set(settingName, [...this.#under.values()]).catch(() => undefined)
  }
}

// The airings under way, kept in the settings so that a restarted station knows what its adopted audio process is reading,
// and one that lost its audio process knows what was cut off, and where. An alert is never replayed by itself.
import { z } from 'zod'
import type { AudioMessage } from '../../shared/audio-protocol.ts'
import { AlertMode, type Interruption, OrderVia } from '../../shared/domain/alert.ts'
import { ResumePolicy } from '../../shared/audio-protocol.ts'
import { AlertId, CutInId, type OutputId } from '../../shared/domain/ids.ts'
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
  offsetMs: z.number().optional(),
  /** How far it was when it was last measured; null = not heard yet. */
  measured: z.object({ atMs: EpochMs, positionMs: z.number() }).nullable().default(null),
})
export type Airing = z.infer<typeof Airing>
type Report = Extract<AudioMessage, { kind: 'report' }>

const settingName = 'airings'
/** How old the stored position of an airing may get, ms: what may be read twice, never left out, after a restart. */
const measureEveryMs = 500

/** Which airing an output is confirmed to be reading. */
type AiringOn = (outputId: OutputId) => string | null

/** Where an airing stands: the output that is least far on, so that going on from there leaves nothing out anywhere. */
export function measuredIn(report: Pick<Report, 'outputs'>, cutInId: string, airingOn: AiringOn): number | null {
  const heard = report.outputs.flatMap(({ outputId, alertMs }) => (alertMs === null || airingOn(outputId) !== cutInId ? [] : [alertMs]))
  return heard.length === 0 ? null : Math.min(...heard)
}

/** What is known of an airing that was cut off. */
export function interruptionOf({ cutInId, orderedAtMs, measured, offsetMs }: Airing): Interruption {
  const positionMs = Math.max(0, Math.floor(measured?.positionMs ?? offsetMs ?? 0))
  return { cutInId, atMs: measured?.atMs ?? orderedAtMs, positionMs, continues: false }
}

export class Airings {
  readonly #settings: Store['settings']
  #under = new Map<string, Airing>()
  #saving = 0

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
    const { cutInId, alertId, title, mode, severity, automatic, readings, resume, via, offsetMs } = order
    const whole = { cutInId, alertId, title, mode, severity, automatic, readings, resume, via, temperature, orderedAtMs, measured: null }
    this.#under.set(cutInId, offsetMs === undefined ? whole : { ...whole, offsetMs })
    this.#save()
  }

  /** One that is on air though the station that ordered it died before it was kept. */
  adopt(airing: Airing): void {
    this.#under.set(airing.cutInId, airing)
    this.#save()
  }

  /** What the audio process measures, 25 times a second; kept every half second, and not while the disk is behind. */
  report(report: Report, airingOn: AiringOn): void {
    if (this.#under.size === 0 || this.#saving > 0) return
    let due = false
    for (const airing of this.#under.values()) {
      const positionMs = measuredIn(report, airing.cutInId, airingOn)
      if (positionMs === null || report.atMs - (airing.measured?.atMs ?? 0) < measureEveryMs) continue
      this.#under.set(airing.cutInId, { ...airing, measured: { atMs: report.atMs, positionMs } })
      due = true
    }
    if (due) this.#save()
  }

  get(cutInId: string): Airing | null {
    return this.#under.get(cutInId) ?? null
  }

  end(cutInId: string): void {
    if (this.#under.delete(cutInId)) this.#save()
  }

  /** The store reports its own failures; an airing never waits for them. */
  #save(): void {
    this.#saving += 1
    const saved = () => {
      this.#saving -= 1
    }
    this.#settings.set(settingName, [...this.#under.values()]).then(saved, saved)
  }
}

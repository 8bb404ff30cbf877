// The station's wiring to the audio process: started beside the store, so what it says reaches whoever is there by then; events
// wait until there is somebody to hear them.
import type { Clock } from '../../shared/domain/clock.ts'
import type { StationConfig } from '../../shared/config.ts'
import type { AlertsService } from '../alerts/index.ts'
import type { AlarmsService } from '../health/index.ts'
import {
  type AudioClient,
  type AudioHealth,
  type AudioOrder,
  type AudioStarted,
  createAudioClient,
  type LogPort,
  type OnAirService,
} from '../onair/index.ts'
import type { ScheduleService } from '../schedule/index.ts'
import type { ScreenHub } from '../screen/index.ts'
import type { Airings } from './airings.ts'
import { AudioEvents } from './audio-events.ts'
import { Meters } from './meters.ts'
import type { StationLog } from './options.ts'

interface AudioLinkParts {
  readonly dataDir: string
  readonly config: StationConfig
  readonly training: boolean
  readonly clock: Clock
  readonly log: StationLog
  readonly alarms: AlarmsService
  /** null until the logbook is open. */
  rows(): LogPort | null
  changed(...slices: Parameters<ScreenHub['changed']>): void
}

/** Who is told, as they come to exist. */
interface Known {
  onair?: OnAirService
  alerts?: AlertsService
  schedule?: ScheduleService
  airings?: Airings
}

export class AudioLink {
  readonly events: AudioEvents
  readonly meters = new Meters()
  readonly client: AudioClient
  readonly #known: Known = {}
  #health: AudioHealth = 'restarting'
  #bootId = ''

  constructor(parts: AudioLinkParts) {
    const { alarms, rows, changed } = parts
    this.events = new AudioEvents(alarms, parts.config)
    this.client = createAudioClient({
      ...parts,
      onEvent: (event) => this.events.take(event),
      onOutputState: (output) => this.events.state(output),
      onReport: (report) => {
        const { onair, airings } = this.#known
        onair?.audioReport(report)
        if (onair) airings?.report(report, (outputId) => airingIn(onair.runtime(outputId).state))
        this.meters.report(report)
        this.events.report(report)
      },
      onHealth: (health) => {
        this.#health = health
        this.#known.onair?.audioHealth(health)
        alarms.set(health === 'lost', 'AUDIO_LOST', 'audio', {})
        alarms.set(health === 'stalled', 'AUDIO_STALLED', 'audio', {})
        changed('onair', 'station')
      },
      onReplaced: (bootId, loaded) => {
        this.#bootId = bootId
        rows()?.note({ kind: 'audio.died', actor: 'station', outputId: null, subject: 'audio', measured: { successor: bootId } })
        this.events.replaced()
        this.#known.onair?.audioReplaced()
        this.#known.alerts?.audioReplaced(loaded)
      },
      onRestored: (outputs, waiting) => this.#known.onair?.audioRestored(outputs, waiting),
      reloadAlerts: async (send) => this.#known.alerts?.reload(send),
      fallbackSource: (outputId) => this.#known.schedule?.fallbackSource(outputId) ?? null,
    })
  }

  /** Boot id of the audio process whose events arrive. */
  get bootId(): string {
    return this.#bootId
  }

  /** From now on these are told. */
  tell(known: Known): void {
    Object.assign(this.#known, known)
  }

  readonly send = (order: AudioOrder): Promise<void> => this.client.send(order)

  /** It runs, and the store is open: where that was slow, the audio process said that it is ready when nobody heard it. */
  started({ bootId }: AudioStarted): void {
    this.#bootId = bootId
    this.#known.onair?.audioHealth(this.#health)
  }
}

/** The airing that an output is confirmed to be reading. */
function airingIn(state: ReturnType<OnAirService['runtime']>['state']): string | null {
  return state.kind === 'cutIn' && state.phase !== 'sent' ? state.cutIn.cutInId : null
}

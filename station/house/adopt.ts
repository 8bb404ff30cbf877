// The start after the start: what an earlier station left on air is taken over, what happened meanwhile becomes rows, and rows
// that nothing is left of are settled. Nothing that was cut off is replayed by itself.
import type { EpochMs } from '../../shared/domain/time.ts'
import type { AlertsService } from '../alerts/index.ts'
import { lastHeardMs, type LogbookService } from '../logbook/index.ts'
import {
  type AudioClient,
  type AudioOrder,
  type AudioStarted,
  fireOrder,
  inputOrder,
  type LogPort,
  type OnAirService,
} from '../onair/index.ts'
import type { Store } from '../store/index.ts'
import { aliveActions, itemStartsOf, lastJournalled, outputsOnAir } from './adoption.ts'
import { type Airing, type Airings, interruptionOf } from './airings.ts'
import type { AudioEvents } from './audio-events.ts'

/** Rows looked through for events that are journalled already. */
const journalDepth = 20_000

interface AdoptParts {
  readonly micDuckDb: number
  readonly dataDir: string
  /** Of this boot. */
  readonly startedAtMs: EpochMs
  readonly audio: Pick<AudioClient, 'remember'>
  readonly stationName: string
  readonly store: Store
  readonly logbook: LogbookService
  readonly rows: LogPort
  readonly onair: OnAirService
  readonly alerts: AlertsService
  readonly airings: Airings
  /** Airings under way when the last boot ended. */
  readonly before: ReadonlyMap<string, Airing>
  readonly events: AudioEvents
  /** Last row of the logbook at this start, −1 = none. */
  readonly lastSeq: number
}

export async function adopt(started: AudioStarted, parts: AdoptParts): Promise<void> {
  const { dataDir, startedAtMs, audio, store, logbook, rows, onair, alerts, airings, before, events } = parts
  await alerts.load(new Set(started.outputs.flatMap((output) => (output.alert ? [output.alert.alertId] : []))))
  if (started.adopted) {
    const open = await store.logbook.openActions()
    const recent = await store.logbook.rows({ afterSeq: Math.max(-1, parts.lastSeq - journalDepth), limit: journalDepth })
    const journalled = lastJournalled(recent, started.bootId)
    const missed = started.missed.filter((event) => event.seq > journalled)
    for (const { outputId, itemId, startedAtMs: atMs } of itemStartsOf(open)) onair.knownStart(outputId, itemId, atMs)
    await logbook.settleEarlierBoots(aliveActions(open, missed, started.outputs))
    rows.note({
      kind: 'station.adopted',
      actor: 'station',
      outputId: null,
      subject: parts.stationName,
      measured: { missedEvents: missed.length, lostEvents: started.lostEvents },
    })
    for (const output of started.outputs)
      if (output.item) onair.runtime(output.outputId).remember(output.item.item.itemId, output.item.item.title)
    for (const event of missed) events.hear(event, true)
    onair.adopt(started.outputs, before)
    audio.remember(ordersUnderWay(started.outputs, parts))
    await alerts.audioReplaced([...started.loadedAlerts])
  } else {
    for (const output of started.outputs) onair.audioState(output)
    for (const outputId of outputsOnAir(await store.logbook.openActions()))
      onair.deadSince(outputId, await lastHeardMs(dataDir, outputId, startedAtMs))
    await logbook.settleEarlierBoots(new Set())
    for (const airing of before.values()) {
      // Kept with the alert before it is forgotten here: a death between the two tells it once more, never not at all.
      await alerts.interrupted(airing.alertId, interruptionOf(airing))
      airings.end(airing.cutInId)
    }
  }
}

/** What goes on, as it was ordered: the audio process may die before it is over. */
function ordersUnderWay(outputs: AudioStarted['outputs'], { before, alerts, micDuckDb }: AdoptParts): AudioOrder[] {
  return outputs.flatMap(({ outputId, alert, item, openInputs }) => {
    const airing = alert === null ? undefined : before.get(alert.cutInId)
    const load = airing === undefined ? null : alerts.loadOrder(airing.alertId)
    const airings = airing === undefined || load === null ? [] : [load, fireOrder(airing, [outputId])]
    // An input that interrupted the item replaced it; one that did not lies over it.
    const mode = item?.state === 'interrupted' && alert === null ? 'replace' : 'duck'
    return [...airings, ...openInputs.map((inputId) => inputOrder({ inputId, mode }, [outputId], micDuckDb))]
  })
}

// The start after the start: what an earlier station left on air is taken over, what happened meanwhile becomes rows, and rows
// that nothing is left of are settled. Nothing that was cut off is replayed by itself.
import type { OutputAudioState } from '../../shared/audio-protocol.ts'
import type { AlertId } from '../../shared/domain/ids.ts'
import type { LogRow } from '../../shared/domain/logbook.ts'
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
import {
  aliveActions,
  emergencyOutputs,
  endedMeanwhile,
  isOver,
  itemStartsOf,
  lastJournalled,
  opensOf,
  outputsOnAir,
  stopRow,
  stopsOf,
} from './adoption.ts'
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
  const { store, before, lastSeq } = parts
  const open = await store.logbook.openActions()
  const asked = started.adopted || before.size > 0
  const recent = asked ? await store.logbook.rows({ afterSeq: Math.max(-1, lastSeq - journalDepth), limit: journalDepth }) : []
  await (started.adopted ? adoptLiving(started, open, recent, parts) : settleDead(started, open, recent, parts))
}

async function adoptLiving(started: AudioStarted, open: readonly LogRow[], recent: readonly LogRow[], parts: AdoptParts): Promise<void> {
  const { startedAtMs, audio, logbook, rows, onair, alerts, airings, before, events } = parts
  const { outputs } = started
  const journalled = lastJournalled(recent, started.bootId)
  const missed = started.missed.filter((event) => event.seq > journalled)
  const airs = outputs.flatMap(({ alert }) => (alert === null ? [] : [alert.alertId]))
  const ended = endedMeanwhile(missed, recent, outputs)
  await alerts.load(new Set([...airs, ...ended.keys()]))
  for (const { outputId, itemId, startedAtMs: atMs } of itemStartsOf(open)) onair.knownStart(outputId, itemId, atMs)
  const stops = stopsOf(open)
  // Its predecessor was stopped, and the station died before it could tell this one: nothing returns before a person reopens.
  const unlatched = outputs.filter(({ outputId, ...output }) => stops.has(outputId) && isIdle(output)).map(({ outputId }) => outputId)
  await logbook.settleEarlierBoots(new Set([...aliveActions(open, missed, outputs), ...unlatched.map((id) => stopRow(id, stops))]))
  rows.note({
    kind: 'station.adopted',
    actor: 'station',
    outputId: null,
    subject: parts.stationName,
    measured: { missedEvents: missed.length, lostEvents: started.lostEvents },
  })
  // An airing that was given to a successor anew begins once more in what was missed; it may be over and closed by then.
  const written = new Set(recent.flatMap(({ kind, phase, actionId }) => (kind === 'cutin' && phase === 'open' ? [actionId] : [])))
  for (const { kind, actionId, outputId, subjectId, atMs } of opensOf(missed, outputs, stops, startedAtMs)) {
    if (written.has(actionId)) continue
    const subject = alerts.airingFacts(subjectId as AlertId)?.title ?? subjectId
    rows.open({ kind, actionId, actor: 'station', outputId, subject, atMs, sent: { adopted: true } })
  }
  for (const output of outputs) if (output.item) onair.runtime(output.outputId).remember(output.item.item.itemId, output.item.item.title)
  for (const event of missed) events.hear(event, true)
  const known = knownAirings(outputs, parts)
  onair.handover.adopt(outputs, { cutIns: known, emergencies: emergencyOutputs(open), stops, startedAtMs })
  for (const outputId of unlatched) onair.handover.stillStopped(outputId, stops.get(outputId) ?? startedAtMs)
  audio.remember(ordersUnderWay(outputs, known, parts))
  alerts.audioReplaced(started.loadedAlerts)
  for (const [alertId, { cutInId, atMs, cutOff }] of ended) {
    const airing = before.get(cutInId)
    if (!cutOff) alerts.ended(alertId)
    else await alerts.interrupted(alertId, airing ? interruptionOf(airing) : { cutInId, atMs, positionMs: 0, continues: false })
  }
  for (const airing of before.values()) {
    if (outputs.some(({ alert }) => alert?.cutInId === airing.cutInId)) continue
    if (!ended.has(airing.alertId) && !isOver(airing.cutInId, open, recent))
      await alerts.interrupted(airing.alertId, interruptionOf(airing))
    airings.end(airing.cutInId)
  }
}

async function settleDead(started: AudioStarted, open: readonly LogRow[], recent: readonly LogRow[], parts: AdoptParts): Promise<void> {
  const { dataDir, startedAtMs, logbook, onair, alerts, airings, before } = parts
  await alerts.load(new Set())
  for (const output of started.outputs) onair.audioState(output)
  for (const outputId of outputsOnAir(open)) onair.deadSince(outputId, await lastHeardMs(dataDir, outputId, startedAtMs))
  const stops = stopsOf(open)
  await logbook.settleEarlierBoots(new Set([...stops.keys()].map((outputId) => stopRow(outputId, stops))))
  for (const [outputId, sinceMs] of stops) onair.handover.stillStopped(outputId, sinceMs)
  for (const airing of before.values()) {
    // Kept with the alert before it is forgotten here: a death between the two tells it once more, never not at all.
    if (!isOver(airing.cutInId, open, recent)) await alerts.interrupted(airing.alertId, interruptionOf(airing))
    airings.end(airing.cutInId)
  }
}

function isIdle({ stopped, item, alert, openInputs }: Pick<OutputAudioState, 'stopped' | 'item' | 'alert' | 'openInputs'>): boolean {
  return !stopped && item === null && alert === null && openInputs.length === 0
}

/** The airings on air. One that was ordered a moment before the death was kept nowhere: the audio process says what it was told. */
function knownAirings(outputs: AudioStarted['outputs'], { before, alerts, airings }: AdoptParts): ReadonlyMap<string, Airing> {
  const known = new Map(before)
  for (const { alert } of outputs) {
    if (alert === null || known.has(alert.cutInId)) continue
    const { cutInId, alertId, mode: temperature, resume, startedAtMs: orderedAtMs } = alert
    // Of an alert that nobody knows any more nothing may be assumed that would let another cut it.
    const facts = alerts.airingFacts(alertId) ?? { title: alertId, mode: 'live' as const, severity: 5, readings: 1 }
    const airing: Airing = {
      ...facts,
      cutInId,
      alertId,
      temperature,
      resume,
      orderedAtMs,
      automatic: false,
      via: 'api',
      measured: null,
    }
    known.set(cutInId, airing)
    airings.adopt(airing)
  }
  return known
}

/** What goes on, as it was ordered: the audio process may die before it is over. */
function ordersUnderWay(
  outputs: AudioStarted['outputs'],
  known: ReadonlyMap<string, Airing>,
  { alerts, micDuckDb }: AdoptParts,
): AudioOrder[] {
  return outputs.flatMap(({ outputId, alert, item, openInputs }) => {
    const airing = alert === null ? undefined : known.get(alert.cutInId)
    const load = airing === undefined ? null : alerts.loadOrder(airing.alertId)
    const airings = airing === undefined || load === null ? [] : [load, fireOrder(airing, [outputId])]
    // An input that interrupted the item replaced it; one that did not lies over it.
    const mode = item?.state === 'interrupted' && alert === null ? 'replace' : 'duck'
    return [...airings, ...openInputs.map((inputId) => inputOrder({ inputId, mode }, [outputId], micDuckDb))]
  })
}

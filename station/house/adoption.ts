// Which open rows of earlier boots are still alive in an adopted audio process. Pure.
import type { AudioEvent, OutputAudioState } from '../../shared/audio-protocol.ts'
import type { Interruption } from '../../shared/domain/alert.ts'
import type { AlertId, OutputId } from '../../shared/domain/ids.ts'
import type { LogRow } from '../../shared/domain/logbook.ts'
import { type EpochMs, epochMs } from '../../shared/domain/time.ts'
import { stopSubject } from '../onair/index.ts'

/** Why a row was closed by an ordered end of the station (`Handover.leave`). */
const stationStopped = 'stationStopped'
/** … and by what gave it no sound: its device, or a sound that was not there. */
const failed = 'failed'

/** Identity of an item's row without its start time, which only the audio process knew. */
function itemKey(outputId: string, itemId: string): string {
  return `item/${outputId}/${itemId}/`
}

/** Action ids to keep open: what is on air now, and what ended meanwhile and is closed from the missed events. */
export function aliveActions(open: readonly LogRow[], missed: readonly AudioEvent[], outputs: readonly OutputAudioState[]): Set<string> {
  const exact = new Set<string>()
  const prefixes = new Set<string>()
  for (const output of outputs) {
    if (output.item) prefixes.add(itemKey(output.outputId, output.item.item.itemId))
    if (output.alert) exact.add(`cutIn/${output.outputId}/${output.alert.cutInId}`)
    for (const inputId of output.openInputs) exact.add(`input/${output.outputId}/${inputId}`)
    for (const slot of output.oversPlaying) exact.add(`over/${output.outputId}/${slot}`)
    if (output.stopped) prefixes.add(`stop/${output.outputId}/`)
  }
  for (const event of missed) {
    if (event.kind === 'itemEnded') prefixes.add(itemKey(event.outputId, event.itemId))
    if (event.kind === 'alertEnded') exact.add(`cutIn/${event.outputId}/${event.cutInId}`)
    if (event.kind === 'inputClosed') exact.add(`input/${event.outputId}/${event.inputId}`)
    if (event.kind === 'overEnded') exact.add(`over/${event.outputId}/${event.slot}`)
  }
  const alive = new Set<string>()
  for (const { actionId } of open) {
    if (actionId !== null && (exact.has(actionId) || [...prefixes].some((prefix) => actionId.startsWith(prefix)))) alive.add(actionId)
  }
  return alive
}

/** Outputs on which an earlier boot had opened an input as an emergency. */
export function emergencyOutputs(open: readonly LogRow[]): Set<OutputId> {
  const emergencies = open.filter(({ kind, sent }) => kind === 'input.live' && sent?.['emergency'] === true)
  return new Set(emergencies.flatMap(({ outputId }) => (outputId === null ? [] : [outputId as OutputId])))
}

/** Outputs that were on air when everything ended. */
export function outputsOnAir(open: readonly LogRow[]): Set<OutputId> {
  const onAir = open.filter(({ kind }) => kind === 'item.aired' || kind === 'cutin' || kind === 'input.live')
  return new Set(onAir.flatMap(({ outputId }) => (outputId === null ? [] : [outputId as OutputId])))
}

/** Outputs that a STOP silenced and nobody opened again, and since when, from its open row: `stop/<output>/<sinceMs>`. */
export function stopsOf(open: readonly LogRow[]): Map<OutputId, EpochMs> {
  const stops = new Map<OutputId, EpochMs>()
  for (const { actionId } of open) {
    const [kind, outputId, sinceMs] = actionId?.split('/') ?? []
    if (kind === 'stop' && outputId && sinceMs) stops.set(outputId as OutputId, epochMs(Number(sinceMs)))
  }
  return stops
}

export function stopRow(outputId: OutputId, stops: ReadonlyMap<OutputId, EpochMs>): string {
  return `stop/${outputId}/${stops.get(outputId)}`
}

/** Start times of items, read back from their open rows: `item/<output>/<item>/<startedAtMs>`. */
export function itemStartsOf(open: readonly LogRow[]): { outputId: string; itemId: string; startedAtMs: number }[] {
  return open.flatMap(({ actionId }) => {
    const [kind, outputId, itemId, startedAtMs] = actionId?.split('/') ?? []
    return kind === 'item' && outputId && itemId && startedAtMs ? [{ outputId, itemId, startedAtMs: Number(startedAtMs) }] : []
  })
}

/** The last event of this audio process that is in the logbook already; −1 = none. Rows written from events carry it. */
export function lastJournalled(rows: readonly LogRow[], audioBoot: string): number {
  const prefix = `${audioBoot}:`
  const marks = rows
    .map((row) => row.measured?.['audioEvent'])
    .filter((mark): mark is string => typeof mark === 'string' && mark.startsWith(prefix))
  return marks.reduce((last, mark) => Math.max(last, Number(mark.slice(prefix.length))), -1)
}

/**
 * Whether rows say that this airing is over: one of its rows is closed and none is open. `recent` rows reach back beyond its order. What
 * an ordered end of the station cut off, or failed on every output, is closed and not over.
 */
export function isOver(cutInId: string, open: readonly LogRow[], recent: readonly LogRow[]): boolean {
  const reasons = endReasons(cutInId, recent)
  return (
    !open.some((row) => isOf(cutInId, row)) &&
    reasons.some((reason) => reason !== failed) &&
    reasons.every((reason) => reason !== stationStopped)
  )
}

/** An airing that ended while no station was there. */
export interface EndedMeanwhile extends Pick<Interruption, 'cutInId' | 'atMs'> {
  /** On each of its outputs it failed, so nobody heard its end. */
  readonly cutOff: boolean
}

/** The last airing of every alert that ended meanwhile and is not on air, with what `recent` rows say of outputs that ended before. */
export function endedMeanwhile(
  missed: readonly AudioEvent[],
  recent: readonly LogRow[],
  outputs: readonly OutputAudioState[],
): Map<AlertId, EndedMeanwhile> {
  const ends = missed.filter((event) => event.kind === 'alertEnded')
  const over = ends.filter(({ alertId }) => !outputs.some(({ alert }) => alert?.alertId === alertId))
  return new Map(
    over.map(({ alertId, cutInId, atMs }) => {
      const heard = ends.filter((event) => event.cutInId === cutInId).map(({ reason }) => reason)
      const reasons = [...heard, ...endReasons(cutInId, recent)]
      return [alertId, { cutInId, atMs, cutOff: reasons.every((reason) => reason === failed) }]
    }),
  )
}

function isOf(cutInId: string, { kind, actionId }: LogRow): boolean {
  return kind === 'cutin' && actionId?.endsWith(`/${cutInId}`) === true
}

/** Why an airing ended, output by output, as far as rows say. */
function endReasons(cutInId: string, rows: readonly LogRow[]): unknown[] {
  return rows.filter((row) => row.phase === 'close' && isOf(cutInId, row)).map((row) => row.measured?.['reason'])
}

/** A row that an earlier station would have opened, had it not died in the moment after its order. */
export interface UnwrittenOpen {
  readonly kind: 'cutin' | 'input.live' | 'stop'
  readonly actionId: string
  readonly outputId: OutputId
  /** The alert, or the input, or the STOP itself. */
  readonly subjectId: string
  readonly atMs: EpochMs
}

/** Rows of what the audio process took, whether or not they were written. */
export function opensOf(
  missed: readonly AudioEvent[],
  outputs: readonly OutputAudioState[],
  stops: ReadonlyMap<OutputId, EpochMs>,
  nowMs: EpochMs,
): UnwrittenOpen[] {
  const cutIn = (outputId: OutputId, cutInId: string, alertId: string, atMs: EpochMs): UnwrittenOpen => {
    return { kind: 'cutin', actionId: `cutIn/${outputId}/${cutInId}`, outputId, subjectId: alertId, atMs }
  }
  const heard = missed.flatMap((event) =>
    event.kind === 'alertStarted' ? [cutIn(event.outputId, event.cutInId, event.alertId, event.atMs)] : [],
  )
  const airing = outputs.flatMap(({ outputId, alert }) =>
    alert === null ? [] : [cutIn(outputId, alert.cutInId, alert.alertId, alert.startedAtMs)],
  )
  const inputs = outputs.flatMap(({ outputId, openInputs }) =>
    openInputs.map((inputId): UnwrittenOpen => {
      return { kind: 'input.live', actionId: `input/${outputId}/${inputId}`, outputId, subjectId: inputId, atMs: nowMs }
    }),
  )
  const latched = outputs.flatMap(({ outputId, stopped }): UnwrittenOpen[] => {
    if (!stopped || stops.has(outputId)) return []
    return [{ kind: 'stop', actionId: `stop/${outputId}/${nowMs}`, outputId, subjectId: stopSubject, atMs: nowMs }]
  })
  return [...heard, ...airing, ...inputs, ...latched]
}

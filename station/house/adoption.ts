// Which open rows of earlier boots are still alive in an adopted audio process. Pure.
import type { AudioEvent, OutputAudioState } from '../../shared/audio-protocol.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import type { LogRow } from '../../shared/domain/logbook.ts'

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

/** Outputs that were on air when everything ended. */
export function outputsOnAir(open: readonly LogRow[]): Set<OutputId> {
  const onAir = open.filter(({ kind }) => kind === 'item.aired' || kind === 'cutin' || kind === 'input.live')
  return new Set(onAir.flatMap(({ outputId }) => (outputId === null ? [] : [outputId as OutputId])))
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

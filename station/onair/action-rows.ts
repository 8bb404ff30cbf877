// The rows of what is done to an output: cut-in, live input, STOP. Opened with the decision and closed with what became of it;
// a cut-in's row carries its own latency.
import type { CutInId, OutputId } from '../../shared/domain/ids.ts'
import type { CutInLedger } from './cut-in-ledger.ts'
import type { OnAirEffect } from './onair-machine.ts'
import type { OutputRuntime } from './output-runtime.ts'
import type { FireOrder, OnAirPorts } from './ports.ts'

/** What the row of a STOP is called, by whichever station it is opened. */
export const stopSubject = 'Ngắt tiếng toàn bộ loa'

export class ActionRows {
  readonly #ports: OnAirPorts
  readonly #ledger: CutInLedger
  #fired: Record<string, unknown> = {}

  constructor(ports: OnAirPorts, ledger: CutInLedger) {
    this.#ports = ports
    this.#ledger = ledger
  }

  /** The order whose cut-ins are opened next. */
  ordered({ title, mode, via, heldMs, previewedMs, severity, offsetMs }: FireOrder): void {
    this.#fired = { title, mode, via, heldMs, previewedMs, severity, ...(offsetMs === undefined ? {} : { offsetMs }) }
  }

  /** Somebody ended what sounds. Its own row closes when it is silent, which may be later, and tells nobody's name. */
  ended(command: 'stopAlert' | 'closeInput' | 'stopHotKey', title: string, outputIds: readonly OutputId[], actor: string): void {
    for (const outputId of outputIds) this.#ports.log.note({ kind: 'operator.command', actor, outputId, subject: command, sent: { title } })
  }

  open(runtime: OutputRuntime, effect: Extract<OnAirEffect, { kind: 'openRow' }>, actor: string): void {
    const kind = effect.row === 'cutIn' ? 'cutin' : effect.row === 'input' ? 'input.live' : 'stop'
    const { state } = runtime
    // Its rank is kept in the row: whoever adopts it later knows it from there.
    const rank = effect.row === 'input' && state.kind === 'liveInput' && state.emergency ? { emergency: true } : {}
    const sent = { via: effect.via, ...(effect.row === 'cutIn' ? this.#fired : rank) }
    const subject = effect.row === 'cutIn' ? String(this.#fired['title']) : effect.row === 'input' ? effect.id : stopSubject
    const carriers = this.#ports.plant.carriers(runtime.outputId).map(({ deviceId, state, measured }) => ({ deviceId, state, measured }))
    this.#ports.log.open({
      kind,
      actionId: rowId(runtime, effect.row, effect.id),
      actor,
      outputId: runtime.outputId,
      subject,
      sent,
      measured: { carriers },
    })
  }

  /** @param actor who ended it: by an order that took its place, or `station` where it only happened */
  close(runtime: OutputRuntime, row: 'cutIn' | 'input' | 'stop', id: string, reason: string, actor: string): void {
    this.#close(runtime, row, id, { reason }, actor)
    if (row !== 'cutIn') return
    this.#ledger.ended(id as CutInId, runtime.outputId, reason, this.#ports.clock.now())
    const ended = this.#ledger.get(id as CutInId)
    if (ended === null || ended.endedAtMs === null) return
    this.#ports.onEnded(
      ended.alertId,
      id,
      ended.outputs.every((output) => output.endReason === 'failed'),
    )
  }

  /** The station ends over it: the row is closed, the airing is not over. @param positionMs how far it was */
  left(runtime: OutputRuntime, row: 'cutIn' | 'input', id: string, positionMs: number | null): void {
    this.#close(runtime, row, id, { reason: 'stationStopped', ...(positionMs === null ? {} : { positionMs }) }, 'station')
  }

  #close(runtime: OutputRuntime, row: 'cutIn' | 'input' | 'stop', id: string, ended: Record<string, unknown>, actor: string): void {
    const kind = row === 'cutIn' ? 'cutin' : row === 'input' ? 'input.live' : 'reopen'
    const view = row === 'cutIn' ? this.#ledger.get(id as CutInId) : null
    const output = view?.outputs.find((one) => one.outputId === runtime.outputId)
    const measured = {
      ...ended,
      latencyMs: output?.latencyMs ?? null,
      temperature: output?.temperature ?? null,
      carriers: output?.carriers ?? null,
    }
    this.#ports.log.close({
      kind: row === 'stop' ? 'stop' : kind,
      actionId: rowId(runtime, row, id),
      actor,
      outputId: runtime.outputId,
      subject: view?.title ?? id,
      measured,
    })
  }
}

function rowId(runtime: OutputRuntime, row: string, id: string): string {
  return `${row}/${runtime.outputId}/${id}`
}

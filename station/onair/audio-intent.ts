// What was meant to be on air, kept by the station beside the audio process: when that dies, its successor is told to go on there.
// Taken from the orders sent and from what the process reported. Pure but for the clock readings it is given.
import type { AudioEvent, AudioMessage, OutputAudioState, PlaySource } from '../../shared/audio-protocol.ts'
import type { AlertId, CutInId, OutputId } from '../../shared/domain/ids.ts'
import { type EpochMs, epochMs } from '../../shared/domain/time.ts'
import type { AudioOrder } from './ports.ts'

type OrderOf<K extends AudioOrder['kind']> = Extract<AudioOrder, { kind: K }>
type Report = Extract<AudioMessage, { kind: 'report' }>

interface OutputIntent {
  state: OutputAudioState
  /** Frame of the item on air at `frameAtMs`, from the last report. */
  frame: number
  frameAtMs: EpochMs
  queue: OrderOf<'setQueue'> | null
  alert: OrderOf<'fireAlert'> | null
  alertMs: number | null
  /** The cold airing that was told to go on to its text. */
  proceeded: CutInId | null
  inputs: Map<string, OrderOf<'openInput'>>
}

const framesPerMs = 48

export class AudioIntent {
  readonly #outputs = new Map<OutputId, OutputIntent>()
  readonly #loads = new Map<AlertId, OrderOf<'loadAlert'>>()

  /** An order that was sent. */
  ordered(order: AudioOrder): void {
    if (order.kind === 'loadAlert') this.#loads.set(order.alert.alertId, order)
    else if (order.kind === 'unloadAlert') this.#loads.delete(order.alertId)
    else if (order.kind === 'setQueue') this.#patch(order.outputId, { queue: order })
    // An alert closes the microphones; one that was ordered closed does not sound again either.
    else if (order.kind === 'fireAlert')
      for (const outputId of order.outputIds) this.#patch(outputId, { alert: order, alertMs: null, inputs: new Map() })
    else if (order.kind === 'closeInput') for (const outputId of order.outputIds) this.#outputs.get(outputId)?.inputs.delete(order.inputId)
    // At once: a successor that is told what sounded before a STOP would sound it after the STOP.
    else if (order.kind === 'stop') for (const outputId of order.outputIds) this.#stopped(outputId)
    else if (order.kind === 'proceedAlert') this.#patch(order.outputId, { proceeded: order.cutInId })
    else if (order.kind === 'stopAlert') for (const outputId of order.outputIds) this.#alertStopped(outputId, order.cutInId)
    else if (order.kind === 'reopen') for (const outputId of order.outputIds) this.#reopened(outputId)
    else if (order.kind === 'openInput')
      for (const outputId of order.outputIds) this.#outputs.get(outputId)?.inputs.set(order.inputId, order)
  }

  /** The airing that is meant there. */
  airingOf(outputId: OutputId): CutInId | null {
    return this.#outputs.get(outputId)?.alert?.cutInId ?? null
  }

  /** It was refused: what it would have begun is not what is meant. */
  refused(order: AudioOrder): void {
    if (order.kind === 'fireAlert') for (const outputId of order.outputIds) this.#forgetAlert(outputId, order.cutInId)
  }

  state(output: OutputAudioState, atMs: EpochMs): void {
    const known = this.#outputs.get(output.outputId)
    const frame = { frame: output.item?.frame ?? 0, frameAtMs: atMs }
    if (known === undefined)
      this.#outputs.set(output.outputId, {
        state: output,
        ...frame,
        queue: null,
        alert: null,
        alertMs: null,
        proceeded: null,
        inputs: new Map(),
      })
    else Object.assign(known, { state: output, ...frame, alertMs: output.alert?.positionMs ?? null })
  }

  report(report: Report): void {
    for (const { outputId, frame, alertMs } of report.outputs) {
      const known = this.#outputs.get(outputId)
      if (known === undefined) continue
      known.alertMs = alertMs
      if (frame === null) continue
      known.frame = frame
      known.frameAtMs = report.atMs
    }
  }

  event(event: AudioEvent): void {
    if (event.kind === 'alertEnded') this.#forgetAlert(event.outputId, event.cutInId)
    if (event.kind === 'inputClosed') this.#outputs.get(event.outputId)?.inputs.delete(event.inputId)
  }

  /**
   * What the successor is told for one output, in this order. `fallback`: what sounds in place of the item on air until that one
   * would end, where it may be the reason of the deaths.
   */
  restore(outputId: OutputId, nowMs: EpochMs, fallback: PlaySource | null): AudioOrder[] {
    const known = this.#outputs.get(outputId)
    if (known === undefined) return []
    const { state } = known
    if (state.stopped) return [{ kind: 'stop', outputIds: [outputId] }]
    const orders: AudioOrder[] = []
    if (state.alert !== null && known.alert !== null) orders.push(...this.#alertOrders(known, known.alert, outputId))
    if (state.item !== null) orders.push(itemOrder(known, state.item, outputId, nowMs, fallback))
    const queue = remainingQueue(known)
    if (queue !== null) orders.push(queue)
    for (const inputId of state.openInputs) {
      const open = known.inputs.get(inputId)
      if (open !== undefined) orders.push({ ...open, outputIds: [outputId] })
    }
    return orders
  }

  /** What is still to be done of an order that its process may have carried out before it died; null = nothing. */
  left(order: AudioOrder): AudioOrder | null {
    if (order.kind === 'playNow') return this.#outputs.get(order.outputId)?.state.item?.item.itemId === order.item.itemId ? null : order
    if (order.kind === 'hold' || order.kind === 'release' || order.kind === 'resume') {
      const isHeld = this.#outputs.get(order.outputId)?.state.item?.state === 'held'
      return isHeld === (order.kind === 'hold') ? null : order
    }
    if (order.kind !== 'openInput' && order.kind !== 'fireAlert' && order.kind !== 'reopen') return order
    const isDone = ({ openInputs, alert, stopped }: OutputAudioState) => {
      if (order.kind === 'reopen') return !stopped
      return order.kind === 'openInput' ? openInputs.includes(order.inputId) : alert?.cutInId === order.cutInId
    }
    const outputIds = order.outputIds.filter((outputId) => {
      const known = this.#outputs.get(outputId)
      return known === undefined || !isDone(known.state)
    })
    return outputIds.length > 0 ? { ...order, outputIds } : null
  }

  outputIds(): OutputId[] {
    return [...this.#outputs.keys()]
  }

  #alertOrders(known: OutputIntent, fire: OrderOf<'fireAlert'>, outputId: OutputId): AudioOrder[] {
    const load = this.#loads.get(fire.alertId)
    const alert = known.state.alert
    if (load === undefined || alert === null) return []
    // One that was to take its place and that nobody confirmed: all of it.
    if (alert.cutInId !== fire.cutInId) return [load, { ...fire, outputIds: [outputId] }]
    // As the process airs it: one that was put back once already, on its way to the text, was put back hot.
    const waits = alert.mode === 'cold' && alert.phase === 'attention' && known.proceeded !== fire.cutInId
    const offsetMs = Math.max(0, Math.floor(known.alertMs ?? alert.positionMs))
    // A cold airing that already read its text goes on as a hot one from there.
    return [load, waits ? { ...fire, outputIds: [outputId] } : { ...fire, mode: 'hot', outputIds: [outputId], offsetMs }]
  }

  /** An alert that a hand ended. */
  #alertStopped(outputId: OutputId, cutInId: CutInId): void {
    const known = this.#outputs.get(outputId)
    if (known?.alert?.cutInId !== cutInId) return
    const { item } = known.state
    // After a grave one only a hand lets the programme go on, also where nobody was there to end it.
    if (item !== null && known.alert.resume?.kind === 'hold') known.state = { ...known.state, item: { ...item, state: 'held' } }
    known.alert = null
  }

  #forgetAlert(outputId: OutputId, cutInId: CutInId): void {
    const known = this.#outputs.get(outputId)
    if (known?.alert?.cutInId === cutInId) known.alert = null
  }

  #stopped(outputId: OutputId): void {
    const known = this.#outputs.get(outputId)
    if (known === undefined) return
    known.state = { ...known.state, item: null, alert: null, openInputs: [], oversPlaying: [], stopped: true }
    known.alert = null
    known.inputs.clear()
  }

  #reopened(outputId: OutputId): void {
    const known = this.#outputs.get(outputId)
    if (known !== undefined) known.state = { ...known.state, stopped: false }
  }

  #patch(outputId: OutputId, changes: Partial<OutputIntent>): void {
    const known = this.#outputs.get(outputId)
    if (known !== undefined) Object.assign(known, changes)
  }
}

function itemOrder(
  known: OutputIntent,
  onAir: NonNullable<OutputAudioState['item']>,
  outputId: OutputId,
  nowMs: EpochMs,
  fallback: PlaySource | null,
): AudioOrder {
  const { item } = onAir
  const frame = resumeFrame(known, onAir, nowMs)
  if (fallback !== null) {
    const endAtMs = item.endAtMs ?? lastsUntil(item.source, frame, nowMs)
    return { kind: 'playNow', outputId, item: { ...item, source: fallback, startFrame: 0, endAtMs }, fadeMs: 0 }
  }
  const restore = { frame, startedAtMs: onAir.startedAtMs, policy: item.resume, held: onAir.state === 'held' }
  return { kind: 'playNow', outputId, item, fadeMs: 0, restore }
}

/** null = it has no end of its own. */
function lastsUntil(source: PlaySource, frame: number, nowMs: EpochMs): EpochMs | null {
  if (source.kind !== 'pcm' || source.loop) return null
  return epochMs(nowMs + (source.frames - frame) / framesPerMs)
}

/** Where the item goes on, by its own policy; a jingle that would be skipped after an alert is finished after half a second. */
function resumeFrame(known: OutputIntent, { item, state }: NonNullable<OutputAudioState['item']>, nowMs: EpochMs): number {
  if (state !== 'playing') return known.frame
  if (item.resume.kind === 'rewind') return Math.max(0, known.frame - item.resume.ms * framesPerMs)
  if (item.resume.kind !== 'rejoin') return known.frame
  const rejoined = known.frame + Math.max(0, nowMs - known.frameAtMs) * framesPerMs
  return item.source.kind === 'pcm' ? Math.min(rejoined, item.source.frames) : rejoined
}

/** The part of the queue that had not been played, as the process last told it. */
function remainingQueue({ queue, state }: OutputIntent): AudioOrder | null {
  if (queue === null) return null
  const waiting = new Set(state.queuedItemIds)
  // A queue the process had not confirmed yet is sent as it is.
  const items = state.queueRevision === queue.revision ? queue.items.filter((item) => waiting.has(item.itemId)) : queue.items
  return { ...queue, items: [...items] }
}

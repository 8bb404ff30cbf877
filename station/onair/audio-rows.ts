// Rows and facts of the rundown that come from the audio process, in its own time: what began, ended, was interrupted, resumed.
// An item's row is closed under the start it was opened with, also across a restart of the station.
import type { AudioEvent, AudioEventOf } from '../../shared/audio-protocol.ts'
import type { OrderVia } from '../../shared/domain/alert.ts'
import type { ItemId, OutputId } from '../../shared/domain/ids.ts'
import type { EpochMs } from '../../shared/domain/time.ts'
import type { CutInLedger } from './cut-in-ledger.ts'
import type { OutputRuntime } from './output-runtime.ts'
import type { OnAirPorts } from './ports.ts'

interface Press {
  readonly via: OrderVia
  readonly actor: string
}

/** Which hot key, where, and when. */
type Over = Pick<Extract<AudioEvent, { kind: 'overStarted' }>, 'outputId' | 'slot' | 'atMs'>

export class AudioRows {
  readonly #ports: OnAirPorts
  readonly #ledger: CutInLedger
  readonly #itemStarts = new Map<string, EpochMs>()
  readonly #deadSince = new Map<OutputId, EpochMs>()
  /** Who pressed a hot key last, and how, by output and slot: the audio process reports only that it sounds. */
  readonly #pressed = new Map<string, Press>()

  constructor(ports: OnAirPorts, ledger: CutInLedger) {
    this.#ports = ports
    this.#ledger = ledger
  }

  /** The audio process is gone: what it played ended with it; what a successor puts back on air opens rows of its own. */
  allEnded(runtimes: ReadonlyMap<OutputId, OutputRuntime>, reason: 'audioDied' | 'stationStopped'): void {
    const atMs = this.#ports.clock.now()
    for (const [key, startedAtMs] of this.#itemStarts) {
      const [outputId = '', itemId = ''] = key.split('/')
      const runtime = runtimes.get(outputId as OutputId)
      if (!runtime) continue
      const measured = { reason, playedMs: atMs - startedAtMs }
      this.#ports.log.close({
        kind: 'item.aired',
        actionId: `item/${key}/${startedAtMs}`,
        actor: 'station',
        outputId,
        subject: this.#title(runtime, itemId as ItemId),
        measured,
      })
    }
    this.#itemStarts.clear()
    // A hot key is not put back: it belonged to a moment that is over.
    for (const { outputId, audio } of runtimes.values())
      for (const slot of audio?.oversPlaying ?? [])
        this.#ports.log.close({ ...this.#hotKey({ outputId, slot, atMs }), measured: { reason } })
  }

  /** Everything died while this output was on air; the first sound on it measures the gap. */
  deadSince(outputId: OutputId, fromMs: EpochMs): void {
    this.#deadSince.set(outputId, fromMs)
  }

  hotKeyPressed(outputId: OutputId, slot: number, press: Press): void {
    this.#pressed.set(`${outputId}/${slot}`, press)
  }

  /** When an item began, known from its open row of an earlier boot: its close must find it. */
  knownStart(outputId: string, itemId: string, startedAtMs: number): void {
    this.#itemStarts.set(`${outputId}/${itemId}`, startedAtMs as EpochMs)
  }

  /** When an item began by what the audio process says of it, where no row does: one that was put back has a row of its own. */
  toldStart(outputId: OutputId, itemId: ItemId, startedAtMs: EpochMs): void {
    if (!this.#itemStarts.has(`${outputId}/${itemId}`)) this.knownStart(outputId, itemId, startedAtMs)
  }

  /** Rows of one event; missed ones come in the same words. */
  record(runtime: OutputRuntime, event: AudioEvent): void {
    const { log, rundown } = this.#ports
    const { outputId } = runtime
    if (event.kind === 'itemStarted' || event.kind === 'alertStarted') this.#gapOver(outputId, event.atMs)
    switch (event.kind) {
      case 'itemStarted':
        rundown.itemStarted(outputId, event.itemId, event.atMs, event.startFrame)
        return this.#begins(runtime, event, event.startFrame)
      case 'itemEnded': {
        const startedAtMs = this.#itemStarts.get(`${outputId}/${event.itemId}`) ?? event.atMs
        this.#itemStarts.delete(`${outputId}/${event.itemId}`)
        runtime.noteEnded(event, this.#title(runtime, event.itemId), startedAtMs)
        rundown.itemEnded(outputId, event.itemId, event.atMs, event.reason)
        const measured = { reason: event.reason, playedMs: event.atMs - startedAtMs, frame: event.frame }
        log.close({
          kind: 'item.aired',
          actionId: `item/${outputId}/${event.itemId}/${startedAtMs}`,
          actor: 'rundown',
          outputId,
          subject: this.#title(runtime, event.itemId),
          atMs: event.atMs,
          measured,
        })
        return
      }
      case 'itemInterrupted':
        return log.note({
          kind: 'item.interrupted',
          actor: event.by,
          outputId,
          subject: this.#title(runtime, event.itemId),
          atMs: event.atMs,
          measured: { frame: event.frame },
        })
      case 'itemResumed':
        // Its row ended with the process that played it: what a successor puts back on air has one of its own.
        if (!this.#itemStarts.has(`${outputId}/${event.itemId}`)) {
          rundown.itemStarted(outputId, event.itemId, event.atMs, event.frame)
          this.#begins(runtime, event, event.frame)
        }
        return log.note({
          kind: 'item.resumed',
          actor: 'rundown',
          outputId,
          subject: this.#title(runtime, event.itemId),
          atMs: event.atMs,
          measured: { frame: event.frame, policy: event.policy.kind },
        })
      case 'alertStarted':
        this.#ledger.started(event.cutInId, outputId, event.atMs, this.#ports.clock.monotonic())
        return
      case 'alertBodyStarted':
        return this.#ledger.body(event.cutInId, outputId)
      case 'overStarted': {
        // Pressed under a station that is gone: the audio process does not know by whom.
        const { via, actor } = this.#pressed.get(keyOf(event)) ?? { via: null, actor: 'audio' }
        return log.open({ ...this.#hotKey(event), actor, sent: { slot: event.slot, via } })
      }
      case 'overEnded':
        return log.close({ ...this.#hotKey(event), measured: { reason: event.reason } })
      case 'stopped':
        return log.note({ kind: 'stop', actor: 'audio', outputId, subject: 'im', atMs: event.atMs, measured: { muteMs: event.muteMs } })
      case 'underrun':
        return log.note({
          kind: 'audio.gap',
          actor: 'audio',
          outputId,
          subject: 'underrun',
          atMs: event.atMs,
          measured: { frames: event.frames },
        })
      default:
        return
    }
  }

  #begins(runtime: OutputRuntime, { itemId, atMs }: Pick<AudioEventOf<'itemStarted'>, 'itemId' | 'atMs'>, startFrame: number): void {
    const { log, rundown } = this.#ports
    const { outputId } = runtime
    this.#itemStarts.set(`${outputId}/${itemId}`, atMs)
    log.open({
      kind: 'item.aired',
      actionId: `item/${outputId}/${itemId}/${atMs}`,
      actor: 'rundown',
      outputId,
      subject: this.#title(runtime, itemId),
      atMs,
      planned: { startMs: rundown.plannedStart(itemId) },
      sent: { startFrame },
    })
  }

  #gapOver(outputId: OutputId, atMs: EpochMs): void {
    const fromMs = this.#deadSince.get(outputId)
    if (fromMs === undefined) return
    this.#deadSince.delete(outputId)
    const measured = { fromMs, silentMs: atMs - fromMs }
    this.#ports.log.note({ kind: 'audio.gap', actor: 'station', outputId, subject: 'restart', atMs, measured })
  }

  #hotKey(event: Over) {
    const { outputId, slot, atMs } = event
    const subject = this.#ports.hotKey(slot)?.title ?? String(slot)
    return { kind: 'hotkey', actionId: `over/${keyOf(event)}`, actor: 'station', outputId, subject, atMs } as const
  }

  #title(runtime: OutputRuntime, itemId: ItemId): string {
    return runtime.title(itemId) ?? this.#ports.rundown.titleOf(itemId) ?? itemId
  }
}

/** One key on one output sounds at most once at a time. */
function keyOf({ outputId, slot }: Over): string {
  return `${outputId}/${slot}`
}

// One programme output on an audio clock that the test moves: the real graph, voices and files, and no device. Nothing is rendered;
// what is asked is who has the air, what was told and when, and where gate and duck stand. The clock stands still while anything is
// read from the disk, so the same test goes the same way each time.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OfflineAudioContext } from 'node-web-audio-api'
import type { FireOrder } from '../../audio/alert-player.ts'
import type { LoadedAlert } from '../../audio/alert-store.ts'
import { quantumFrames } from '../../audio/frames.ts'
import type { InputFeeds } from '../../audio/item-voice.ts'
import type { EventDraft } from '../../audio/journal.ts'
import { OutputBus } from '../../audio/output-bus.ts'
import { ProgrammeOutput } from '../../audio/programme-output.ts'
import { Refusal } from '../../audio/refusal.ts'
import type { PlayItem } from '../../shared/audio-protocol.ts'
import type { AlertId, CutInId, OutputId } from '../../shared/domain/ids.ts'
import { type EpochMs, epochMs } from '../../shared/domain/time.ts'
import { toS16 } from './signals.ts'

const rateHz = 48_000
/** As often as the engine looks. */
const tickFrames = 6 * quantumFrames
export const output = 'fm' as OutputId

export class AirRig {
  readonly output: ProgrammeOutput
  readonly events: (EventDraft & { readonly ms: number })[] = []
  #frame = 0
  #bus: OutputBus
  readonly #startMs: number

  constructor({ alerts = [], inputs = () => null }: { readonly alerts?: readonly LoadedAlert[]; readonly inputs?: InputFeeds } = {}) {
    this.#bus = this.newBus()
    this.#startMs = this.#bus.clock.wallOf(0)
    const emit = (draft: object, atMs?: number) =>
      void this.events.push({ ...(draft as EventDraft), ms: Math.round((atMs ?? this.#bus.clock.wallOf(this.#frame)) - this.#startMs) })
    this.output = new ProgrammeOutput(output, emit, inputs, () => undefined)
    this.output.attach(this.#bus, 'device', false, alerts)
  }

  /** The bus of another device, on the same clock. */
  newBus(): OutputBus {
    const context = new OfflineAudioContext(2, rateHz, rateHz)
    const onOurClock = new Proxy(context, {
      get: (target, name) => (name === 'currentTime' ? this.#frame / rateHz : Reflect.get(target, name, target)),
    })
    return new OutputBus(onOurClock as unknown as AudioContext)
  }

  attach(bus: OutputBus, alerts: readonly LoadedAlert[] = []): void {
    this.#bus = bus
    this.output.attach(bus, 'another', false, alerts)
  }

  /** Wall time so many ms after the beginning. */
  wall(ms: number): EpochMs {
    return epochMs(this.#startMs + ms)
  }

  /** Time passes, ms; the output is looked after all the while. */
  async pass(ms: number): Promise<void> {
    const endF = this.#frame + (ms * rateHz) / 1000
    await quiet()
    while (this.#frame < endF) {
      this.#frame = Math.min(endF, this.#frame + tickFrames)
      this.output.tick(this.#bus.clock.frame())
      await quiet()
    }
  }

  /** Time passes, ms, and this thread is held up: nobody looks. */
  async heldUp(ms: number): Promise<void> {
    await quiet()
    this.#frame += (ms * rateHz) / 1000
  }

  /** Who has the air at this moment. */
  now() {
    const { item, alert, openInputs, oversPlaying } = this.output.state()
    return {
      item: item === null ? null : `${item.item.itemId} ${item.state}`,
      alert: alert === null ? null : `${alert.alertId} ${alert.phase}`,
      over: [...openInputs, ...oversPlaying].join(' '),
      gate: this.#bus.gate.valueAt(this.#frame),
      duckDb: Math.round(20 * Math.log10(this.#bus.duck.valueAt(this.#frame))),
    }
  }

  /** What was told, with the reason where it has one. */
  get told(): string[] {
    return this.events.map((event) => ('reason' in event ? `${event.kind} ${event.reason}` : event.kind))
  }

  /** The last event of this kind. */
  last<K extends EventDraft['kind']>(kind: K) {
    const found = this.events.findLast((event) => event.kind === kind)
    if (found === undefined) throw new Error(`no ${kind} among ${this.told.join(', ')}`)
    return found as Extract<EventDraft, { kind: K }> & { readonly ms: number }
  }
}

/** Until nothing is read from the disk any more, and what was read is placed. */
async function quiet(): Promise<void> {
  do for (let round = 0; round < 3; round++) await new Promise((resolve) => setImmediate(resolve))
  while (process.getActiveResourcesInfo().includes('FSReqPromise'))
}

/** A recording of this length, not silent. */
export async function recording(dir: string, id: string, seconds: number, changes: Partial<PlayItem> = {}): Promise<PlayItem> {
  const path = join(dir, `${id}.pcm`)
  const frames = seconds * rateHz
  await writeFile(path, toS16(new Float32Array(frames).fill(0.1), 2))
  return {
    itemId: id as PlayItem['itemId'],
    title: id,
    cartId: null,
    source: { kind: 'pcm', path, frames, gainDb: 0, loop: false },
    startFrame: 0,
    start: { kind: 'follow' },
    endAtMs: null,
    crossfadeMs: 0,
    resume: { kind: 'exact' },
    ...changes,
  }
}

/** An alert of so many ms of attention signal (0: it has none) and of text, in memory. */
export function loadedAlert(id: string, attentionMs: number, bodyMs: number): LoadedAlert {
  const samples = (ms: number) => new Int16Array((ms * rateHz) / 1000).fill(5000)
  return {
    alertId: id as AlertId,
    attention: attentionMs === 0 ? null : samples(attentionMs),
    body: samples(bodyMs),
    gainDb: 0,
    sha256: '',
  }
}

export function firing(
  alert: LoadedAlert,
  changes: Partial<Pick<FireOrder, 'mode' | 'bodyRepeats' | 'offsetMs' | 'resume'>> = {},
): FireOrder {
  const cutInId = `cut-${alert.alertId}` as CutInId
  const order = { kind: 'fireAlert', ref: 'r', cutInId, alertId: alert.alertId, resume: null } as const
  return { ...order, outputIds: [output], mode: 'hot', bodyRepeats: 1, gapMs: 0, ...changes }
}

/** The code with which this is refused; null when it is not. */
export async function refusal(act: () => unknown): Promise<string | null> {
  try {
    await act()
    return null
  } catch (cause) {
    if (cause instanceof Refusal) return cause.code
    throw cause
  }
}

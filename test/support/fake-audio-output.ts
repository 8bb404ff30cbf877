// One output of the audio process as its station sees it, in virtual time: programme and queue under alert, microphone and STOP, by the
// rules of audio/programme-output.ts and without sound. What would have been heard is told to the world, which outlives the process.
import type { AudioEvent, OutputAudioState, PlayItem, ResumePolicy } from '../../shared/audio-protocol.ts'
import type { InputId, OutputId } from '../../shared/domain/ids.ts'
import { AudioRefusal } from '../../station/onair/audio-connection.ts'
import type { AudioOrder } from '../../station/onair/ports.ts'
import type { ProgrammeWitness } from './short-programme.ts'

/** Of every alert, ms. */
export const [attentionMs, alertMs] = [400, 2000]
export const stepMs = 100
const framesPerMs = 48

export type Untold = { [K in AudioEvent['kind']]: Omit<Extract<AudioEvent, { kind: K }>, 'seq' | 'atMs'> }[AudioEvent['kind']]
type OrderOf<K extends AudioOrder['kind']> = Extract<AudioOrder, { kind: K }>

interface OutputPort {
  readonly witness: ProgrammeWitness
  now(): number
  emit(event: Untold): void
  changed(): void
  heard(cutInId: string, fromMs: number, toMs: number): void
  /** An alert takes the air from another. */
  replaces(newer: string, older: string): void
}

interface OnAir {
  readonly item: PlayItem
  frame: number
  startedAtMs: number
  begun: boolean
}

export class FakeOutput {
  readonly outputId: OutputId
  readonly #port: OutputPort
  #on: OnAir | null = null
  #sounds = false
  /** By a hand, or until one decides. */
  #held = false
  #queue: PlayItem[] = []
  #revision = 0
  #alert: OutputAudioState['alert'] = null
  #fired: OrderOf<'fireAlert'> | null = null
  #reads = false
  readonly #inputs = new Map<InputId, 'replace' | 'duck'>()
  #stopped = false

  constructor(outputId: OutputId, port: OutputPort) {
    this.outputId = outputId
    this.#port = port
  }

  get sounds(): boolean {
    return !this.#stopped && (this.#sounds || this.#alert !== null || this.#inputs.size > 0)
  }

  get alertMs(): number | null {
    return this.#alert?.positionMs ?? null
  }

  get state(): OutputAudioState {
    const on = this.#on
    const state = this.#sounds ? 'playing' : this.#held ? 'held' : 'interrupted'
    return {
      outputId: this.outputId,
      device: 'D',
      onBackup: false,
      queueRevision: this.#revision,
      item: on && ({ item: on.item, startedAtMs: on.startedAtMs, frame: on.frame, state } as OutputAudioState['item']),
      queuedItemIds: this.#queue.map(({ itemId }) => itemId),
      holdsUntilMs: null,
      alert: this.#alert,
      openInputs: [...this.#inputs.keys()],
      oversPlaying: [],
      stopped: this.#stopped,
    }
  }

  take(order: AudioOrder): void {
    const { outputId } = this
    switch (order.kind) {
      case 'setQueue':
        this.#revision = order.revision
        this.#queue = order.items.filter(({ itemId }) => itemId !== this.#on?.item.itemId)
        this.#plan()
        return this.#port.changed()
      case 'playNow':
        return this.#playNow(order.item, order.restore, order.restore === undefined ? 'joined' : 'restored')
      case 'next': {
        this.#refuse(this.#stopped, 'STOP_LATCHED')
        const item = this.#queue.shift()
        this.#refuse(item === undefined, 'NOTHING_NEXT')
        this.#port.witness.over(outputId)
        return this.#playNow(item as PlayItem, undefined, 'queue')
      }
      case 'hold':
        this.#refuse(this.#held, 'ALREADY_HELD')
        this.#held = true
        return this.#silence('hold')
      case 'release':
      case 'resume':
        this.#refuse(!this.#held, 'NOT_HELD')
        this.#held = false
        return this.#goOn(null)
      case 'fireAlert':
        return this.#fire(order)
      case 'proceedAlert':
        return this.#proceed(order)
      case 'stopAlert':
        this.#refuse(this.#alert?.cutInId !== order.cutInId, 'ALERT_NOT_AIRING')
        return this.#endAlert('stopped')
      case 'openInput':
        this.#refuse(this.#stopped, 'STOP_LATCHED')
        this.#refuse(this.#alert !== null, 'ALERT_HOLDS_AIR')
        this.#refuse(this.#inputs.has(order.inputId), 'INPUT_ALREADY_OPEN')
        this.#inputs.set(order.inputId, order.mode)
        if (order.mode === 'replace') this.#silence('input')
        return this.#port.emit({ kind: 'inputOpened', outputId, inputId: order.inputId })
      case 'closeInput':
        this.#refuse(!this.#inputs.has(order.inputId), 'INPUT_NOT_OPEN')
        this.#closeInput(order.inputId, 'ordered')
        return this.#goOn(null)
      case 'stop':
        return this.#stop()
      case 'reopen':
        this.#refuse(!this.#stopped, 'NOT_STOPPED')
        this.#stopped = false
        return this.#port.emit({ kind: 'reopened', outputId })
      default:
        return
    }
  }

  step(): void {
    this.#stepAlert()
    const on = this.#on
    if (on !== null && this.#sounds) {
      on.frame += stepMs * framesPerMs
      this.#port.witness.heard(this.outputId, on.frame / framesPerMs)
      if (on.item.source.kind === 'pcm' && on.frame >= on.item.source.frames) {
        this.#port.witness.over(this.outputId)
        this.#endItem('finished')
      }
    }
    this.#plan()
  }

  #stepAlert(): void {
    const alert = this.#alert
    if (alert?.mode !== 'hot') return
    const { outputId } = this
    const positionMs = alert.positionMs + stepMs
    this.#port.heard(alert.cutInId, alert.positionMs, positionMs)
    const phase = positionMs > attentionMs ? 'body' : 'attention'
    this.#alert = { ...alert, positionMs, phase }
    if (phase === 'body' && !this.#reads) this.#port.emit({ kind: 'alertBodyStarted', outputId, cutInId: alert.cutInId, reading: 1 })
    this.#reads ||= phase === 'body'
    if (positionMs >= alertMs) this.#endAlert('finished')
  }

  #refuse(when: boolean, code: string): void {
    if (when) throw new AudioRefusal(code, this.outputId)
  }

  get #blocked(): boolean {
    return this.#alert !== null || [...this.#inputs.values()].includes('replace')
  }

  #playNow(item: PlayItem, restore: OrderOf<'playNow'>['restore'], how: 'queue' | 'joined' | 'restored'): void {
    this.#refuse(this.#stopped, 'STOP_LATCHED')
    this.#endItem('nextTaken')
    this.#held = restore?.held === true
    this.#place(item, restore, how)
    this.#goOn(null)
    this.#port.changed()
  }

  #place(item: PlayItem, restore: OrderOf<'playNow'>['restore'], how: 'queue' | 'joined' | 'restored'): void {
    const begunMs = restore?.startedAtMs ?? null
    this.#on = { item, frame: restore?.frame ?? item.startFrame, startedAtMs: begunMs ?? this.#port.now(), begun: begunMs !== null }
    this.#port.witness.placed(this.outputId, item.itemId, this.#on.frame / framesPerMs, how)
  }

  /** The first of the queue, where nothing is on air and nothing keeps it away. */
  #plan(): void {
    if (this.#on !== null || this.#stopped || this.#held || this.#blocked) return
    const item = this.#queue.shift()
    if (item === undefined) return
    this.#place(item, undefined, 'queue')
    this.#goOn(null)
  }

  #silence(by: 'alert' | 'input' | 'hold'): void {
    const on = this.#on
    if (on !== null && this.#sounds) {
      this.#sounds = false
      this.#port.emit({ kind: 'itemInterrupted', outputId: this.outputId, itemId: on.item.itemId, frame: on.frame, by })
    }
    this.#port.changed()
  }

  #goOn(policy: ResumePolicy | null): void {
    const { outputId } = this
    const on = this.#on
    this.#port.changed()
    if (on === null || this.#sounds || this.#held || this.#blocked) return
    if (policy?.kind === 'hold') {
      this.#held = true
      return
    }
    this.#sounds = true
    const { itemId, resume } = on.item
    if (on.begun) return this.#port.emit({ kind: 'itemResumed', outputId, itemId, frame: on.frame, policy: resume })
    on.begun = true
    on.startedAtMs = this.#port.now()
    this.#port.emit({ kind: 'itemStarted', outputId, itemId, startFrame: on.frame })
  }

  #endItem(reason: 'finished' | 'nextTaken' | 'stopped'): void {
    const on = this.#on
    if (on === null) return
    this.#on = null
    this.#sounds = false
    this.#port.emit({ kind: 'itemEnded', outputId: this.outputId, itemId: on.item.itemId, frame: on.frame, reason })
  }

  #fire(order: OrderOf<'fireAlert'>): void {
    const { outputId } = this
    const { cutInId, alertId, mode, resume, offsetMs = 0 } = order
    this.#refuse(this.#stopped, 'STOP_LATCHED')
    const older = this.#alert
    if (older) this.#port.replaces(alertId, older.alertId)
    const startedAtMs = this.#port.now() as NonNullable<OutputAudioState['alert']>['startedAtMs']
    this.#alert = { cutInId, alertId, mode, resume, phase: 'attention', startedAtMs, positionMs: offsetMs, durationMs: alertMs }
    this.#fired = order
    this.#reads = false
    if (older) this.#tellAlertEnded(older, 'replaced')
    this.#silence('alert')
    for (const inputId of [...this.#inputs.keys()]) this.#closeInput(inputId, 'preempted')
    this.#port.emit({ kind: 'alertStarted', outputId, cutInId, alertId, scheduleMs: 0 })
  }

  #proceed({ cutInId }: OrderOf<'proceedAlert'>): void {
    const alert = this.#alert
    this.#refuse(alert?.cutInId !== cutInId, 'ALERT_NOT_AIRING')
    if (alert?.mode !== 'cold') return
    this.#alert = { ...alert, mode: 'hot', positionMs: Math.max(attentionMs, this.#fired?.offsetMs ?? 0) }
    this.#port.heard(cutInId, 0, attentionMs)
    this.#port.changed()
  }

  #endAlert(reason: 'finished' | 'stopped' | 'stopAll'): void {
    const alert = this.#alert
    if (alert === null) return
    this.#alert = null
    this.#tellAlertEnded(alert, reason)
    if (reason !== 'stopAll') this.#goOn(alert.resume)
  }

  #tellAlertEnded({ cutInId, alertId }: NonNullable<OutputAudioState['alert']>, reason: 'finished' | 'stopped' | 'stopAll' | 'replaced') {
    this.#port.emit({ kind: 'alertEnded', outputId: this.outputId, cutInId, alertId, playedMs: 0, reason })
  }

  #closeInput(inputId: InputId, reason: 'ordered' | 'stopAll' | 'preempted'): void {
    this.#inputs.delete(inputId)
    this.#port.emit({ kind: 'inputClosed', outputId: this.outputId, inputId, reason })
  }

  #stop(): void {
    this.#stopped = true
    this.#endAlert('stopAll')
    for (const inputId of [...this.#inputs.keys()]) this.#closeInput(inputId, 'stopAll')
    this.#port.emit({ kind: 'stopped', outputId: this.outputId, muteMs: 5 })
    this.#endItem('stopped')
    this.#queue = []
    this.#held = false
    this.#port.changed()
  }
}

// The programme of one output: the item on air, what follows it, and what happens when something takes the air from it.
// Everything known is placed on the audio clock seconds ahead, so the programme plays on with this thread blocked and with the
// station dead; when the plan changes, what has not begun is taken back and placed anew.
import type { AudioCommandOf, AudioEventOf, OutputAudioState, PlayItem, ResumePolicy } from '../shared/audio-protocol.ts'
import { type EpochMs, epochMs } from '../shared/domain/time.ts'
import { cutFadeFrames, framesOfMs, quantumCeil, startLeadFrames } from './frames.ts'
import { makeReady, withinHorizon } from './item-voice.ts'
import type { OutputBus } from './output-bus.ts'
import { type EndReason, ProgrammeChain, type ProgrammePort } from './programme-chain.ts'
import { holdsUntil } from './programme-extent.ts'
import { resumePoint } from './resume-point.ts'
import { nextStart } from './timeline.ts'

export type InterruptedBy = AudioEventOf<'itemInterrupted'>['by'] | 'device'

/** A change of device that took no longer is no interruption: whatever the item's policy, it goes on exactly. */
const unnoticedMs = 1000
/** A fade that was ordered has been rendered after this long. */
const fadeHeardMs = 200

/** An item that is not sounding but has its place: interrupted, held, or being read from the disk. */
interface Waiting {
  readonly item: PlayItem
  readonly frame: number
  /** Wall time at which it fell silent. */
  readonly sinceMs: EpochMs
  /** Wall time of its first sound; null while it never sounded. */
  readonly startedAtMs: EpochMs | null
}

export class Programme {
  readonly #port: ProgrammePort
  #bus: OutputBus | null = null
  #chain: ProgrammeChain | null = null
  #queue: PlayItem[] = []
  #revision = -1
  /** Who keeps the programme silent. */
  readonly #blockers = new Set<InterruptedBy>(['device'])
  #waiting: Waiting | null = null
  /** It waits for an operator's decision (resume policy `hold`). */
  #undecided = false
  #stopped = false
  /** Counts the decisions: an answer from the disk that belongs to an older one is dropped. */
  #decision = 0
  #opening: Waiting | null = null
  #silentSinceMs: EpochMs = epochMs(Date.now())
  /** The air is given back from this frame of the audio clock on. */
  #notBeforeF = 0

  constructor(port: ProgrammePort) {
    this.#port = port
  }

  get stopped(): boolean {
    return this.#stopped
  }

  /** An item is on air, or has its place and waits. */
  get hasItem(): boolean {
    return this.#waiting !== null || this.#opening !== null || this.#chain?.empty === false
  }

  get hasNext(): boolean {
    return this.#queue.length > 0 || (this.#chain?.upcoming.length ?? 0) > 0
  }

  /** Something is on air, waits to go on, or will start by itself. */
  get busy(): boolean {
    return this.hasItem || (!this.#stopped && this.#queue.length > 0)
  }

  get held(): boolean {
    return this.#blockers.has('hold') || this.#undecided
  }

  isBlockedBy(by: InterruptedBy): boolean {
    return this.#blockers.has(by)
  }

  /** The output's device is open: goes on with what waits. */
  attach(bus: OutputBus): void {
    this.#bus = bus
    this.#chain = new ProgrammeChain(this.#port, bus)
    const silentMs = Date.now() - (this.#waiting?.sinceMs ?? 0)
    this.unblock('device', silentMs < unnoticedMs ? { kind: 'exact' } : null)
  }

  /** The device is gone, or is left for another: the item keeps its place. `lastF`: what was surely played. */
  detach(lastF: number): void {
    this.block('device', lastF)
    const chain = this.#chain
    // A device that is only left still plays: its last milliseconds are a fade.
    setTimeout(() => chain?.release(), fadeHeardMs)
    this.#chain = null
    this.#bus = null
  }

  setQueue(revision: number, items: readonly PlayItem[]): void {
    this.#revision = revision
    const onAir = this.#waiting?.item ?? this.#opening?.item ?? this.#chain?.current?.item
    const news = items.filter((item) => item.itemId !== onAir?.itemId)
    const upcoming = this.#chain?.upcoming ?? []
    if (upcoming.length > 0 && JSON.stringify(upcoming) === JSON.stringify(news.slice(0, upcoming.length))) {
      this.#queue = news.slice(upcoming.length)
    } else {
      this.#chain?.retract()
      this.#queue = [...news]
    }
    this.#port.changed()
  }

  /** On air now, or behind whatever keeps the programme silent. `restore`: it was on air in a process that died. */
  playNow(item: PlayItem, fadeMs: number, restore?: AudioCommandOf<'playNow'>['restore']): void {
    this.#giveWay('nextTaken', Math.max(cutFadeFrames, framesOfMs(fadeMs)))
    this.#undecided = false
    this.#notBeforeF = 0
    if (restore?.held === true) this.#blockers.add('hold')
    else this.#blockers.delete('hold')
    const waiting = {
      item,
      frame: restore?.frame ?? item.startFrame,
      sinceMs: epochMs(Date.now()),
      startedAtMs: restore?.startedAtMs ?? null,
    }
    if (this.#blockers.size > 0) this.#waiting = waiting
    else this.#open(waiting, null, framesOfMs(fadeMs), restore?.policy ?? null)
    this.#port.changed()
  }

  /** On to the first of the queue; false when there is none. */
  next(fadeMs: number): boolean {
    this.#queue.unshift(...(this.#chain?.retract() ?? []))
    const item = this.#queue.shift()
    if (item === undefined) return false
    this.playNow(item, fadeMs)
    return true
  }

  clear(fadeMs: number): void {
    this.#giveWay('cleared', Math.max(cutFadeFrames, framesOfMs(fadeMs)))
    this.#queue = []
    this.#blockers.delete('hold')
    this.#undecided = false
    this.#port.changed()
  }

  /** STOP: ends everything at this frame; nothing starts until `reopen`. */
  stop(frame: number): void {
    this.#giveWay('stopped', cutFadeFrames, frame)
    this.#queue = []
    this.#blockers.delete('hold')
    this.#undecided = false
    this.#stopped = true
    this.#port.changed()
  }

  reopen(): void {
    this.#stopped = false
    this.#port.changed()
  }

  /** Takes the air from the programme at this frame of the audio clock and keeps the exact position. */
  block(by: InterruptedBy, readF: number, fadeFrames = cutFadeFrames): void {
    // First of all, before anything is computed: the fade, while the frame read by the caller is still the next one.
    const frame = this.#chain?.silence(readF, fadeFrames) ?? readF
    this.#blockers.add(by)
    this.#decision++
    const chain = this.#chain
    const opening = this.#opening
    this.#opening = null
    if (opening !== null) this.#waiting = opening
    if (chain === null) return
    const { kept, frame: position, back } = chain.interrupt(frame)
    this.#queue.unshift(...back)
    if (kept !== null) {
      const sinceMs = this.#wallOf(frame)
      this.#waiting = { item: kept.item, frame: position, sinceMs, startedAtMs: kept.startedAtMs }
      const event = { kind: 'itemInterrupted', outputId: this.#port.outputId, itemId: kept.item.itemId, frame: position } as const
      if (by !== 'device' && kept.begun) this.#port.emit({ ...event, by }, sinceMs)
    }
    this.#port.changed()
  }

  /** Gives the air back; the programme goes on from `atF` (null: now) when nobody else keeps it. `policy` null: the item's own. */
  unblock(by: InterruptedBy, policy: ResumePolicy | null, atF: number | null = null): void {
    if (!this.#blockers.delete(by) || this.#blockers.size > 0 || this.#undecided || this.#bus === null) return
    this.#notBeforeF = atF ?? 0
    this.#goOn(policy, atF)
    this.#port.changed()
  }

  /** What has its place goes on by a hand only: what took the air from it was grave, and did not live to give it back. */
  waitForHand(): void {
    this.#undecided = this.#waiting !== null
    this.#port.changed()
  }

  hold(): void {
    this.block('hold', this.#bus?.clock.frame() ?? 0, framesOfMs(50))
  }

  /** Ends a hold, or decides for an item that waits under `hold`: from `atF` on, where something has the air until then. */
  resumeWith(policy: ResumePolicy, atF: number | null): void {
    if (policy.kind === 'hold') return
    this.#undecided = false
    this.#blockers.add('hold')
    this.unblock('hold', policy, atF)
  }

  /** Called every few milliseconds while the audio clock moves. */
  tick(nowF: number): void {
    this.#chain?.tick(nowF)
    this.#plan(nowF)
  }

  state(nowF: number): Pick<OutputAudioState, 'item' | 'queueRevision' | 'queuedItemIds' | 'holdsUntilMs'> {
    const current = this.#chain?.current ?? null
    const upcoming = this.#chain?.upcoming ?? []
    return {
      queueRevision: this.#revision,
      queuedItemIds: [...upcoming, ...this.#queue].map((item) => item.itemId),
      item:
        this.#waitingItem() ??
        (current === null
          ? null
          : {
              item: current.item,
              startedAtMs: current.startedAtMs,
              frame: Math.floor(current.voice.positionAt(nowF)),
              state: 'playing',
            }),
      holdsUntilMs: this.#holdsUntil(),
    }
  }

  #waitingItem(): OutputAudioState['item'] {
    const waiting = this.#waiting ?? this.#opening
    if (waiting === null) return null
    const state = this.#waiting === null ? 'playing' : this.held ? 'held' : 'interrupted'
    return { item: waiting.item, startedAtMs: waiting.startedAtMs ?? waiting.sinceMs, frame: Math.floor(waiting.frame), state }
  }

  #holdsUntil(): EpochMs | null {
    if (this.#stopped || !this.busy) return this.#silentSinceMs
    if (this.#waiting !== null) return null
    const last = this.#chain?.last ?? null
    if (last === null) return holdsUntil(Date.now(), this.#queue)
    return holdsUntil(last.endF === Infinity ? null : this.#wallOf(last.endF), this.#queue)
  }

  /** Places what comes next while it lies within the horizon. */
  #plan(nowF: number): void {
    const bus = this.#bus
    const chain = this.#chain
    if (chain?.misplaced === true) this.#queue.unshift(...chain.retract())
    while (bus !== null && chain !== null && !this.#stopped && this.#blockers.size === 0 && !this.#undecided && this.#opening === null) {
      if (chain.empty && this.#queue.length === 0) return
      const soonestF = Math.max(nowF, this.#notBeforeF)
      const next = nextStart({ last: chain.last, queue: this.#queue, nowF: soonestF, frameOfWall: (wallMs) => bus.clock.frameAt(wallMs) })
      if (next === null || !withinHorizon(next.startF, nowF)) return
      this.#queue.splice(0, next.index + 1)
      if (next.startF <= soonestF + startLeadFrames) {
        if (next.cuts) chain.cut('hardStart', soonestF, next.fadeFrames)
        const waiting = { item: next.item, frame: next.item.startFrame, sinceMs: this.#wallOf(soonestF), startedAtMs: null }
        return this.#open(waiting, this.#notBeforeF, 0, null)
      }
      if (next.cuts) chain.cut('hardStart', next.startF, next.fadeFrames)
      else if (next.fadeFrames > 0) chain.crossfadeLast(next.startF, next.fadeFrames)
      const voice = chain.place({ item: next.item, startFrame: next.item.startFrame, file: null }, next.startF, {
        resumed: null,
        startedAtMs: null,
        foreseen: true,
      })
      if (!next.cuts && next.fadeFrames > 0) voice.fadeIn(next.fadeFrames, 'equalPower')
    }
  }

  /** Reads the beginning of an item and starts it as soon as that is there, not before `atF`. */
  #open(waiting: Waiting, atF: number | null, fadeFrames: number, resumed: ResumePolicy | null): void {
    this.#decision++
    const decision = this.#decision
    this.#opening = waiting
    makeReady(waiting.item, waiting.frame).then(
      (ready) => {
        const { chain, bus } = { chain: this.#chain, bus: this.#bus }
        if (decision !== this.#decision || chain === null || bus === null) return ready.file?.close()
        this.#opening = null
        const startF = quantumCeil(Math.max(atF ?? 0, bus.clock.frame() + startLeadFrames))
        const voice = chain.place(ready, startF, { resumed, startedAtMs: waiting.startedAtMs, foreseen: false })
        const fadeIn = resumed === null ? fadeFrames : cutFadeFrames
        if (fadeIn > 0) voice.fadeIn(fadeIn, fadeIn > cutFadeFrames ? 'equalPower' : 'linear')
        this.#port.changed()
        return undefined
      },
      (cause: unknown) => {
        if (decision !== this.#decision) return
        this.#opening = null
        const { emit, outputId } = this.#port
        emit({ kind: 'failure', code: 'ITEM_FAILED', message: `${waiting.item.itemId}: ${String(cause)}`, outputId })
        this.#endWaiting(waiting, 'failed')
      },
    )
  }

  /** Goes on after an interruption, or with a hard start that fell into it. */
  #goOn(policy: ResumePolicy | null, atF: number | null): void {
    const waiting = this.#waiting
    if (this.#bus === null || waiting === null) return
    const goesOnMs = this.#wallOf(atF ?? this.#bus.clock.frame())
    const chosen = policy ?? waiting.item.resume
    const hardDue = this.#queue.some((item) => item.start.kind === 'at' && item.start.atMs <= goesOnMs)
    // Ordered to wait for a hand, it waits: not even a fixed time follows a grave alert by itself.
    const point =
      hardDue && policy?.kind !== 'hold'
        ? ({ kind: 'over', reason: 'hardStart' } as const)
        : resumePoint(waiting.item, waiting.frame, chosen, goesOnMs - waiting.sinceMs, goesOnMs)
    if (point.kind === 'hold') {
      this.#undecided = true
      return
    }
    this.#waiting = null
    if (point.kind === 'over') return this.#endWaiting(waiting, point.reason)
    // An item that never sounded is not resumed, it starts.
    this.#open({ ...waiting, frame: point.frame }, atF, 0, waiting.startedAtMs === null ? null : chosen)
  }

  /** Whatever is on air, opening or waiting ends. */
  #giveWay(reason: EndReason, fadeFrames: number, frame: number | null = null): void {
    this.#chain?.cut(reason, frame ?? this.#bus?.clock.frame() ?? 0, fadeFrames)
    this.#queue.unshift(...(this.#chain?.retract() ?? []))
    this.#decision++
    for (const waiting of [this.#opening, this.#waiting]) if (waiting !== null) this.#endWaiting(waiting, reason)
    this.#opening = null
    this.#waiting = null
    this.#silentSinceMs = epochMs(Date.now())
  }

  #endWaiting(waiting: Waiting, reason: EndReason): void {
    const { item, frame } = waiting
    this.#silentSinceMs = epochMs(Date.now())
    this.#port.emit({ kind: 'itemEnded', outputId: this.#port.outputId, itemId: item.itemId, frame: Math.floor(frame), reason })
    this.#port.changed()
  }

  #wallOf(frame: number): EpochMs {
    return this.#bus?.clock.wallOf(frame) ?? epochMs(Date.now())
  }
}

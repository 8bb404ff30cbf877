// One script of orders between deaths, told from its beginning to its end over the two outputs of the training district, and judged: what
// the screen says is what sounds, on each output for itself.
import { expect } from 'vitest'
import type { InputId, OutputId } from '../../shared/domain/ids.ts'
import type { OnAirState } from '../../station/onair/onair-machine.ts'
import { alertMs } from './fake-audio-output.ts'
import { type AlertName, AudioWorld, outputs, severities } from './fake-audio-process.ts'
import { MortalStation, SurvivingDisk } from './mortal-station.ts'
import { ShortRundown } from './short-programme.ts'
import { VirtualClock } from './virtual-clock.ts'

type On = { readonly on: readonly OutputId[] }
type Order =
  | ({ readonly kind: 'fire'; readonly alert: AlertName; readonly cold: boolean } & On)
  | ({ readonly kind: 'open'; readonly emergency: boolean; readonly duck: boolean } & On)
  | ({ readonly kind: 'proceed' | 'stopAlert' | 'stop' | 'reopen' | 'close' | 'hold' | 'release' | 'resume' | 'next' } & On)
export type Step = Order | { readonly kind: 'killAudio' | 'freezeAudio' | 'killStation' | 'powerCut' }

interface Resumed {
  readonly outputId: OutputId
  readonly itemId: string
  readonly atMs: number
}

const mic = 'mic' as InputId
const actor = 'x'

export class Story {
  readonly clock = new VirtualClock()
  readonly world = new AudioWorld(this.clock)
  readonly disk = new SurvivingDisk(new ShortRundown(this.clock.now()))
  readonly soundedAfterEnd: string[] = []
  station = new MortalStation(this.disk, this.clock)
  /** Since when each silenced output is. */
  readonly latched = new Map<OutputId, number>()
  /** What a hand ended, and when: the microphone of an output, and airings. */
  readonly #ended = new Map<string, number>()
  /** Outputs that were ever silenced, or ever taken by an emergency microphone. */
  readonly #stopped = new Set<OutputId>()
  readonly #taken = new Set<OutputId>()
  readonly #undecided = new Set<OutputId>()
  /** Rows that a station was there to write. */
  readonly #itemRows = new Set<string>()
  /** Items that went on while a station was there to write it. */
  readonly #resumed: Resumed[] = []
  #fired = 0

  constructor() {
    this.world.watch = (output, when) => {
      const { outputId, state } = output
      const stoppedMs = this.latched.get(outputId) ?? Number.POSITIVE_INFINITY
      if (this.clock.now() > stoppedMs && output.sounds) this.soundedAfterEnd.push(`STOP: ${JSON.stringify(state)}`)
      if (when === 'now') return
      // A successor that goes on with what a hand had ended before it was born.
      const again = [...state.openInputs, ...(state.alert ? [state.alert.cutInId] : [])].map((id) => `${id}/${outputId}`)
      const bornMs = this.world.living?.bornMs ?? 0
      for (const key of again) if (bornMs > (this.#ended.get(key) ?? bornMs)) this.soundedAfterEnd.push(key)
    }
    this.world.told = (event) => {
      if (!this.station.alive || !this.station.started) return
      if (event.kind === 'itemStarted') this.#itemRows.add(rowOf(event))
      if (event.kind === 'itemResumed') this.#resumed.push(event)
    }
  }

  async boot(): Promise<void> {
    void this.station.start()
    for (let waited = 0; waited < 40 && !this.station.started; waited++) await this.clock.advance(50)
    await this.clock.advance(50)
  }

  async go(next: Step, waitMs: number): Promise<void> {
    const dies = next.kind === 'killStation' || next.kind === 'powerCut'
    if (next.kind === 'killStation') this.#diesOverOrders()
    if (dies) this.station.die()
    if (next.kind === 'killAudio' || next.kind === 'powerCut') this.world.living?.die()
    if (next.kind === 'freezeAudio') this.world.freeze()
    if ('on' in next && this.station.started) this.#order(next)
    await this.clock.advance(waitMs)
    if (!dies) return
    this.station = new MortalStation(this.disk, this.clock)
    await this.boot()
  }

  /** Orders that the audio process was not told before the station died: they are given or they are not, but what is shown must be true. */
  #diesOverOrders(): void {
    for (const outputId of outputs) {
      const audio = this.world.living?.outputs.get(outputId)?.state
      if (audio?.stopped === true && !this.latched.has(outputId)) this.#undecided.add(outputId)
      for (const id of [...(audio?.openInputs ?? []), audio?.alert?.cutInId]) this.#ended.delete(`${id}/${outputId}`)
    }
  }

  #order(order: Order): void {
    const { onair } = this.station
    const on = [...order.on]
    const stateOf = (outputId: OutputId): OnAirState => onair.runtime(outputId).state
    switch (order.kind) {
      case 'fire':
        for (const outputId of on) this.station.carriersUp[order.cold ? 'delete' : 'add'](outputId)
        return this.#give(() => onair.fire(this.#airing(order)))
      case 'proceed':
        for (const outputId of on) {
          this.station.carriersUp.add(outputId)
          this.#give(() => onair.carriersChanged(outputId))
        }
        return
      case 'stopAlert':
        for (const outputId of on) {
          const state = stateOf(outputId)
          if (state.kind !== 'cutIn') continue
          const { cutInId } = state.cutIn
          for (const each of on) {
            const there = stateOf(each)
            if (there.kind === 'cutIn' && there.cutIn.cutInId === cutInId) this.#ended.set(`${cutInId}/${each}`, this.clock.now())
          }
          return this.#give(() => onair.stopAlert(cutInId, on, actor))
        }
        return
      case 'stop':
        for (const outputId of on) {
          this.latched.set(outputId, this.clock.now())
          this.#undecided.delete(outputId)
          this.#stopped.add(outputId)
        }
        return this.#give(() => onair.stop(on, 'api', actor))
      case 'reopen':
        for (const outputId of on) {
          this.latched.delete(outputId)
          this.#undecided.delete(outputId)
        }
        return this.#give(() => onair.reopen(on, actor))
      case 'open': {
        const { emergency, duck } = order
        for (const outputId of on) if (emergency) this.#taken.add(outputId)
        const mayOpen = on.filter((outputId) => stateOf(outputId).kind !== 'liveInput')
        this.#give(() => onair.openInput({ inputId: mic, mode: duck ? 'duck' : 'replace', emergency, via: 'api', outputIds: on, actor }))
        for (const outputId of mayOpen) if (stateOf(outputId).kind === 'liveInput') this.#ended.delete(`${mic}/${outputId}`)
        return
      }
      case 'close':
        for (const outputId of on) if (stateOf(outputId).kind === 'liveInput') this.#ended.set(`${mic}/${outputId}`, this.clock.now())
        return this.#give(() => onair.closeInput(mic, on, actor))
      case 'hold':
        for (const outputId of on) this.#give(() => onair.hold(outputId, actor))
        return
      case 'release':
        for (const outputId of on) this.#give(() => onair.release(outputId, actor))
        return
      case 'resume':
        for (const outputId of on) this.#give(() => onair.resume(outputId, { kind: 'exact' }, actor))
        return
      case 'next':
        for (const outputId of on) {
          const state = stateOf(outputId)
          this.#give(() => onair.next(outputId, 'itemId' in state ? state.itemId : null, actor))
        }
        return
    }
  }

  /** What the machine refuses is refused in words; everything else is a fault. */
  #give(order: () => void): void {
    try {
      order()
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error
    }
  }

  #airing({ alert, on }: Extract<Step, { kind: 'fire' }>): any {
    return {
      cutInId: `c${++this.#fired}`,
      alertId: alert,
      title: alert,
      mode: 'live',
      outputIds: on,
      severity: severities[alert],
      automatic: false,
      readings: 1,
      resume: severities[alert] >= 3 ? { kind: 'hold' } : null,
      via: 'api',
      actor,
      heldMs: null,
      previewedMs: 0,
    }
  }

  /** Everything that began has the time to end; a transmitter that was cold comes. */
  async settle(): Promise<void> {
    for (let waited = 0; waited < 6 && !this.station.started; waited++) await this.clock.advance(1000)
    await this.clock.advance(3500)
    this.#order({ kind: 'proceed', on: outputs })
    await this.clock.advance(4500)
  }

  judge(): void {
    const { station, world, disk } = this
    expect(station.started, 'the station is up').toBe(true)
    expect(this.soundedAfterEnd, 'nothing sounds that a hand had ended').toEqual([])
    expect(world.witness.faults, 'nothing is replayed, nothing lost but by the clock').toEqual([])
    expect(world.outranked, 'no alert is cut by a lower rank').toEqual([])
    for (const outputId of outputs) this.#judgeOutput(outputId)
    this.#judgeRows()
    const isLost = ({ order, error }: NonNullable<(typeof disk.rows)[number]['measured']>) =>
      order !== 'next' && error?.includes('AudioLost')
    const lost = disk.rows.filter(({ kind, measured }) => kind === 'operator.command' && measured && isLost(measured))
    expect(lost, 'no order is lost with its process').toEqual([])
    for (const { kind, phase, actionId, measured } of disk.rows) {
      if (kind !== 'cutin' || phase !== 'close') continue
      const [, outputId = '', cutInId = ''] = actionId?.split('/') ?? []
      const byHand = this.#ended.has(`${cutInId}/${outputId}`) || this.#taken.has(outputId as OutputId)
      if (measured?.reason === 'stopped') expect(byHand, `${actionId} was ended where a hand ended it`).toBe(true)
      if (measured?.reason === 'stopAll') expect([...this.#stopped], `${actionId} was under a STOP`).toContain(outputId)
      const whole = (world.heard.get(`${outputId}/${cutInId}`) ?? 0) >= alertMs
      if (measured?.reason === 'finished') expect(whole, `${actionId} is called finished`).toBe(true)
      if (!measured?.interrupted || whole) continue
      // Where its other output went on with it, the card shows that, and the row alone says that this one did not.
      const ends = disk.rows.findLast((row) => row.phase === 'close' && row.actionId?.endsWith(`/${cutInId}`) && row.kind === 'cutin')
      const known = disk.interrupted.has(cutInId) || (ends?.actionId !== actionId && !ends?.measured?.interrupted)
      expect(known, `the card knows that ${actionId} was cut off`).toBe(true)
    }
  }

  #judgeOutput(outputId: OutputId): void {
    const { state } = this.station.onair.runtime(outputId)
    const audio = this.world.living!.outputs.get(outputId)!.state
    const latched = this.#undecided.has(outputId) ? audio.stopped : this.latched.has(outputId)
    expect([state.kind === 'stopped', audio.stopped], `STOP as it was left on ${outputId}`).toEqual([latched, latched])
    expect([state.kind === 'cutIn', audio.alert], `every alert ends on ${outputId}`).toEqual([false, null])
    expect(audio.openInputs, `the microphone as it is shown on ${outputId}`).toEqual(state.kind === 'liveInput' ? state.inputIds : [])
    if (latched) return
    const itemId = 'itemId' in state ? state.itemId : state.kind === 'liveInput' ? state.under : null
    expect(audio.item?.item.itemId, `the programme of ${outputId} is not lost, and is the one shown`).toBe(itemId)
    if (state.kind === 'liveInput') return
    const shown = state.kind === 'programme' ? 'playing' : state.kind === 'awaitingResume' ? 'held' : state.kind
    expect(audio.item?.state, `${outputId} shows ${state.kind}`).toBe(shown)
  }

  #judgeRows(): void {
    const { disk, world } = this
    const audio = outputs.map((outputId) => world.living!.outputs.get(outputId)!.state)
    const open = (kind: string) => [...disk.open.keys()].filter((id) => id.startsWith(`${kind}/`)).sort()
    expect(open('cutIn')).toEqual([])
    const inputs = audio.flatMap(({ outputId, openInputs }) => openInputs.map((inputId) => `input/${outputId}/${inputId}`))
    expect(open('input')).toEqual(inputs)
    const onAir = audio.flatMap(({ outputId, item }) => (item === null ? [] : [{ id: `item/${outputId}/${item.item.itemId}`, ...item }]))
    const openItems = open('item').map((id) => id.slice(0, id.lastIndexOf('/')))
    // One that waits since its process died opens its row when it sounds again.
    const due = onAir.filter(({ id, state }) => state === 'playing' || openItems.includes(id)).map(({ id }) => id)
    expect(openItems, 'one open row for each item on air').toEqual(due)
    for (const event of world.living!.journal) if (event.kind === 'itemStarted') this.#itemRows.add(rowOf(event))
    const opened = new Map<string, number>()
    for (const { phase, actionId } of disk.rows) if (phase === 'open') opened.set(actionId ?? '', (opened.get(actionId ?? '') ?? 0) + 1)
    expect(
      [...this.#itemRows].filter((id) => !opened.has(id)),
      'no item sounds without its row',
    ).toEqual([])
    const isWritten = ({ outputId, itemId, atMs }: Resumed) =>
      disk.rows.some(({ phase, actionId, atMs: openedMs }) => {
        if (phase !== 'open' || !actionId?.startsWith(`item/${outputId}/${itemId}/`) || openedMs > atMs) return false
        const close = disk.rows.find((row) => row.phase === 'close' && row.actionId === actionId)
        return close === undefined || close.atMs >= atMs
      })
    expect(
      this.#resumed.filter((one) => !isWritten(one)),
      'no item goes on without a row that is open',
    ).toEqual([])
    const twice = [...opened].filter(([id, times]) => times > 1 && !id.startsWith('input/'))
    expect(twice, 'no row is opened twice').toEqual([])
  }

  end(): void {
    this.station.die()
    this.world.living?.die()
  }
}

function rowOf({ outputId, itemId, atMs }: { readonly outputId: OutputId; readonly itemId: string; readonly atMs: number }): string {
  return `item/${outputId}/${itemId}/${atMs}`
}

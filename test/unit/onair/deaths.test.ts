// Orders between deaths: scripts made by a generator kill and freeze the audio process and kill the station between, and in, the orders of
// an operator, in virtual time. Whatever died, in the end what the screen says is what sounds, an alert was heard to its end or is told
// as cut off, a STOP stands, and the programme is back. Longer: DEATHS=3000 SEED=11 (some 250 scripts a second).
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { alertMs, AudioWorld, output } from '../../support/fake-audio-process.ts'
import { alertIds, MortalStation, SurvivingDisk } from '../../support/mortal-station.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const run = vi.hoisted(() => ({ world: null as any }))
vi.mock('../../../station/logbook/air-check/last-heard.ts', () => ({
  lastHeardMs: async (_dataDir: string, _outputId: string, ms: number) => ms,
}))
vi.mock('../../../station/onair/audio-sockets.ts', () => ({
  removeSocket: () => Promise.resolve(),
  removeDeadSockets: () => Promise.resolve(),
}))
vi.mock('../../../station/onair/audio-spawn.ts', async (original) => ({
  ...(await original<object>()),
  kill: (pid: number) => run.world.kill(pid),
}))
vi.mock('../../../station/onair/audio-finder.ts', async (original) => ({
  ...(await original<object>()),
  AudioFinder: class {
    readonly options: any
    constructor(options: any) {
      this.options = options
    }
    async adopt(afterSeq: number) {
      const { living } = run.world
      if (living?.frozen) living.die()
      if (living === null || living.frozen) return null
      return { ...living.connect(afterSeq, this.options.listener, this.options.closed), asConfigured: true }
    }
    async spawn(onStarted: (record: unknown) => void, unwanted: () => boolean) {
      await new Promise<void>((resolve) => this.options.clock.after(300, resolve))
      if (unwanted()) throw new Error('unwanted')
      const found = run.world.spawn().connect(-1, this.options.listener, this.options.closed)
      onStarted(found.record)
      return found
    }
    goneWithin() {
      return Promise.resolve()
    }
  },
}))

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('fire' as const), alert: fc.constantFrom(...alertIds), cold: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'proceed' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'stopAlert' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'stop' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'reopen' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('open' as const), emergency: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'close' as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'killAudio' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'freezeAudio' as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'killStation' as const }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

class Story {
  readonly clock = new VirtualClock()
  readonly world = new AudioWorld(this.clock)
  readonly disk = new SurvivingDisk()
  readonly soundedAfterStop: string[] = []
  station = new MortalStation(this.disk, this.clock)
  latched = false
  #stoppedMs = 0
  #fired = 0

  constructor() {
    run.world = this.world
    this.world.watch = ({ bornMs, state }) => {
      const sounds = state.item?.state === 'playing' || state.alert !== null || state.openInputs.length > 0
      if (this.latched && bornMs > this.#stoppedMs && sounds) this.soundedAfterStop.push(JSON.stringify(state))
    }
  }

  async boot(): Promise<void> {
    void this.station.start()
    for (let waited = 0; waited < 40 && !this.station.started; waited++) await this.clock.advance(50)
  }

  async go(next: Step, waitMs: number): Promise<void> {
    if (next.kind === 'killAudio') this.world.living?.die()
    else if (next.kind === 'freezeAudio') this.world.freeze()
    else if (next.kind !== 'killStation' && this.station.started) this.#order(next)
    if (next.kind === 'killStation') this.station.die()
    await this.clock.advance(waitMs)
    if (next.kind !== 'killStation') return
    this.station = new MortalStation(this.disk, this.clock)
    await this.boot()
  }

  /** What the machine refuses is refused in words; everything else is a fault. */
  #order(next: Step): void {
    try {
      this.#give(next)
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error
    }
  }

  #give(next: Step): void {
    const { station } = this
    const { onair } = station
    const outputIds = [output]
    const actor = 'x'
    switch (next.kind) {
      case 'fire':
        station.carriersUp = !next.cold
        onair.fire({
          cutInId: `c${++this.#fired}`,
          alertId: next.alert,
          title: 't',
          mode: 'live',
          outputIds,
          severity: 1,
          automatic: false,
          readings: 1,
          resume: null,
          via: 'api',
          actor,
          heldMs: null,
          previewedMs: 0,
        } as any)
        return
      case 'proceed':
        station.carriersUp = true
        return onair.carriersChanged(output)
      case 'stopAlert': {
        const { state } = onair.runtime(output)
        if (state.kind === 'cutIn') onair.stopAlert(state.cutIn.cutInId, outputIds, actor)
        return
      }
      case 'stop':
        onair.stop(outputIds, 'api', actor)
        this.latched = true
        this.#stoppedMs = this.clock.now()
        return
      case 'reopen':
        onair.reopen(outputIds, actor)
        this.latched = false
        return
      case 'open':
        onair.openInput({ inputId: 'mic', mode: 'replace', emergency: next.emergency, via: 'api', outputIds, actor } as any)
        return
      case 'close':
        return onair.closeInput('mic' as any, outputIds, actor)
    }
  }

  /** Everything that began has the time to end; a transmitter that was cold comes. */
  async settle(): Promise<void> {
    for (let waited = 0; waited < 6 && !this.station.started; waited++) await this.clock.advance(1000)
    await this.clock.advance(3500)
    this.#give({ kind: 'proceed' })
    await this.clock.advance(4500)
  }

  judge(): void {
    const { station, world, disk, latched } = this
    expect(station.started, 'the station is up').toBe(true)
    const { state } = station.onair.runtime(output)
    const audio = world.living!.state
    expect(this.soundedAfterStop, 'a successor sounds after STOP').toEqual([])
    expect([state.kind === 'stopped', audio.stopped], 'STOP as it was left').toEqual([latched, latched])
    expect([state.kind === 'cutIn', audio.alert], 'every alert ends').toEqual([false, null])
    expect(audio.openInputs, 'the microphone as it is shown').toEqual(state.kind === 'liveInput' ? state.inputIds : [])
    if (!latched) expect(audio.item, 'the programme is not lost').not.toBeNull()
    if (!latched && audio.openInputs.length === 0) expect([state.kind, audio.item?.state]).toEqual(['programme', 'playing'])
    const open = disk.open().map(({ actionId }) => actionId ?? '')
    expect(open.filter((id) => id.startsWith('cutIn/'))).toEqual([])
    expect(open.filter((id) => id.startsWith('input/'))).toHaveLength(audio.openInputs.length)
    const lost = disk.rows.filter(({ kind, measured }) => kind === 'operator.command' && measured?.error?.includes('AudioLost'))
    expect(lost, 'no order is lost with its process').toEqual([])
    for (const { kind, phase, actionId, measured } of disk.rows) {
      if (kind !== 'cutin' || phase !== 'close') continue
      const cutInId = actionId?.split('/').at(-1) ?? ''
      const whole = (world.heard.get(cutInId) ?? 0) >= alertMs
      if (measured?.reason === 'finished') expect(whole, `${cutInId} is called finished`).toBe(true)
      if (measured?.interrupted) expect(whole || disk.interrupted.has(cutInId), `the card knows that ${cutInId} was cut off`).toBe(true)
    }
  }

  end(): void {
    this.station.die()
    this.world.living?.die()
  }
}

const waits = fc.constantFrom(0, 0, 60, 150, 350, 700, 1500)

test('P1 P2 P6: whatever dies between which orders, what is shown is what sounds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, waits), { minLength: 2, maxLength: 8 }), async (script) => {
      const story = new Story()
      await story.boot()
      await story.clock.advance(300)
      for (const [next, waitMs] of script) await story.go(next, waitMs)
      await story.settle()
      story.judge()
      story.end()
    }),
    { numRuns: Number(process.env['DEATHS'] ?? 600), seed: Number(process.env['SEED'] ?? 7) },
  )
}, 600_000)

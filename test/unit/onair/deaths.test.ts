// Orders between deaths: scripts made by a generator kill and freeze the audio process and kill the station between, and in, the orders of
// an operator over two outputs, in virtual time, under a programme of items so short that they end in between. Whatever died, in the end
// what the screen says is what sounds, an alert was heard to its end or is told as cut off, a STOP stands, the programme goes on and each
// item has its rows once. Longer: DEATHS=3000 SEED=11.
import fc from 'fast-check'
import { test, vi } from 'vitest'
import { type Step, Story } from '../../support/deaths-story.ts'
import { fm, outputs, wired } from '../../support/fake-audio-process.ts'
import { alertIds } from '../../support/mortal-station.ts'

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

const on = fc.constantFrom([fm], [wired], outputs, outputs)
const kinds = <K extends string>(...all: K[]) => fc.constantFrom(...all)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: kinds('fire'), alert: fc.constantFrom(...alertIds), cold: fc.boolean(), on }) },
  { weight: 3, arbitrary: fc.record({ kind: kinds('open'), emergency: fc.boolean(), duck: fc.boolean(), on }) },
  { weight: 10, arbitrary: fc.record({ kind: kinds('proceed', 'stopAlert', 'stop', 'stop', 'reopen', 'reopen', 'close', 'close'), on }) },
  { weight: 4, arbitrary: fc.record({ kind: kinds('hold', 'release', 'resume', 'next'), on }) },
  { weight: 8, arbitrary: fc.record({ kind: kinds('killAudio', 'killAudio', 'freezeAudio', 'killStation', 'killStation', 'powerCut') }) },
)
const waits = fc.constantFrom(1, 1, 60, 150, 350, 700, 1500)
type Script = readonly (readonly [Step, number])[]

async function tell(script: Script): Promise<void> {
  const story = new Story()
  run.world = story.world
  await story.boot()
  await story.clock.advance(300)
  for (const [next, waitMs] of script) await story.go(next, waitMs)
  await story.settle()
  story.judge()
  story.end()
}

test('P1 P2 P6: whatever dies between which orders, what is shown is what sounds', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(step, waits), { minLength: 2, maxLength: 8 }), tell), {
    numRuns: Number(process.env['DEATHS'] ?? 600),
    seed: Number(process.env['SEED'] ?? 7),
  })
}, 600_000)

test('after a death of the audio process the item that goes on has a row of its own', () => tell([[{ kind: 'killAudio' }, 350]]))

test('what a frozen process was told to hold, its successor holds', () =>
  tell([
    [{ kind: 'freezeAudio' }, 1],
    [{ kind: 'hold', on: [fm] }, 1],
  ]))

test('stopped and opened again while the process was frozen: no item sounds before the one that is joined', () =>
  tell([
    [{ kind: 'freezeAudio' }, 1],
    [{ kind: 'stop', on: [fm] }, 1],
    [{ kind: 'reopen', on: [fm] }, 1],
  ]))

test('held a moment before an alert: it waits for a hand after it, on the screen too', () =>
  tell([
    [{ kind: 'killAudio' }, 1],
    [{ kind: 'hold', on: [wired] }, 1],
    [{ kind: 'fire', alert: 'a', cold: false, on: [wired] }, 1],
  ]))

test('an airing put back on air and then replaced, and a station that dies over it: its row is opened once', () =>
  tell([
    [{ kind: 'fire', alert: 'a', cold: false, on: outputs }, 1],
    [{ kind: 'killAudio' }, 350],
    [{ kind: 'fire', alert: 'c', cold: false, on: [fm] }, 350],
    [{ kind: 'killStation' }, 1],
  ]))

test('a grave alert that an emergency microphone took over from: the programme waits for a hand, on the screen too', () =>
  tell([
    [{ kind: 'fire', alert: 'c', cold: false, on: [fm] }, 1],
    [{ kind: 'open', emergency: true, duck: false, on: [fm] }, 1],
    [{ kind: 'close', on: [fm] }, 1],
  ]))

test('a grave alert that a microphone took over from while nobody could begin either: the programme is on, as it is shown', () =>
  tell([
    [{ kind: 'killAudio' }, 1],
    [{ kind: 'fire', alert: 'c', cold: false, on: [fm] }, 1],
    [{ kind: 'open', emergency: true, duck: false, on: [fm] }, 1],
    [{ kind: 'close', on: [fm] }, 1],
  ]))

test('an alert that a successor has put back, and one that was to take its place and was ended before it could: neither is on', () =>
  tell([
    [{ kind: 'fire', alert: 'a', cold: true, on: [fm] }, 1],
    [{ kind: 'killAudio' }, 350],
    [{ kind: 'fire', alert: 'b', cold: false, on: [fm] }, 1],
    [{ kind: 'open', emergency: true, duck: false, on: [fm] }, 1],
  ]))

test('a STOP that was lifted before the successor was there is not given to it', () =>
  tell([
    [{ kind: 'killAudio' }, 1],
    [{ kind: 'stop', on: [fm] }, 1],
    [{ kind: 'reopen', on: [fm] }, 350],
    [{ kind: 'killStation' }, 1],
  ]))

// What a successor of the audio process is told, and in which order, when orders were given while nobody could take them: after a STOP
// nothing sounds that was on air before it, and what was opened again is joined. The process is a record of what it was told.
import { beforeEach, expect, test, vi } from 'vitest'
import type { OutputAudioState } from '../../../shared/audio-protocol.ts'
import { StationConfig } from '../../../shared/config.ts'
import { type AudioClient, createAudioClient } from '../../../station/onair/audio-client.ts'
import { AudioLost, AudioRefusal } from '../../../station/onair/audio-connection.ts'
import type { AudioOrder } from '../../../station/onair/ports.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const [fm, wired] = ['fm', 'wired'] as [OutputAudioState['outputId'], OutputAudioState['outputId']]
const item = { itemId: 'one', title: 'one', source: { kind: 'silence' }, startFrame: 0, endAtMs: null, resume: { kind: 'exact' } }
const playing = { item, startedAtMs: 0, frame: 0, state: 'playing' }

/** One process: `told` is what reached it; it answers nothing more once it is frozen. */
class Process {
  readonly told: string[] = []
  readonly orders: AudioOrder[] = []
  frozen = false
  closed: () => void = () => undefined
  heard: (message: unknown) => void = () => undefined
  #unanswered: (() => void)[] = []

  /** The state that it shows of the output. */
  readonly state: { item: unknown; stopped: boolean; alert?: unknown }

  constructor(state: { item: unknown; stopped: boolean; alert?: unknown }) {
    this.state = state
  }

  connection = {
    send: (order: AudioOrder) => {
      this.told.push(order.kind)
      this.orders.push(order)
      if (!this.frozen) return Promise.resolve()
      return new Promise<void>((_, reject) => this.#unanswered.push(() => reject(new AudioLost())))
    },
    hello: () => Promise.resolve(this.welcome),
    close: () => undefined,
  }

  get welcome() {
    const output = { outputId: fm, queueRevision: 0, queuedItemIds: [], alert: null, openInputs: [], oversPlaying: [], ...this.state }
    return { bootId: 'b', pid: 1, missed: [], lostEvents: 0, outputs: [output], loadedAlerts: [] }
  }

  /** Its output changed. */
  tell(change: object): void {
    const [output] = this.welcome.outputs
    this.heard({ kind: 'state', output: { ...output, ...change } })
  }

  die(): void {
    for (const lose of this.#unanswered.splice(0)) lose()
    this.closed()
  }
}

interface FinderOptions {
  readonly clock: VirtualClock
  readonly listener: { message(message: unknown): void }
  closed(connection: unknown): void
}

const next = vi.hoisted(() => ({ process: null as unknown }))
vi.mock('../../../station/onair/audio-sockets.ts', () => ({
  removeSocket: () => Promise.resolve(),
  removeDeadSockets: () => Promise.resolve(),
}))
vi.mock('../../../station/onair/audio-finder.ts', async (original) => ({
  ...(await original<object>()),
  AudioFinder: class {
    readonly options: FinderOptions
    constructor(options: FinderOptions) {
      this.options = options
    }
    adopt() {
      return Promise.resolve(null)
    }
    async spawn() {
      await new Promise<void>((resolve) => this.options.clock.after(300, resolve))
      const { connection, welcome } = next.process as Process
      Object.assign(next.process as Process, {
        closed: () => this.options.closed(connection),
        heard: (message: unknown) => this.options.listener.message(message),
      })
      // No process of this number is ever ended: the test says who dies.
      return { connection, record: { pid: 2 ** 30, socketPath: '' }, welcome }
    }
  },
}))

let clock: VirtualClock
let client: AudioClient
let first: Process
let second: Process
/** What loading alerts into a successor waits for. */
let loaded: Promise<void>

beforeEach(async () => {
  clock = new VirtualClock()
  loaded = Promise.resolve()
  const quiet = () => undefined
  client = createAudioClient({
    dataDir: '/',
    config: StationConfig.parse({ station: { id: 's', name: 'S' } }),
    training: true,
    clock,
    log: { info: quiet, warn: quiet, error: quiet },
    onEvent: quiet,
    onReport: quiet,
    onOutputState: quiet,
    onHealth: quiet,
    onReplaced: quiet,
    reloadAlerts: () => loaded,
    onRestored: quiet,
    fallbackSource: () => null,
  })
  first = new Process({ item: playing, stopped: false })
  second = new Process({ item: null, stopped: false })
  next.process = first
  void client.start()
  await clock.advance(400)
})
/** The process on air is gone, and another comes in its place. */
const die = (process = first, successor = second) => {
  next.process = successor
  process.die()
}

const order = (kind: 'stop' | 'reopen') => client.send({ kind, outputIds: [fm] })
const join = () => client.send({ kind: 'playNow', outputId: fm, item, fadeMs: 0 } as unknown as AudioOrder)
const fire = (cutInId = 'c') =>
  client.send({ kind: 'fireAlert', cutInId, alertId: 'a', outputIds: [fm], mode: 'hot' } as unknown as AudioOrder)
/** The orders nobody needs an answer of here. */
const give = (...orders: Promise<void>[]) => {
  for (const one of orders) one.catch(() => undefined)
}

test('what was on air goes on in a successor', async () => {
  die()
  await clock.advance(1000)
  expect(second.told).toEqual(['playNow'])
})

test('a STOP while nobody is there: the successor is not told what sounded before it, only that it is stopped', async () => {
  die()
  give(fire())
  await clock.advance(100)
  give(order('stop'))
  await clock.advance(1000)
  expect(new Set(second.told)).toEqual(new Set(['stop']))
})

test('a STOP that the dead process never answered counts as one', async () => {
  first.frozen = true
  give(fire(), order('stop'))
  await clock.advance(100)
  die()
  await clock.advance(1000)
  expect(new Set(second.told)).toEqual(new Set(['stop']))
})

test('a STOP while a successor is told what was on air: it is told at once, not when all of it is done', async () => {
  const loading = Promise.withResolvers<void>()
  loaded = loading.promise
  die()
  await clock.advance(400)
  expect(second.told).toEqual(['playNow'])
  give(order('stop'))
  expect(second.told).toEqual(['playNow', 'stop'])
  loading.resolve()
})

test('stopped and opened again while nobody could hear it: the programme that was joined then is joined', async () => {
  first.frozen = true
  give(order('stop'), order('reopen'), join())
  await clock.advance(100)
  die()
  await clock.advance(1000)
  expect(second.told.slice(-3)).toEqual(['stop', 'reopen', 'playNow'])
})

test('a STOP sent to a successor that dies does not undo what was opened after it', async () => {
  const loading = Promise.withResolvers<void>()
  loaded = loading.promise
  die()
  await clock.advance(400)
  second.frozen = true
  give(order('stop'), order('reopen'), join())
  const third = new Process({ item: null, stopped: false })
  die(second, third)
  loading.resolve()
  await clock.advance(2000)
  expect(third.told.slice(-3)).toEqual(['stop', 'reopen', 'playNow'])
})

test('an alert that was to take the place of another, and that the dead process never answered, is read from its beginning and once', async () => {
  const alert = (cutInId: string) => ({
    cutInId,
    alertId: 'a',
    mode: 'hot',
    phase: 'body',
    startedAtMs: 0,
    positionMs: 7000,
    durationMs: 9000,
  })
  give(client.send({ kind: 'loadAlert', alert: { alertId: 'a' } } as unknown as AudioOrder), fire('older'))
  first.tell({ alert: alert('older') })
  first.frozen = true
  give(fire('newer'))
  await clock.advance(100)
  second.state.alert = alert('newer')
  die()
  await clock.advance(1000)
  const fired = second.orders.filter((each) => each.kind === 'fireAlert')
  expect(fired.map(({ cutInId, offsetMs }) => [cutInId, offsetMs])).toEqual([['newer', undefined]])
})

test('an alert that was ordered to end while nobody could hear it does not sound again in a successor', async () => {
  const alert = { cutInId: 'c', alertId: 'a', mode: 'hot', phase: 'body', startedAtMs: 0, positionMs: 7000, durationMs: 9000 }
  give(client.send({ kind: 'loadAlert', alert: { alertId: 'a' } } as unknown as AudioOrder), fire())
  first.tell({ alert })
  first.frozen = true
  give(client.send({ kind: 'stopAlert', cutInId: 'c', outputIds: [fm] } as unknown as AudioOrder))
  await clock.advance(100)
  die()
  await clock.advance(1000)
  expect(second.told).toEqual(['playNow', 'stopAlert'])
})

test('of two alerts fired while nobody could hear them, only the later one is read', async () => {
  first.frozen = true
  give(fire('older'), fire('newer'))
  await clock.advance(100)
  die()
  await clock.advance(1000)
  expect(second.orders.flatMap((each) => (each.kind === 'fireAlert' ? [each.cutInId] : []))).toEqual(['newer'])
})

test('a microphone that was opened, silenced by a STOP and opened again meanwhile is open once, and nobody is told that it closed', async () => {
  const mic = () => client.send({ kind: 'openInput', inputId: 'mic', outputIds: [fm] } as unknown as AudioOrder)
  let lost = false
  first.frozen = true
  const before = mic().catch(() => {
    lost = true
  })
  give(order('stop'), order('reopen'), mic())
  await clock.advance(100)
  die()
  await clock.advance(1000)
  await before
  expect([second.told.filter((kind) => kind === 'openInput').length, lost]).toEqual([1, false])
})

test('a microphone under a fired alert, and one ordered closed, are not opened in a successor', async () => {
  for (const end of ['fireAlert', 'closeInput']) {
    const [dies, comes] = [next.process as Process, new Process({ item: null, stopped: false })]
    const mic = { inputId: 'mic', outputIds: [fm] }
    give(client.send({ kind: 'openInput', ...mic } as unknown as AudioOrder))
    dies.tell({ openInputs: ['mic'] })
    dies.frozen = true
    give(end === 'fireAlert' ? fire() : client.send({ kind: 'closeInput', ...mic } as unknown as AudioOrder))
    await clock.advance(100)
    die(dies, comes)
    await clock.advance(1000)
    expect(comes.told).toContain(end)
    expect(comes.told).not.toContain('openInput')
  }
})

test('a STOP over one of two outputs takes that one out of an alert for both that waits, also while a successor is told what was on air', async () => {
  for (const isThere of [false, true]) {
    const [dies, comes] = [next.process as Process, new Process({ item: null, stopped: false })]
    const loading = Promise.withResolvers<void>()
    loaded = loading.promise
    die(dies, comes)
    const both = { kind: 'fireAlert', cutInId: 'c', alertId: 'a', outputIds: [fm, wired], mode: 'hot' }
    give(client.send(both as unknown as AudioOrder))
    if (isThere) await clock.advance(400)
    give(order('stop'))
    loading.resolve()
    await clock.advance(1000)
    expect(comes.orders.flatMap((each) => (each.kind === 'fireAlert' ? [each.outputIds] : []))).toEqual([[wired]])
  }
})

test('what a dead process was told of the programme and did not answer is told again, unless it was done', async () => {
  const told = (kind: 'hold' | 'release') => client.send({ kind, outputId: fm })
  for (const [kind, isHeld, again] of [
    ['hold', false, true],
    ['hold', true, false],
    ['release', true, true],
    ['release', false, false],
  ] as const) {
    const dies = next.process as Process
    const onAir = { ...playing, state: isHeld ? 'held' : 'playing' }
    const comes = new Process({ item: onAir, stopped: false })
    dies.frozen = true
    give(told(kind))
    dies.tell({ item: onAir })
    await clock.advance(100)
    die(dies, comes)
    await clock.advance(1000)
    expect(comes.told.includes(kind), `${kind}, held: ${isHeld}`).toBe(again)
  }
})

test('an alert and a microphone that were ordered to end while the process was dead do not sound again in a successor', async () => {
  const alert = { cutInId: 'c', alertId: 'a', mode: 'hot', phase: 'body', startedAtMs: 0, positionMs: 7000, durationMs: 9000 }
  const mic = { inputId: 'mic', outputIds: [fm] }
  const orders = [
    { kind: 'loadAlert', alert: { alertId: 'a' } },
    { kind: 'fireAlert', cutInId: 'c', alertId: 'a', outputIds: [fm], mode: 'hot' },
    { kind: 'openInput', ...mic },
  ] as unknown as AudioOrder[]
  give(...orders.map((each) => client.send(each)))
  first.tell({ alert, openInputs: ['mic'] })
  die()
  await clock.advance(100)
  const ends = [
    { kind: 'stopAlert', cutInId: 'c', outputIds: [fm] },
    { kind: 'closeInput', ...mic },
  ] as unknown as AudioOrder[]
  give(...ends.map((each) => client.send(each)))
  await clock.advance(1000)
  expect(second.told).toEqual(['playNow', 'stopAlert', 'closeInput'])
})

test('a microphone that waited for its device and was closed meanwhile does not open with the device', async () => {
  const mic = { inputId: 'mic', outputIds: [fm] }
  give(client.send({ kind: 'openInput', ...mic } as unknown as AudioOrder))
  first.tell({ openInputs: ['mic'] })
  const { send } = second.connection
  second.connection.send = async (each) => {
    await send(each)
    if (each.kind === 'openInput') throw new AudioRefusal('AUDIO_UNAVAILABLE', 'fm')
  }
  die()
  await clock.advance(1000)
  give(client.send({ kind: 'closeInput', ...mic } as unknown as AudioOrder))
  second.heard({ kind: 'event', event: { kind: 'deviceBack', outputId: fm } })
  await clock.advance(100)
  expect(second.told).toEqual(['playNow', 'openInput', 'closeInput'])
})

test('an alert that was ended before it could take the place of another ends that one, too', async () => {
  const alert = { cutInId: 'c', alertId: 'a', mode: 'hot', phase: 'body', startedAtMs: 0, positionMs: 1000, durationMs: 9000 }
  give(client.send({ kind: 'loadAlert', alert: { alertId: 'a' } } as unknown as AudioOrder), fire())
  first.tell({ alert })
  die()
  give(fire('d'), client.send({ kind: 'stopAlert', cutInId: 'd', outputIds: [fm] } as unknown as AudioOrder))
  await clock.advance(1000)
  expect(second.orders.map((each) => [each.kind, 'cutInId' in each ? each.cutInId : null])).toEqual([
    ['playNow', null],
    ['stopAlert', 'c'],
    ['stopAlert', 'd'],
  ])
})

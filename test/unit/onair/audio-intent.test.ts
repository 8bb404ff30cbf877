import { describe, expect, it } from 'vitest'
import type { OutputAudioState, PlayItem } from '../../../shared/audio-protocol.ts'
import type { EpochMs } from '../../../shared/domain/time.ts'
import { AudioIntent } from '../../../station/onair/audio-intent.ts'
import type { AudioOrder } from '../../../station/onair/ports.ts'

const main = 'main' as OutputAudioState['outputId']
const at = (value: number) => value as EpochMs
const item = (id: string, resume: PlayItem['resume'] = { kind: 'exact' }) =>
  ({
    itemId: id,
    title: id,
    cartId: null,
    source: { kind: 'pcm', path: `/${id}`, frames: 4_800_000, gainDb: 0, loop: false },
    startFrame: 0,
    start: { kind: 'follow' },
    endAtMs: null,
    crossfadeMs: 0,
    resume,
  }) as unknown as PlayItem

const state = (changes: Partial<OutputAudioState> = {}): OutputAudioState => ({
  outputId: main,
  device: 'FM',
  onBackup: false,
  queueRevision: 7,
  item: { item: item('a'), startedAtMs: at(500), frame: 48_000, state: 'playing' },
  queuedItemIds: [],
  holdsUntilMs: null,
  alert: null,
  openInputs: [],
  oversPlaying: [],
  stopped: false,
  ...changes,
})
const queue = (revision: number, ids: string[]) =>
  ({ kind: 'setQueue', outputId: main, revision, items: ids.map((id) => item(id)) }) as AudioOrder
const report = (atMs: number, frame: number, alertMs: number | null = null) =>
  ({
    kind: 'report',
    atMs: at(atMs),
    outputs: [{ outputId: main, clockS: 0, level: { peakDb: [0, 0], rmsDb: [0, 0] }, frame, alertMs }],
    cue: null,
    inputs: [],
  }) as never
const fire = (mode: 'hot' | 'cold') =>
  ({
    kind: 'fireAlert',
    cutInId: 'c1',
    alertId: 'al',
    outputIds: [main, 'other'],
    mode,
    bodyRepeats: 2,
    gapMs: 500,
    resume: null,
  }) as unknown as AudioOrder
const load = { kind: 'loadAlert', alert: { alertId: 'al', attentionPath: null, bodyPath: '/b', gainDb: 0 } } as unknown as AudioOrder
const kinds = (orders: readonly AudioOrder[]) => orders.map((order) => order.kind)

describe('what a successor is told', () => {
  it('goes on with the item at the frame last reported, and with what was left of the queue', () => {
    const intent = new AudioIntent()
    intent.state(state({ queuedItemIds: ['c' as never] }), at(1000))
    intent.ordered(queue(7, ['b', 'c']))
    intent.report(report(2000, 96_000))
    const orders = intent.restore(main, at(2500), null)
    expect(orders[0]).toMatchObject({
      kind: 'playNow',
      restore: { frame: 96_000, startedAtMs: 500, policy: { kind: 'exact' }, held: false },
    })
    expect(orders[1]).toMatchObject({ kind: 'setQueue', items: [{ itemId: 'c' }] })
  })

  it('what a hand holds waits on', () => {
    const intent = new AudioIntent()
    intent.state(state({ item: { item: item('a'), startedAtMs: at(500), frame: 48_000, state: 'held' } }), at(1000))
    expect(intent.restore(main, at(2500), null)[0]).toMatchObject({ kind: 'playNow', restore: { frame: 48_000, held: true } })
  })

  it('a grave alert that was ended without an answer leaves the programme to a hand', () => {
    for (const kind of ['hold', 'exact']) {
      const intent = new AudioIntent()
      intent.state(state(), at(1000))
      intent.ordered({ ...fire('hot'), resume: { kind } } as AudioOrder)
      intent.ordered({ kind: 'stopAlert', cutInId: 'c1', outputIds: [main] } as unknown as AudioOrder)
      expect(intent.restore(main, at(2500), null)[0]).toMatchObject({ kind: 'playNow', restore: { held: kind === 'hold' } })
    }
  })

  it('STOP, and nothing else; once it was lifted, not even that', () => {
    const intent = new AudioIntent()
    intent.state(state(), at(1000))
    intent.ordered(queue(7, ['b']))
    intent.ordered({ kind: 'stop', outputIds: [main] } as AudioOrder)
    expect(kinds(intent.restore(main, at(2500), null))).toEqual(['stop'])
    intent.ordered({ kind: 'reopen', outputIds: [main] } as AudioOrder)
    expect(kinds(intent.restore(main, at(2500), null))).toEqual(['setQueue'])
  })

  it.each([
    ['rewind', { kind: 'rewind', ms: 1000 }, 48_000],
    ['rejoin', { kind: 'rejoin' }, 96_000 + 24_000],
    ['skip', { kind: 'skip' }, 96_000],
  ] as const)('obeys the item: %s', (_, policy, frame) => {
    const intent = new AudioIntent()
    intent.state(state({ item: { item: item('a', policy), startedAtMs: at(0), frame: 0, state: 'playing' } }), at(1000))
    intent.report(report(2000, 96_000))
    expect(intent.restore(main, at(2500), null)[0]).toMatchObject({ restore: { frame } })
  })

  it('sends a queue as it is that the dead process had not taken', () => {
    const intent = new AudioIntent()
    intent.state(state({ queueRevision: 6, queuedItemIds: [] }), at(0))
    intent.ordered(queue(7, ['b']))
    expect(intent.restore(main, at(0), null)[1]).toMatchObject({ kind: 'setQueue', items: [{ itemId: 'b' }] })
  })

  it('goes on with an airing alert before anything else, on this output, where it was', () => {
    const intent = new AudioIntent()
    intent.state(state(), at(0))
    intent.ordered(load)
    intent.ordered(fire('hot'))
    const alert = { cutInId: 'c1', alertId: 'al', phase: 'body', startedAtMs: at(0), positionMs: 100, durationMs: 9000 } as never
    intent.state(state({ alert, item: { item: item('a'), startedAtMs: at(0), frame: 48_000, state: 'interrupted' } }), at(0))
    intent.report(report(2000, 48_000, 1234))
    const orders = intent.restore(main, at(2500), null)
    expect(kinds(orders)).toEqual(['loadAlert', 'fireAlert', 'playNow'])
    expect(orders[1]).toMatchObject({ mode: 'hot', outputIds: [main], offsetMs: 1234 })
    expect(orders[2]).toMatchObject({ restore: { frame: 48_000 } })
  })

  it('lets a cold airing that still waited wait again', () => {
    const intent = new AudioIntent()
    intent.state(state(), at(0))
    intent.ordered(load)
    intent.ordered(fire('cold'))
    const alert = {
      cutInId: 'c1',
      alertId: 'al',
      mode: 'cold',
      phase: 'attention',
      startedAtMs: at(0),
      positionMs: 100,
      durationMs: 9000,
    } as never
    intent.state(state({ alert }), at(0))
    expect(intent.restore(main, at(0), null)[1]).toMatchObject({ kind: 'fireAlert', mode: 'cold' })
    // Put back once already on its way to its text, it was put back hot.
    const putBack = {
      cutInId: 'c1',
      alertId: 'al',
      mode: 'hot',
      phase: 'attention',
      startedAtMs: at(0),
      positionMs: 100,
      durationMs: 9000,
    } as never
    intent.state(state({ alert: putBack }), at(0))
    expect(intent.restore(main, at(0), null)[1]).toMatchObject({ kind: 'fireAlert', mode: 'hot', offsetMs: 100 })
    intent.state(state({ alert }), at(0))
    // Told to go on, it waits for nobody, though it had no time to say so.
    intent.ordered({ kind: 'proceedAlert', cutInId: 'c1', outputId: main } as never)
    expect(intent.restore(main, at(0), null)[1]).toMatchObject({ kind: 'fireAlert', mode: 'hot', offsetMs: 100 })
  })

  it('forgets an alert that was refused: what aired then is not what was ordered, and nothing is fired in its place', () => {
    const intent = new AudioIntent()
    intent.state(state(), at(0))
    intent.ordered(load)
    intent.ordered(fire('hot'))
    intent.refused(fire('hot'))
    const older = { cutInId: 'c0', alertId: 'al', phase: 'body', startedAtMs: at(0), positionMs: 100, durationMs: 9000 } as never
    intent.state(state({ alert: older }), at(0))
    expect(kinds(intent.restore(main, at(0), null))).not.toContain('fireAlert')
  })

  it('never replays an airing it did not order itself: after a restart of the station', () => {
    const intent = new AudioIntent()
    const alert = { cutInId: 'c1', alertId: 'al', phase: 'body', startedAtMs: at(0), positionMs: 100, durationMs: 9000 } as never
    intent.state(state({ alert }), at(0))
    expect(kinds(intent.restore(main, at(0), null))).toEqual(['playNow'])
  })

  it('keeps the latch of STOP and nothing else', () => {
    const intent = new AudioIntent()
    intent.state(state({ stopped: true }), at(0))
    intent.ordered(queue(7, ['b']))
    expect(intent.restore(main, at(0), null)).toEqual([{ kind: 'stop', outputIds: [main] }])
  })

  it('opens again the input that was on air, and not one that was closed', () => {
    const intent = new AudioIntent()
    const open = {
      kind: 'openInput',
      outputIds: [main],
      inputId: 'mic',
      gainDb: 0,
      mode: 'replace',
      duckDb: 0,
      resume: null,
    } as unknown as AudioOrder
    intent.state(state(), at(0))
    intent.ordered(open)
    intent.state(state({ openInputs: ['mic' as never] }), at(0))
    expect(kinds(intent.restore(main, at(0), null))).toEqual(['playNow', 'openInput'])
    intent.event({ kind: 'inputClosed', seq: 1, atMs: at(0), outputId: main, inputId: 'mic' as never, reason: 'ordered' })
    intent.state(state(), at(0))
    expect(kinds(intent.restore(main, at(0), null))).toEqual(['playNow'])
  })

  it('sounds the fallback instead of the item that may be the reason, for as long as that one would have lasted', () => {
    const intent = new AudioIntent()
    intent.state(state(), at(0))
    const fallback = { kind: 'pcm', path: '/fill', frames: 48_000, gainDb: -3, loop: true } as const
    const [order] = intent.restore(main, at(0), fallback)
    // 4,800,000 frames less the 48,000 that were played.
    expect(order).toMatchObject({ kind: 'playNow', item: { itemId: 'a', source: fallback, startFrame: 0, endAtMs: 99_000 } })
    expect(order).not.toHaveProperty('restore')
  })

  it('is told what an earlier station had ordered, so that the successor of an adopted process gets it too', () => {
    const intent = new AudioIntent()
    const alert = { cutInId: 'c', alertId: 'al', phase: 'body', startedAtMs: at(0), positionMs: 4000, durationMs: 20_000 } as never
    intent.state(state({ alert }), at(0))
    intent.ordered({ kind: 'loadAlert', alert: { alertId: 'al', attentionPath: null, bodyPath: '/b', gainDb: 0 } } as unknown as AudioOrder)
    intent.ordered({
      kind: 'fireAlert',
      cutInId: 'c',
      alertId: 'al',
      outputIds: [main],
      mode: 'hot',
      bodyRepeats: 1,
      gapMs: 0,
      resume: null,
    } as unknown as AudioOrder)
    expect(intent.restore(main, at(0), null)[1]).toMatchObject({ kind: 'fireAlert', cutInId: 'c', offsetMs: 4000 })
  })

  it('of a microphone that its process may have opened before it died, opens what is not open', () => {
    const intent = new AudioIntent()
    const open = { kind: 'openInput', inputId: 'mic', outputIds: [main, 'other'] } as unknown as AudioOrder
    intent.state(state(), at(1000))
    expect(intent.left(open)).toEqual(open)
    intent.state(state({ openInputs: ['mic'] as unknown as OutputAudioState['openInputs'] }), at(1000))
    expect(intent.left(open)).toMatchObject({ outputIds: ['other'] })
    intent.state(state({ outputId: 'other' as OutputAudioState['outputId'], openInputs: ['mic'] as never }), at(1000))
    expect(intent.left(open)).toBeNull()
    expect(intent.left(fire('hot'))).toEqual(fire('hot'))
  })
})

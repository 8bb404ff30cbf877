// Every state × event pair of the on-air machine, and what must hold whatever is ordered.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AlertId, CutInId, InputId, ItemId } from '../../../shared/domain/ids.ts'
import type { EpochMs } from '../../../shared/domain/time.ts'
import { type CutIn, type OnAirEffect, type OnAirEvent, type OnAirState, transition } from '../../../station/onair/onair-machine.ts'

const item = 'item-1' as ItemId
const other = 'item-2' as ItemId
const mic = 'mic' as InputId
const line = 'line' as InputId
const at = 1_700_000_000_000 as EpochMs

function cutIn(change: Partial<CutIn> = {}): CutIn {
  const base = {
    cutInId: 'cut-1',
    alertId: 'alert-1',
    severity: 3,
    automatic: false,
    temperature: 'hot',
    readings: 2,
    resume: null,
    orderedAtMs: at,
    via: 'api',
  } as const
  return { ...base, cutInId: base.cutInId as CutInId, alertId: base.alertId as AlertId, ...change }
}

type CutInState = Extract<OnAirState, { kind: 'cutIn' }>
const onCut = (change: Partial<CutInState> = {}): CutInState => ({
  kind: 'cutIn',
  cutIn: cutIn(),
  phase: 'body',
  awaitingCarriers: false,
  lateCarriers: [],
  under: item,
  underWas: 'playing',
  ...change,
})

const states: Record<string, OnAirState> = {
  silent: { kind: 'silent' },
  programme: { kind: 'programme', itemId: item },
  held: { kind: 'held', itemId: item },
  liveInput: { kind: 'liveInput', inputIds: [mic], emergency: false, under: item, underWas: 'playing' },
  emergencyMic: { kind: 'liveInput', inputIds: [mic], emergency: true, under: item, underWas: 'playing' },
  cutInSent: onCut({ phase: 'sent' }),
  cutInCold: onCut({ phase: 'attention', awaitingCarriers: true, cutIn: cutIn({ temperature: 'cold' }) }),
  cutInBody: onCut(),
  cutInEnding: onCut({ phase: 'ending' }),
  cutInHold: onCut({ cutIn: cutIn({ resume: { kind: 'hold' } }) }),
  cutInOverSilence: onCut({ under: null }),
  cutInOverHeld: onCut({ underWas: 'held' }),
  micOverSilence: { kind: 'liveInput', inputIds: [mic], emergency: false, under: null, underWas: 'playing' },
  micOverHeld: { kind: 'liveInput', inputIds: [mic], emergency: false, under: item, underWas: 'held' },
  micOverAwaiting: { kind: 'liveInput', inputIds: [mic], emergency: false, under: item, underWas: 'awaitingResume' },
  awaitingResume: { kind: 'awaitingResume', itemId: item },
  stopped: { kind: 'stopped', sinceMs: at },
}

const events: Record<string, OnAirEvent> = {
  fire: { kind: 'fire', cutIn: cutIn({ cutInId: 'cut-2' as CutInId, alertId: 'alert-2' as AlertId }) },
  fireSameAlert: { kind: 'fire', cutIn: cutIn({ cutInId: 'cut-2' as CutInId }) },
  fireLower: { kind: 'fire', cutIn: cutIn({ cutInId: 'cut-3' as CutInId, alertId: 'alert-3' as AlertId, severity: 1 }) },
  fireAutomatic: { kind: 'fire', cutIn: cutIn({ cutInId: 'cut-4' as CutInId, alertId: 'alert-4' as AlertId, automatic: true }) },
  stopAlert: { kind: 'stopAlert', cutInId: 'cut-1' as CutInId },
  stopOtherAlert: { kind: 'stopAlert', cutInId: 'cut-9' as CutInId },
  openMic: { kind: 'openInput', inputId: mic, mode: 'replace', emergency: false, via: 'screen' },
  openLine: { kind: 'openInput', inputId: line, mode: 'duck', emergency: false, via: 'screen' },
  openEmergency: { kind: 'openInput', inputId: line, mode: 'replace', emergency: true, via: 'surface' },
  closeMic: { kind: 'closeInput', inputId: mic },
  next: { kind: 'next', expectItemId: item },
  nextStale: { kind: 'next', expectItemId: other },
  hold: { kind: 'hold' },
  release: { kind: 'release' },
  resume: { kind: 'resume', policy: { kind: 'exact' } },
  playOver: { kind: 'playOver', slot: 1, via: 'screen' },
  stop: { kind: 'stop', atMs: at, via: 'screen' },
  reopen: { kind: 'reopen' },
  itemStarted: { kind: 'itemStarted', itemId: other },
  itemEnded: { kind: 'itemEnded', itemId: item },
  itemInterruptedByHold: { kind: 'itemInterrupted', itemId: item, by: 'hold' },
  itemInterruptedByAlert: { kind: 'itemInterrupted', itemId: item, by: 'alert' },
  itemResumed: { kind: 'itemResumed', itemId: item },
  alertStarted: { kind: 'alertStarted', cutInId: 'cut-1' as CutInId },
  alertBodyStarted: { kind: 'alertBodyStarted', cutInId: 'cut-1' as CutInId },
  alertFinished: { kind: 'alertEnded', cutInId: 'cut-1' as CutInId, reason: 'finished' },
  olderAlertEnded: { kind: 'alertEnded', cutInId: 'cut-0' as CutInId, reason: 'replaced' },
  inputClosed: { kind: 'inputClosed', inputId: mic },
  carriersProved: { kind: 'carriersProved' },
  carrierLate: { kind: 'carrierLate', deviceId: 'tx' },
  coldTimeout: { kind: 'coldTimeout', cutInId: 'cut-1' as CutInId, missing: ['tx'] },
}

/** What each pair gives: the next state's kind (phase), or `!CODE`, then the effects in order. */
function outcome(state: OnAirState, event: OnAirEvent): string {
  const result = transition(state, event)
  if ('refused' in result) return `!${result.refused}`
  const next = result.state.kind === 'cutIn' ? `cutIn(${result.state.phase})` : result.state.kind
  return [next, ...result.effects.map((effect) => effect.kind)].join(' ')
}

describe('every state × event pair', () => {
  for (const [stateName, state] of Object.entries(states))
    test(stateName, () => {
      const table = Object.fromEntries(Object.entries(events).map(([name, event]) => [name, outcome(state, event)]))
      expect(table).toMatchSnapshot()
    })

  test('the pairs that matter most, in words', () => {
    const pair = (state: string, event: string) => outcome(states[state] as OnAirState, events[event] as OnAirEvent)
    expect(pair('programme', 'fire')).toBe('cutIn(sent) fireAlert takePlant openRow')
    expect(pair('cutInBody', 'fireLower')).toBe('!ALERT_HOLDS_AIR')
    expect(pair('cutInBody', 'openMic')).toBe('!ALERT_HOLDS_AIR')
    expect(pair('cutInBody', 'openEmergency')).toBe('liveInput stopAlert cancelColdTimer openInput takePlant openRow')
    expect(pair('cutInBody', 'playOver')).toBe('!ALERT_HOLDS_AIR')
    expect(pair('cutInBody', 'next')).toBe('!ALERT_HOLDS_AIR')
    expect(pair('emergencyMic', 'fireAutomatic')).toBe('!ALERT_HOLDS_AIR')
    expect(pair('stopped', 'fire')).toBe('!STOP_LATCHED')
    expect(pair('stopped', 'itemStarted')).toBe('stopped')
    expect(pair('cutInHold', 'alertFinished')).toBe('awaitingResume closeRow restorePlant cancelColdTimer refit')
    expect(pair('cutInBody', 'alertFinished')).toBe('programme closeRow restorePlant cancelColdTimer refit')
    expect(pair('programme', 'nextStale')).toBe('!STALE_VIEW')
    expect(pair('cutInCold', 'carriersProved')).toBe('cutIn(attention) proceedAlert cancelColdTimer')
    expect(pair('cutInCold', 'coldTimeout')).toBe('cutIn(attention) proceedAlert alarmMissing')
  })

  test('the diagram: every change of kind is on it, and nothing else', () => {
    const found = new Set<string>()
    for (const state of Object.values(states))
      for (const event of Object.values(events)) {
        const result = transition(state, event)
        if (!('refused' in result) && result.state.kind !== state.kind) found.add(`${state.kind} → ${result.state.kind}: ${event.kind}`)
      }
    const source = readFileSync(new URL('../../../station/onair/onair-machine.ts', import.meta.url), 'utf8')
    const drawn = [...source.matchAll(/^\/\/ {3}(\w+) → (\w+: .+)$/gm)].flatMap(([, from, changes = '']) =>
      changes.split(' · ').flatMap((change) => {
        const [to, kinds = ''] = change.split(': ')
        return kinds.split(', ').map((kind) => `${from} → ${to}: ${kind}`)
      }),
    )
    expect(drawn.sort()).toEqual([...found].sort())
  })

  test('every kind of event is among the pairs', () => {
    const kinds: Record<OnAirEvent['kind'], true> = {
      fire: true,
      stopAlert: true,
      openInput: true,
      closeInput: true,
      next: true,
      hold: true,
      release: true,
      resume: true,
      playOver: true,
      stop: true,
      reopen: true,
      itemStarted: true,
      itemEnded: true,
      itemInterrupted: true,
      itemResumed: true,
      alertStarted: true,
      alertBodyStarted: true,
      alertEnded: true,
      inputClosed: true,
      carriersProved: true,
      carrierLate: true,
      coldTimeout: true,
    }
    expect([...new Set(Object.values(events).map((event) => event.kind))].sort()).toEqual(Object.keys(kinds).sort())
  })

  test('a carrier that came up late gets a full reading of its own', () => {
    const late = transition(onCut(), { kind: 'carrierLate', deviceId: 'tx-2' })
    if ('refused' in late) throw new Error('a fact was refused')
    const ended = transition(late.state, { kind: 'alertEnded', cutInId: 'cut-1' as CutInId, reason: 'finished' })
    expect(ended).toMatchObject({
      state: { kind: 'cutIn', phase: 'sent', lateCarriers: [] },
      effects: [{ kind: 'fireAlert', readings: 1, temperature: 'hot' }],
    })
  })
})

/** Runs orders against a faithful far end: what the audio process and the plant would report back, in order. */
function runWorld(orders: readonly OnAirEvent[]) {
  let state: OnAirState = { kind: 'silent' }
  const opened: string[] = []
  const closed: string[] = []
  const trace: { before: OnAirState; event: OnAirEvent; after: OnAirState; effects: readonly OnAirEffect[] }[] = []
  let airing: CutIn | null = null
  let under: ItemId | null = null
  const inputs = new Set<InputId>()
  const apply = (event: OnAirEvent, depth = 0): void => {
    if (depth > 20) throw new Error('the world does not settle')
    const before = state
    const result = transition(state, event)
    if ('refused' in result) {
      trace.push({ before, event, after: state, effects: [] })
      return
    }
    state = result.state
    trace.push({ before, event, after: state, effects: result.effects })
    for (const effect of result.effects) react(effect, depth + 1)
  }
  const react = (effect: OnAirEffect, depth: number): void => {
    switch (effect.kind) {
      case 'openRow':
        opened.push(`${effect.row}/${effect.id}`)
        return
      case 'closeRow':
        closed.push(`${effect.row}/${effect.id}`)
        return
      case 'fireAlert': {
        const replaced = airing
        airing = effect.cutIn
        if (replaced && replaced.cutInId !== effect.cutIn.cutInId)
          apply({ kind: 'alertEnded', cutInId: replaced.cutInId, reason: 'replaced' }, depth)
        apply({ kind: 'alertStarted', cutInId: effect.cutIn.cutInId }, depth)
        return
      }
      case 'stopAlert':
        if (airing?.cutInId === effect.cutInId) {
          airing = null
          apply({ kind: 'alertEnded', cutInId: effect.cutInId, reason: 'stopped' }, depth)
        }
        return
      case 'proceedAlert':
        apply({ kind: 'alertBodyStarted', cutInId: effect.cutInId }, depth)
        return
      case 'openInput':
        inputs.add(effect.inputId)
        return
      case 'closeInput':
        if (inputs.delete(effect.inputId)) apply({ kind: 'inputClosed', inputId: effect.inputId }, depth)
        return
      case 'stopAll':
        airing = null
        inputs.clear()
        return
      case 'next':
        under = item
        apply({ kind: 'itemStarted', itemId: item }, depth)
        return
      default:
        return
    }
  }
  for (const order of orders) apply(order)
  return {
    get state() {
      return state
    },
    opened,
    closed,
    trace,
    apply,
    get airing() {
      return airing
    },
    get under() {
      return under
    },
    inputs,
  }
}

const order: fc.Arbitrary<OnAirEvent> = fc.oneof(
  fc
    .record({
      n: fc.integer({ min: 1, max: 1_000_000 }),
      severity: fc.integer({ min: 0, max: 5 }),
      automatic: fc.boolean(),
      cold: fc.boolean(),
      hold: fc.boolean(),
    })
    .map(
      ({ n, severity, automatic, cold, hold }): OnAirEvent => ({
        kind: 'fire',
        cutIn: cutIn({
          cutInId: `cut-${n}` as CutInId,
          alertId: `alert-${n}` as AlertId,
          severity,
          automatic,
          temperature: cold ? 'cold' : 'hot',
          resume: hold ? { kind: 'hold' } : null,
        }),
      }),
    ),
  fc.constantFrom(
    ...Object.values(events).filter((event) =>
      [
        'openInput',
        'closeInput',
        'next',
        'hold',
        'release',
        'resume',
        'playOver',
        'reopen',
        'itemStarted',
        'carriersProved',
        'carrierLate',
      ].includes(event.kind),
    ),
  ),
  fc.integer({ min: 0, max: 1e6 }).map((ms): OnAirEvent => ({ kind: 'stop', atMs: (at + ms) as EpochMs, via: 'screen' })),
)

test.each(['held', 'awaitingResume'] as const)('an item that was %s before a microphone or an alert is so again afterwards', (kind) => {
  const mic = transition(
    { kind, itemId: item },
    { kind: 'openInput', inputId: 'mic' as InputId, mode: 'replace', emergency: false, via: 'screen' },
  )
  if ('refused' in mic) throw new Error(mic.refused)
  expect(transition(mic.state, { kind: 'inputClosed', inputId: 'mic' as InputId })).toMatchObject({ state: { kind, itemId: item } })
  const alert = transition({ kind, itemId: item }, { kind: 'fire', cutIn: cutIn() })
  if ('refused' in alert) throw new Error(alert.refused)
  expect(transition(alert.state, { kind: 'alertEnded', cutInId: cutIn().cutInId, reason: 'finished' })).toMatchObject({
    state: { kind, itemId: item },
  })
})

describe('whatever is ordered', () => {
  test('an alert is never cut by a lower rank', () => {
    fc.assert(
      fc.property(fc.array(order, { maxLength: 40 }), (orders) => {
        for (const { before, event, after } of runWorld(orders).trace) {
          if (before.kind !== 'cutIn' || before.phase === 'ending') continue
          if (event.kind === 'alertEnded' || event.kind === 'stop' || event.kind === 'stopAlert') continue
          const emergencyMic = event.kind === 'openInput' && event.emergency
          if (after.kind !== 'cutIn') expect(emergencyMic).toBe(true)
          else if (after.cutIn.cutInId !== before.cutIn.cutInId) expect(after.cutIn.severity).toBeGreaterThanOrEqual(before.cutIn.severity)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('every cut-in ends and what opens closes', () => {
    fc.assert(
      fc.property(fc.array(order, { maxLength: 40 }), (orders) => {
        const world = runWorld(orders)
        // The alert on air is read to its end, an open microphone is closed, a latch is lifted.
        for (let turn = 0; turn < 5; turn += 1) {
          if (world.state.kind === 'cutIn') world.apply({ kind: 'alertEnded', cutInId: world.state.cutIn.cutInId, reason: 'finished' })
          if (world.state.kind === 'liveInput') for (const inputId of world.state.inputIds) world.apply({ kind: 'inputClosed', inputId })
          if (world.state.kind === 'stopped') world.apply({ kind: 'reopen' })
        }
        expect(['silent', 'programme', 'held', 'awaitingResume']).toContain(world.state.kind)
        for (const id of world.opened) expect(world.closed).toContain(id)
      }),
      { numRuns: 500 },
    )
  })

  test('the desk is held exactly while something has the air from the programme, and a STOP leaves it to the hand that opens', () => {
    fc.assert(
      fc.property(fc.array(order, { maxLength: 40 }), (orders) => {
        let held = false
        for (const { after, effects } of runWorld(orders).trace) {
          for (const { kind } of effects)
            if (kind === 'takePlant' || kind === 'restorePlant' || kind === 'reopen') held = kind === 'takePlant'
          if (after.kind !== 'stopped') expect(held).toBe(after.kind === 'cutIn' || after.kind === 'liveInput')
        }
      }),
      { numRuns: 300 },
    )
  })

  test('programme is never lost, only moved: what was under an interruption is on afterwards or waits for a hand', () => {
    fc.assert(
      fc.property(fc.array(order, { maxLength: 30 }), (orders) => {
        for (const { before, event, after } of runWorld(orders).trace) {
          const interrupted =
            before.kind === 'programme' || before.kind === 'held' || before.kind === 'awaitingResume'
              ? before.itemId
              : before.kind === 'cutIn' || before.kind === 'liveInput'
                ? before.under
                : null
          if (interrupted === null || event.kind === 'stop' || event.kind === 'itemStarted' || event.kind === 'itemEnded') continue
          const kept =
            after.kind === 'programme' || after.kind === 'held' || after.kind === 'awaitingResume'
              ? after.itemId
              : after.kind === 'cutIn' || after.kind === 'liveInput'
                ? after.under
                : null
          expect(kept).toBe(interrupted)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('a latched STOP is left only by reopening', () => {
    fc.assert(
      fc.property(fc.array(order, { maxLength: 30 }), (orders) => {
        for (const { before, event, after } of runWorld(orders).trace)
          if (before.kind === 'stopped' && after.kind !== 'stopped') expect(event.kind).toBe('reopen')
      }),
      { numRuns: 300 },
    )
  })
})

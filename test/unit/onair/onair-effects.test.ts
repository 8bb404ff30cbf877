// What the on-air machine decides reaches the audio process in the same turn, with what the configuration says; and what that refuses,
// or no longer has, is not shown as on air.
import { expect, test } from 'vitest'
import type { OutputAudioState } from '../../../shared/audio-protocol.ts'
import { StationConfig } from '../../../shared/config.ts'
import type { CutInId, InputId, OutputId } from '../../../shared/domain/ids.ts'
import type { ActionRows } from '../../../station/onair/action-rows.ts'
import { OnAirEffects } from '../../../station/onair/onair-effects.ts'
import type { CutIn, OnAirEffect, OnAirEvent } from '../../../station/onair/onair-machine.ts'
import { OutputRuntime } from '../../../station/onair/output-runtime.ts'
import type { PlantDemand } from '../../../station/onair/plant-demand.ts'
import type { AudioOrder, OnAirPorts } from '../../../station/onair/ports.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const cutInId = 'cut' as CutInId
const mic = 'mic' as InputId

function made(refuses = false) {
  const sent: AudioOrder[] = []
  const facts: OnAirEvent[] = []
  const told: string[] = []
  const clock = new VirtualClock()
  const ports = {
    clock,
    config: StationConfig.parse({ station: { id: 's', name: 'S' }, alerts: { micDuckDb: -30 } }),
    audio: {
      send: (order: AudioOrder) => {
        sent.push(order)
        return refuses ? Promise.reject(new Error('refused')) : Promise.resolve()
      },
    },
    log: { note: ({ subject }: { subject: string }) => void told.push(subject) },
    alarms: { raise: (code: string) => void told.push(code) },
    plant: { carriers: () => [{ deviceId: 'tx', state: 'down' }], takeDesk: (...taken: unknown[]) => void told.push(taken.join(' ')) },
    onChanged: () => undefined,
  } as unknown as OnAirPorts
  const demand = { take: () => undefined } as unknown as PlantDemand
  const effects = new OnAirEffects(ports, {} as ActionRows, demand, (_, event) => void facts.push(event))
  const runtime = new OutputRuntime('fm' as OutputId, 'FM', 'Card')
  const airs = (phase: 'sent' | 'attention' | 'body' | 'ending', awaitingCarriers = false) => {
    const cutIn = { cutInId, alertId: 'al', readings: 1, temperature: 'hot', resume: null, orderedAtMs: clock.now() } as unknown as CutIn
    runtime.state = { kind: 'cutIn', cutIn, phase, awaitingCarriers, lateCarriers: [], under: null, underWas: 'playing' }
    return cutIn
  }
  const open = () => {
    runtime.state = { kind: 'liveInput', inputIds: [mic], emergency: false, under: null, underWas: 'playing' }
  }
  /** What is known when everything that was sent has been answered. */
  const answered = async (effect: OnAirEffect) => {
    effects.run(runtime, effect, 'operator')
    expect(facts, 'nothing is known in the turn of the order').toEqual([])
    await clock.advance(0)
    return facts
  }
  return { clock, effects, runtime, sent, facts, told, airs, open, answered }
}

test('the programme is lowered under an input opened over it by as much as the configuration says', () => {
  const { effects, runtime, sent } = made()
  effects.run(runtime, { kind: 'openInput', inputId: mic, mode: 'duck' }, 'operator')
  expect(sent).toEqual([expect.objectContaining({ kind: 'openInput', outputIds: ['fm'], inputId: 'mic', mode: 'duck', duckDb: -30 })])
})

test('an alert that the audio process refuses is over, and said to reach nobody', async () => {
  const { airs, answered, told } = made(true)
  const cutIn = airs('sent')
  expect(await answered({ kind: 'fireAlert', cutIn, readings: 1, temperature: 'hot' })).toEqual([
    { kind: 'alertEnded', cutInId, reason: 'failed' },
  ])
  expect(told).toEqual(['alert refused', 'ALERT_NOT_COVERED'])
})

test('an alert whose end is refused, because the audio process has it no more, has ended', async () => {
  const { airs, answered, told } = made(true)
  airs('ending')
  expect(await answered({ kind: 'stopAlert', cutInId })).toEqual([{ kind: 'alertEnded', cutInId, reason: 'stopped' }])
  expect(told).toEqual(['alert refused'])
})

test('what the refusal of an older order says ends no newer airing', async () => {
  const { airs, answered } = made(true)
  airs('body')
  expect(await answered({ kind: 'stopAlert', cutInId: 'older' as CutInId })).toEqual([])
})

test.each(['openInput', 'closeInput'] as const)('a microphone of which %s is refused is not open', async (kind) => {
  const { open, answered } = made(true)
  open()
  const effect = kind === 'openInput' ? { kind, inputId: mic, mode: 'replace' as const } : { kind, inputId: mic }
  expect(await answered(effect)).toEqual([{ kind: 'inputClosed', inputId: mic }])
})

test('of a successor: an alert it does not have is over unless it was only just ordered, and so is a microphone', () => {
  const has = (alert: { cutInId: string } | null, openInputs: string[] = []) => ({ alert, openInputs }) as unknown as OutputAudioState
  const { effects, runtime, facts, airs, open } = made()
  for (const phase of ['attention', 'body', 'ending'] as const) {
    airs(phase)
    effects.restored(runtime, has({ cutInId: 'cut' }))
    expect(facts.splice(0), `${phase}, and it reads it`).toEqual([])
    effects.restored(runtime, has(null))
    const reason = phase === 'ending' ? 'stopped' : 'failed'
    expect(facts.splice(0), phase).toEqual([{ kind: 'alertEnded', cutInId, reason }])
  }
  airs('sent')
  effects.restored(runtime, has(null))
  open()
  effects.restored(runtime, has(null, ['mic']))
  expect(facts).toEqual([])
  effects.restored(runtime, has(null))
  expect(facts).toEqual([{ kind: 'inputClosed', inputId: mic }])
})

test('adopted while it waits for its carriers: it waits no longer than 20 s from its order, and the desk is taken', async () => {
  const { clock, effects, runtime, facts, airs, told } = made()
  airs('attention', true)
  await clock.advance(15_000)
  effects.adopted(runtime)
  expect(told).toEqual(['fm cut off'])
  await clock.advance(4900)
  expect(facts).toEqual([])
  await clock.advance(200)
  expect(facts).toEqual([{ kind: 'coldTimeout', cutInId, missing: ['tx'] }])
})

// The service around the alert machine, with an audio process that remembers what it was told: nothing is armed that is not wholly
// in its memory, nothing airs that may not, and firing is over before anything waits.
import { beforeEach, describe, expect, test } from 'vitest'
import { StationConfig } from '../../../shared/config.ts'
import type { AlertDraft, AlertView } from '../../../shared/domain/alert.ts'
import type { AlertId, CutInId } from '../../../shared/domain/ids.ts'
import type { EpochMs } from '../../../shared/domain/time.ts'
import { AlertsService } from '../../../station/alerts/index.ts'
import { maxTotalMs } from '../../../station/alerts/render/render-alert.ts'
import type { AudioOrder, FireOrder } from '../../../station/onair/index.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let clock: VirtualClock
let sent: AudioOrder[]
let fired: FireOrder[]
let notes: string[]
/** Whether an airing stands cut off, and where, as it was told. */
let standing: [AlertId, number | null][]
/** What the voice makes of the text, and how long that is, ms. */
let rendered: string
let bodyMs: number
/** What the audio process finds on the disk. */
let onDisk: string
/** Whether the audio process says at once that it holds what it is given. */
let tells: boolean
/** When the audio process answers an order; null = at once. */
let answer: PromiseWithResolvers<void> | null
/** Where a preview is heard. */
let via: 'device' | 'browser' | 'none'
let alerts: AlertsService

const draft = (change: Partial<AlertDraft> = {}): AlertDraft => ({
  mode: 'live',
  templateId: null,
  title: 'Lũ quét',
  source: { kind: 'text', text: 'Lũ quét.', voice: 'vi' },
  riskLevel: 2,
  evacuation: false,
  orderedBy: '',
  issuedAtMs: null,
  expiresAtMs: null,
  readings: 1,
  attentionTone: true,
  outputIds: [],
  ...change,
})
const audio = (): NonNullable<AlertView['audio']> => ({
  sha256: rendered,
  attentionMs: 0,
  bodyMs,
  totalMs: bodyMs,
  integratedLufs: -20,
  truePeakDbtp: -3,
  spokenText: '',
  peaks: [],
  words: [],
})

function open(liveFiring = true): AlertsService {
  return new AlertsService({
    clock,
    config: StationConfig.parse({ station: { id: 's', name: 'S' } }),
    store: { all: () => Promise.resolve([]), put: () => Promise.resolve(), get: () => Promise.resolve(null) } as never,
    log: { open: () => undefined, close: () => undefined, note: (row) => void notes.push(row.kind) },
    templates: [],
    correction: draft({ title: 'Đính chính' }),
    liveFiring,
    outputIds: ['fm', 'wired'] as never,
    render: (alertId) => Promise.resolve({ attentionPath: null, bodyPath: `/${alertId}`, gainDb: 0, audio: audio() }),
    send: (order) => {
      sent.push(order)
      if (order.kind === 'loadAlert' && tells)
        queueMicrotask(() =>
          alerts.audioEvent({
            kind: 'alertLoaded',
            seq: 1,
            atMs: clock.now(),
            alertId: order.alert.alertId,
            sha256: onDisk,
            durationMs: 4000,
          }),
        )
      return answer?.promise ?? Promise.resolve()
    },
    fire: (order) => void fired.push(order),
    cue: () => ({ via, reason: null }),
    playable: () => null,
    interrupted: (view) => void standing.push([view.alertId, view.interrupted?.positionMs ?? null]),
    onChanged: () => undefined,
    onCueChanged: () => undefined,
  })
}

beforeEach(() => {
  clock = new VirtualClock()
  sent = []
  fired = []
  notes = []
  standing = []
  rendered = 'rendered'
  bodyMs = 4000
  onDisk = 'rendered'
  tells = true
  answer = null
  via = 'device'
  alerts = open()
})

const armed = async (change: Partial<AlertDraft> = {}): Promise<AlertId> => {
  const { alertId } = await alerts.compose(draft(change), null)
  await alerts.arm(alertId)
  return alertId
}
const loads = () => sent.filter((order) => order.kind === 'loadAlert').length
const unloaded = () => sent.flatMap((order) => (order.kind === 'unloadAlert' ? [order.alertId] : []))
const told = (alertId: AlertId, sha256: string) => alerts.audioEvent({ kind: 'alertLoaded', alertId, sha256 } as never)
/** The text of an alert is corrected: its sound is another. */
const corrected = async (alertId: AlertId) => {
  rendered = 'second'
  onDisk = 'second'
  await alerts.compose(draft({ title: 'Bản sửa' }), alertId)
}

test('armed only when the audio process holds the very bytes that were rendered', async () => {
  const { alertId } = await alerts.compose(draft(), null)
  onDisk = 'something else'
  await expect(alerts.arm(alertId)).rejects.toMatchObject({ code: 'ALERT_NOT_READY' })
  expect(alerts.get(alertId).state).toBe('ready')
  expect(sent.at(-1)).toMatchObject({ kind: 'unloadAlert', alertId })
  onDisk = 'rendered'
  expect((await alerts.arm(alertId)).state).toBe('armed')
})

test('not armed while it is only on its way into memory, and given up after ten seconds', async () => {
  tells = false
  const { alertId } = await alerts.compose(draft(), null)
  const arming = alerts.arm(alertId)
  await clock.advance(9000)
  expect([loads(), alerts.get(alertId).state]).toEqual([1, 'ready'])
  expect(() => alerts.fire({ alertId, via: 'api', actor: 'api' })).toThrow(/ALERT_NOT_ARMED/)
  alerts.audioEvent({ kind: 'alertLoaded', alertId, sha256: 'rendered' } as never)
  expect((await arming).state).toBe('armed')
  const next = await alerts.compose(draft({ title: 'Bão' }), null)
  const refused = expect(alerts.arm(next.alertId)).rejects.toMatchObject({ code: 'AUDIO_UNAVAILABLE' })
  await clock.advance(10_000)
  await refused
  expect(alerts.get(next.alertId).state).toBe('ready')
})

test.each(['browser', 'none'] as const)('without a device of its own (%s) a preview is refused, and nothing is sent', async (where) => {
  via = where
  const { alertId } = await alerts.compose(draft(), null)
  await expect(alerts.preview(alertId, 0, 'Sử')).rejects.toMatchObject({ code: 'CUE_UNAVAILABLE' })
  expect(sent).toEqual([])
})

test('previewed and armed in the same moment: loaded once, and neither waits for the other in vain', async () => {
  const { alertId } = await alerts.compose(draft(), null)
  const [, view] = await Promise.all([alerts.preview(alertId, 0, 'Sử'), alerts.arm(alertId)])
  expect([view.state, loads()]).toEqual(['armed', 1])
})

test('a load that is refused is refused to whoever waits, and tried again by the next', async () => {
  const { alertId } = await alerts.compose(draft(), null)
  onDisk = 'something else'
  const both = await Promise.allSettled([alerts.preview(alertId, 0, 'Sử'), alerts.arm(alertId)])
  expect(both.map((each) => each.status)).toEqual(['rejected', 'rejected'])
  onDisk = 'rendered'
  expect((await alerts.arm(alertId)).state).toBe('armed')
})

test('fired: on every output unless it names some, in the same turn, once however often the order comes', async () => {
  const alertId = await armed()
  expect(() => alerts.fire({ alertId: 'other' as AlertId, via: 'api', actor: 'Sử' })).toThrow(
    expect.objectContaining({ code: 'NOT_FOUND' }),
  )
  const cutInId = 'cut-1' as CutInId
  expect(alerts.fire({ alertId, cutInId, via: 'surface', heldMs: 1000, actor: 'Sử' })).toBe(cutInId)
  expect(alerts.fire({ alertId, cutInId, via: 'surface', heldMs: 1000, actor: 'Sử' })).toBe(cutInId)
  expect(fired).toHaveLength(1)
  expect(fired[0]).toMatchObject({ outputIds: ['fm', 'wired'], severity: 2, resume: null, via: 'surface', heldMs: 1000, automatic: false })
  expect(() => alerts.fire({ alertId, via: 'api', actor: 'Sử' })).toThrow(expect.objectContaining({ code: 'ALERT_ALREADY_AIRING' }))
  alerts.ended(alertId)
  expect(alerts.get(alertId).state).toBe('aired')
})

test('after risk level 3 or an evacuation nothing returns to music by itself', async () => {
  for (const [change, severity, resume] of [
    [{ riskLevel: 2 }, 2, null],
    [{ riskLevel: 3 }, 3, { kind: 'hold' }],
    [{ riskLevel: null, evacuation: true }, 5, { kind: 'hold' }],
  ] as const) {
    const alertId = await armed(change)
    alerts.fire({ alertId, via: 'api', actor: 'Sử' })
    expect(fired.at(-1)).toMatchObject({ severity, resume })
    alerts.ended(alertId)
  }
})

test('refused: live firing off, not armed, past its time', async () => {
  alerts = open(false)
  const off = await armed()
  expect(() => alerts.fire({ alertId: off, via: 'api', actor: 'Sử' })).toThrow(expect.objectContaining({ code: 'LIVE_FIRING_OFF' }))
  alerts = open()
  const { alertId } = await alerts.compose(draft({ expiresAtMs: (clock.now() + 60_000) as EpochMs }), null)
  expect(() => alerts.fire({ alertId, via: 'api', actor: 'Sử' })).toThrow(expect.objectContaining({ code: 'ALERT_NOT_ARMED' }))
  await alerts.arm(alertId)
  await clock.advance(60_000)
  expect(() => alerts.fire({ alertId, via: 'api', actor: 'Sử' })).toThrow(expect.objectContaining({ code: 'ALERT_EXPIRED' }))
  await alerts.disarm(alertId)
  await expect(alerts.arm(alertId)).rejects.toMatchObject({ code: 'ALERT_EXPIRED' })
  expect(fired).toEqual([])
})

test('one is armed at a time; room is made for it, never by what is armed or on air', async () => {
  const first = await armed()
  alerts.fire({ alertId: first, via: 'api', actor: 'Sử' })
  const others: AlertId[] = []
  for (let count = 0; count < 5; count += 1) {
    others.push(await armed({ title: `Tin ${count}` }))
    await clock.advance(1000)
  }
  expect(
    alerts
      .list()
      .filter((view) => view.state === 'armed')
      .map((view) => view.alertId),
  ).toEqual([others[4]])
  expect(unloaded()).toEqual([others[0], others[1]])
})

test('a corrected text is what is armed, whatever an adopted audio process still holds of the one before', async () => {
  const alertId = await armed()
  await alerts.disarm(alertId)
  await corrected(alertId)
  alerts.audioReplaced([{ alertId, sha256: 'rendered' }])
  await alerts.arm(alertId)
  expect(sent.map((order) => order.kind)).toEqual(['loadAlert', 'unloadAlert', 'unloadAlert', 'loadAlert'])
  alerts.audioReplaced([{ alertId, sha256: 'rendered' }])
  await alerts.reload((order) => {
    if (order.kind === 'loadAlert') told(alertId, onDisk)
    return Promise.resolve(void sent.push(order))
  })
  expect(loads()).toBe(3)
})

test('corrected while the text before it is on its way into memory: that one is neither armed nor kept, nor counted as heard', async () => {
  tells = false
  const { alertId } = await alerts.compose(draft(), null)
  const arming = expect(alerts.arm(alertId)).rejects.toMatchObject({ code: 'ALERT_NOT_READY' })
  await corrected(alertId)
  told(alertId, 'rendered')
  await arming
  expect(unloaded()).toEqual([alertId])
  expect(alerts.get(alertId)).toMatchObject({ state: 'ready', title: 'Bản sửa' })
  tells = true
  await alerts.preview(alertId, 0, 'Sử')
  rendered = 'third'
  await alerts.compose(draft(), alertId)
  alerts.audioEvent({ kind: 'cueEnded', alertId, playedMs: 3500 } as never)
  expect(alerts.get(alertId).previewedMs).toBe(0)
})

test('a load that was given up and came after all, over the corrected one: not fired, armed anew it is', async () => {
  const alertId = await armed()
  told(alertId, 'an older text')
  expect(() => alerts.fire({ alertId, via: 'api', actor: 'Sử' })).toThrow(expect.objectContaining({ code: 'ALERT_NOT_READY' }))
  await alerts.arm(alertId)
  alerts.fire({ alertId, via: 'api', actor: 'Sử' })
  expect([fired.length, loads()]).toEqual([1, 2])
})

test('cancelled while it is on its way into memory: not armed', async () => {
  tells = false
  const { alertId } = await alerts.compose(draft(), null)
  const arming = expect(alerts.arm(alertId)).rejects.toMatchObject({ code: 'ALERT_NOT_READY' })
  await alerts.cancel(alertId)
  told(alertId, 'rendered')
  await arming
  expect(alerts.get(alertId).state).toBe('cancelled')
  expect(notes).not.toContain('alert.armed')
})

test('who waits for a load waits for its answer, and the station goes on meanwhile', async () => {
  tells = false
  const { alertId } = await alerts.compose(draft(), null)
  answer = Promise.withResolvers()
  const both = Promise.all([alerts.preview(alertId, 0, 'Sử'), alerts.arm(alertId)])
  told(alertId, 'rendered')
  // The event is here, the answer to the order comes in a packet of its own.
  setImmediate(() => answer?.resolve())
  await both
  expect([alerts.get(alertId).state, loads()]).toEqual(['armed', 1])
})

describe('room in the memory of the audio process', () => {
  /** As if audio of so many minutes were kept of every alert. */
  const minutes = (count: number) => {
    bodyMs = count * 60_000
  }

  test('long alerts that nobody needs now make room before there are four', async () => {
    minutes(10)
    const ids: AlertId[] = []
    for (let count = 0; count < 4; count += 1) {
      ids.push(await armed({ title: `Tin ${count}` }))
      await clock.advance(1000)
    }
    expect(unloaded()).toEqual([ids[0], ids[1]])
    expect(alerts.get(ids[3] as AlertId).state).toBe('armed')
  })

  test('the longest on air, the longest armed after it, and a correction beside them', async () => {
    bodyMs = maxTotalMs
    alerts.fire({ alertId: await armed(), via: 'api', actor: 'Sử' })
    const next = await armed({ title: 'Bão' })
    minutes(1)
    const { alertId } = await alerts.compose(draft({ title: 'Đính chính' }), null)
    await alerts.preview(alertId, 0, 'Sử')
    expect([unloaded(), alerts.get(next).state]).toEqual([[], 'armed'])
  })

  test('what does not fit beside what is on air and armed is refused, and armed once the other is not', async () => {
    bodyMs = maxTotalMs
    alerts.fire({ alertId: await armed(), via: 'api', actor: 'Sử' })
    const second = await armed({ title: 'Bão' })
    const { alertId } = await alerts.compose(draft({ title: 'Lốc' }), null)
    await expect(alerts.arm(alertId)).rejects.toMatchObject({ code: 'ALERT_MEMORY_FULL', detail: { title: 'Lốc' } })
    expect([loads(), alerts.get(second).state]).toEqual([2, 'armed'])
    await alerts.disarm(second)
    expect((await alerts.arm(alertId)).state).toBe('armed')
    expect(unloaded()).toEqual([second])
  })

  test('nothing is left there of a text that was corrected, or of an alert that was cancelled', async () => {
    const alertId = await armed()
    await corrected(alertId)
    expect(unloaded()).toEqual([alertId])
    await alerts.arm(alertId)
    await alerts.cancel(alertId)
    expect(unloaded()).toEqual([alertId, alertId])
    // Held by an adopted process without a use: gone before the next is loaded.
    alerts.audioReplaced([
      { alertId, sha256: 'second' },
      { alertId: 'unknown' as AlertId, sha256: 'x' },
    ])
    const next = await alerts.compose(draft(), null)
    await alerts.arm(next.alertId)
    expect(unloaded().slice(2)).toEqual([alertId, 'unknown'])
  })
})

test('another audio process is given what is armed or was fired, unless it holds it, and only the bytes that were rendered', async () => {
  const alertId = await armed()
  const given: string[] = []
  const reload = () =>
    alerts.reload((order) => {
      given.push(order.kind)
      if (order.kind === 'loadAlert') alerts.audioEvent({ kind: 'alertLoaded', alertId, sha256: onDisk } as never)
      return Promise.resolve()
    })
  const taken = async (held: Parameters<AlertsService['audioReplaced']>[0]) => {
    alerts.audioReplaced(held)
    await reload()
    return given.splice(0)
  }
  expect(await taken([{ alertId, sha256: 'rendered' }])).toEqual([])
  expect(await taken([])).toEqual(['loadAlert'])
  expect(alerts.get(alertId).state).toBe('armed')
  alerts.fire({ alertId, via: 'api', actor: 'Sử' })
  expect(await taken([])).toEqual(['loadAlert'])
  onDisk = 'something else'
  await expect(taken([])).rejects.toMatchObject({ code: 'ALERT_NOT_READY' })
  expect(given).toEqual(['loadAlert', 'unloadAlert'])
  expect(loads()).toBe(1)
})

test('one that cannot be put into a successor keeps none of the others out', async () => {
  const first = await armed()
  alerts.fire({ alertId: first, via: 'api', actor: 'api' })
  const second = await armed({ title: 'Bão' })
  alerts.audioReplaced([])
  const given: AlertId[] = []
  const load = (order: AudioOrder) => {
    if (order.kind !== 'loadAlert') return Promise.resolve()
    given.push(order.alert.alertId)
    if (order.alert.alertId === first) return Promise.reject(new Error('its file is gone'))
    alerts.audioEvent({ kind: 'alertLoaded', alertId: second, sha256: onDisk } as never)
    return Promise.resolve()
  }
  await expect(alerts.reload(load)).rejects.toThrow('its file is gone')
  expect(given.toSorted()).toEqual([first, second].toSorted())
})

test('what was heard counts to its length and is a row; changed, it was not heard', async () => {
  const { alertId } = await alerts.compose(draft(), null)
  alerts.audioEvent({ kind: 'cueEnded', seq: 1, atMs: clock.now(), alertId, playedMs: 3000 } as never)
  alerts.previewed(alertId, 3000, 'Sử')
  expect(alerts.get(alertId).previewedMs).toBe(4000)
  expect(notes.filter((kind) => kind === 'alert.previewed')).toHaveLength(2)
  await alerts.compose(draft({ title: 'Khác' }), alertId)
  expect(alerts.get(alertId)).toMatchObject({ previewedMs: 0, revision: 2, title: 'Khác' })
})

const cutOff = (positionMs: number) => ({ cutInId: 'cut-dead' as CutInId, atMs: clock.now(), positionMs, continues: false })

test('P2: what was cut off goes on from there only when it was armed for that, and no longer stands once it airs', async () => {
  const { alertId } = await alerts.compose(draft(), null)
  await expect(alerts.arm(alertId, 'operator', 'interruption')).rejects.toMatchObject({ code: 'ALERT_NOT_INTERRUPTED' })
  await alerts.interrupted(alertId, cutOff(2500))
  expect(alerts.get(alertId)).toMatchObject({ state: 'ready', interrupted: { positionMs: 2500, continues: false } })
  expect(fired).toEqual([])
  await alerts.arm(alertId, 'operator', 'interruption')
  expect(alerts.get(alertId).interrupted?.continues).toBe(true)
  await alerts.disarm(alertId)
  expect(alerts.get(alertId).interrupted?.continues).toBe(false)
  await alerts.arm(alertId, 'operator', 'interruption')
  alerts.fire({ alertId, via: 'api', actor: 'Sử' })
  expect(fired.at(-1)).toMatchObject({ alertId, offsetMs: 2500 })
  expect(alerts.get(alertId).interrupted).toBeUndefined()
  expect(standing.at(-1)).toEqual([alertId, null])
})

test('cut off on every output it is ready again, and goes on or begins anew by hand only; aired on one it is aired', async () => {
  const alertId = await armed()
  alerts.fire({ alertId, via: 'api', actor: 'Sử' })
  await alerts.interrupted(alertId, cutOff(2500))
  expect(alerts.get(alertId)).toMatchObject({ state: 'ready', interrupted: { positionMs: 2500, continues: false } })
  expect(standing.at(-1)).toEqual([alertId, 2500])
  await alerts.arm(alertId, 'operator', 'interruption')
  alerts.fire({ alertId, via: 'api', actor: 'Sử' })
  alerts.ended(alertId)
  await alerts.interrupted(alertId, cutOff(3000))
  expect(alerts.get(alertId).state).toBe('aired')
  expect(alerts.get(alertId).interrupted).toBeUndefined()
})

test('P2: armed from the beginning it is read whole; cancelled or composed anew it is no longer asked about', async () => {
  const again = await armed()
  await alerts.disarm(again)
  await alerts.interrupted(again, cutOff(2500))
  await alerts.arm(again)
  alerts.fire({ alertId: again, via: 'api', actor: 'Sử' })
  expect(fired.at(-1)).not.toHaveProperty('offsetMs')
  alerts.ended(again)
  // It ended in the meantime: nothing is left to decide.
  await alerts.interrupted(again, cutOff(2500))
  expect(alerts.get(again).interrupted).toBeUndefined()
  for (const settle of [(id: AlertId) => alerts.cancel(id), (id: AlertId) => alerts.compose(draft(), id)]) {
    const { alertId } = await alerts.compose(draft(), null)
    await alerts.interrupted(alertId, cutOff(900))
    expect(standing.at(-1)).toEqual([alertId, 900])
    await settle(alertId)
    expect(alerts.get(alertId).interrupted).toBeUndefined()
    expect(standing.at(-1)).toEqual([alertId, null])
  }
})

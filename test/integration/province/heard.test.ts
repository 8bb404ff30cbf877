// The mission, once from end to end, with everything real: written at the province, decided here, heard at the sound server's monitor,
// and told to the province, whose own store is the oracle of what it was told.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { AlertView } from '../../../shared/domain/alert.ts'
import type { IncomingView, ProvinceItem, StationRecord } from '../../../shared/domain/province.ts'
import type { DayPlan, PlannedItem } from '../../../shared/domain/schedule.ts'
import { dayOf, epochMs } from '../../../shared/domain/time.ts'
import { HttpAdapter } from '../../../station/province/http-adapter.ts'
import type { MonitorCapture } from '../../support/monitor-capture.ts'
import { provinceBed } from '../../support/province-bed.ts'
import { recordsIn } from '../../support/province-folder.ts'
import { lfsrNoise, locate, rateHz, rmsDb, toWav, wavLeft } from '../../support/signals.ts'

const bed = provinceBed()
const { home, slice, incoming, write } = bed
/** The order that was aired, for what comes after. */
let emergency: { readonly item: ProvinceItem; readonly alertId: string }
const cardNow = (alertId: string) => bed.rig.station.api<AlertView>('GET', `/alerts/${alertId}`)

/** Some of these samples from where they first sound. */
function excerpt(pcm: Float32Array, frames = rateHz): Float32Array {
  const from = pcm.findIndex((value) => Math.abs(value) > 0.02)
  return pcm.subarray(from, from + frames)
}

/** Frame of the capture at which this excerpt begins; it is the very same sound, at whatever gain. */
async function heardAt(ears: MonitorCapture, sound: Float32Array, fromFrame: number, withinMs: number): Promise<number> {
  let at = -1
  await bed.rig.until('it is heard', withinMs, async () => {
    await ears.hear(rateHz / 2)
    const found = locate(sound, ears.samples(Math.max(fromFrame, ears.frames - 4 * rateHz)))
    if (found === null || found.score < 0.9) return false
    at = found.frame
    return true
  })
  return at
}

/** The province's store holds this row, and it is the row of the station's own logbook to the last byte that is hashed. */
async function told(what: string, is: (row: StationRecord) => boolean): Promise<StationRecord> {
  let found: StationRecord | undefined
  await bed.rig.until(`the province holds ${what}`, 20_000, async () => {
    found = (await bed.province.records()).find(is)
    return found !== undefined
  })
  const row = found as StationRecord
  const own = (await bed.rig.rows()).find((one) => one.seq === row.seq)
  expect(own?.hash).toBe(row.hash)
  return row
}

/** The station's word on what became of an item: it was aired. */
const acknowledged = ({ itemId }: ProvinceItem) =>
  told(
    'what became of its item',
    (row) => row.kind === 'province.item' && row.planned?.['itemId'] === itemId && row.measured?.['state'] === 'aired',
  )

it('a bulletin written at the province is offered, placed, heard on air, and its as-run row is in the province’s store', async () => {
  const item = await write({ title: 'Lịch cắt điện', text: 'Sáng mai cắt điện từ bảy giờ đến chín giờ.', class: 'normal' })
  await bed.rig.until('it is offered', 20_000, async () => (await incoming(item.itemId))?.state === 'offered')
  const cartId = (await incoming(item.itemId))?.media[0]?.cartId
  const sound = excerpt(wavLeft(await bed.rig.station.raw('GET', `/library/${cartId}/audio.wav`, null, 'audio/wav')))
  const ears = await bed.rig.listen('fm')
  const from = ears.frames
  const startMs = Date.now() + 2500
  const placed = await bed.rig.station.api<IncomingView>('POST', `/province/items/${item.itemId}/place`, {
    day: dayOf(epochMs(Date.now())),
    start: { kind: 'hard', atMs: startMs },
  })
  await heardAt(ears, sound, from, 12_000)
  const [rundownItemId] = placed.rundownItemIds
  const aired = await told('the as-run row', (row) => row.kind === 'item.aired' && row.phase === 'close' && row.subject === 'Lịch cắt điện')
  expect(aired.actionId).toContain(String(rundownItemId))
  expect(aired.atMs).toBeGreaterThan(startMs)
  await acknowledged(item)
})

it('a session and a relay of the province are on the schedule with their source, are heard in turn, and the relay is cut at its end', async () => {
  const stream = lfsrNoise(0x7e1a, 20 * rateHz, 0.2)
  const sender = createServer((_asked, response) => {
    response.writeHead(200, { 'content-type': 'audio/wav' })
    response.end(toWav(stream, 2))
  })
  await new Promise<void>((resolve) => sender.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    sender.closeAllConnections()
    sender.close()
  })
  const sessionAtMs = Date.now() + 5000
  const session = await bed.province.admin<ProvinceItem>('POST', 'sessions', {
    title: 'Phiên trưa',
    startMs: sessionAtMs,
    hard: true,
    parts: [
      { title: 'Chào', text: 'Chào bà con.' },
      { title: 'Lúa', text: 'Lúa tốt.' },
    ],
  })
  const relayAtMs = sessionAtMs + 6000
  const durationMs = 3000
  const url = `http://127.0.0.1:${(sender.address() as AddressInfo).port}/tinh.wav`
  const relay = await bed.province.admin<ProvinceItem>('POST', 'relays', { title: 'Thời sự tỉnh', startMs: relayAtMs, durationMs, url })
  const ears = await bed.rig.listen('fm')
  const from = ears.frames
  let rows: readonly PlannedItem[] = []
  await bed.rig.until('both are on the schedule', 20_000, async () => {
    const plan = await bed.rig.station.api<DayPlan>('GET', `/schedule/${dayOf(epochMs(Date.now()))}`)
    rows = plan.items.filter((row) => [session.itemId, relay.itemId].some((itemId) => itemId === row.item.origin?.provinceItemId))
    return rows.length === 3
  })
  expect(rows.map(({ item }) => [item.title, item.source.kind, item.start.kind, item.origin?.provinceItemId])).toEqual([
    ['Chào', 'file', 'hard', session.itemId],
    ['Lúa', 'file', 'follow', session.itemId],
    ['Thời sự tỉnh', 'relayStream', 'hard', relay.itemId],
  ])
  expect(rows[2]).toMatchObject({ startMs: relayAtMs, endMs: relayAtMs + durationMs })
  for (const { item } of rows.slice(0, 2)) {
    const cartId = item.source.kind === 'file' ? item.source.cartId : ''
    const copy = wavLeft(await bed.rig.station.raw('GET', `/library/${cartId}/audio.wav`, null, 'audio/wav'))
    await heardAt(ears, excerpt(copy, rateHz / 2), from, 15_000)
  }
  await heardAt(ears, stream.subarray(rateHz / 2, rateHz), from, 15_000)
  const cut = await told(
    'the end of the relay',
    (row) => row.kind === 'item.aired' && row.phase === 'close' && row.subject === 'Thời sự tỉnh',
  )
  expect(Math.abs(cut.atMs - (relayAtMs + durationMs))).toBeLessThan(500)
  for (const item of [session, relay]) await acknowledged(item)
  // Nothing of the stream that comes after its end is heard.
  expect(locate(stream.subarray(5 * rateHz, 6 * rateHz), ears.samples(from))?.score ?? 0).toBeLessThan(0.3)
})

it('an emergency of the province is previewed, armed, fired by the operator, heard on air, and acknowledged in the province’s store', async () => {
  const item = await write({
    title: 'Lũ quét',
    text: 'Nước lên nhanh. Bà con sơ tán ngay.',
    class: 'emergency',
    riskLevel: 4,
    evacuation: true,
  })
  let card: AlertView | undefined
  await bed.rig.until('the card is ready', 30_000, async () => {
    card = (await bed.rig.station.api<AlertView[]>('GET', '/alerts')).find((one) => one.origin?.provinceItemId === item.itemId)
    return card?.state === 'ready'
  })
  const { alertId, audio } = card as AlertView
  const bytes = await bed.rig.station.raw('GET', `/alerts/${alertId}/audio.wav`, null, 'audio/wav')
  // Its words, not its attention signal, which every alert has.
  const words = excerpt(wavLeft(bytes).subarray(Math.round(((audio?.attentionMs ?? 0) * rateHz) / 1000)))
  const [air, cue] = [await bed.rig.listen('fm'), await bed.rig.listen('cue')]
  const [airFrom, cueFrom] = [air.frames, cue.frames]

  await bed.rig.station.api('POST', `/alerts/${alertId}/preview`, {})
  await heardAt(cue, words, cueFrom, 30_000)
  expect(rmsDb(air.samples(airFrom))).toBeLessThan(-90)
  await bed.rig.station.api('POST', '/cue/stop', {})
  await bed.rig.until('it counts as heard', 5000, async () => (await cardNow(alertId)).previewedMs >= 3000)

  await bed.rig.station.api('POST', `/alerts/${alertId}/arm`, {})
  const { cutInId } = await bed.rig.station.api<{ cutInId: string }>('POST', `/alerts/${alertId}/fire`, { via: 'screen', heldMs: 1000 })
  await heardAt(air, words, airFrom, 40_000)
  await bed.rig.until('it has been read', 60_000, async () => (await cardNow(alertId)).state === 'aired')
  const cutIn = await told('the cut-in', (row) => row.kind === 'cutin' && row.phase === 'close' && row.actionId?.includes(cutInId) === true)
  expect(cutIn.subject).toBe('Lũ quét')
  expect((await acknowledged(item)).subject).toBe('Lũ quét')
  const kinds = (await bed.province.records()).filter((row) => row.subject === 'Lũ quét').map((row) => row.kind)
  expect(kinds).toEqual(expect.arrayContaining(['alert.composed', 'alert.previewed', 'alert.armed', 'cutin']))
  expect((await bed.province.state()).stations[0]?.contradictions).toBe(0)
  emergency = { item, alertId }
})

it('N5: the same alert a hundred times by poll, doorbell and folder is one dossier; no airing is added; each channel is answered', async () => {
  const { item, alertId } = emergency
  const airings = async () =>
    (await bed.rig.rows()).filter((row) => row.kind === 'cutin' && row.phase === 'open').map((row) => row.outputId)
  const dossiers = async () =>
    (await bed.rig.station.api<AlertView[]>('GET', '/alerts')).filter((one) => one.origin?.provinceItemId === item.itemId)
  expect((await airings()).sort()).toEqual(['fm', 'wired'])
  const askedAnew = async () => {
    const { lastContactAtMs } = (await slice()).link
    await bed.rig.until('asked and answered', 10_000, async () => (await slice()).link.lastContactAtMs !== lastContactAtMs)
  }
  for (let ring = 0; ring < 34; ring += 1) await bed.province.admin('POST', 'ring', {})
  await askedAnew()
  for (let poll = 0; poll < 33; poll += 1) await bed.rig.station.api('POST', '/province/pull', {})
  await askedAnew()
  // The line is down, and somebody brings the same signed manifest on a stick.
  const stick = join(home, 'stick')
  mkdirSync(stick)
  const { url, caFile, tokenFiles } = bed.province.ready
  const token = bed.province.read(tokenFiles['rig'] ?? '').trim()
  const server = new HttpAdapter({ stationId: 'rig', url, ca: bed.province.read(caFile), token, mqttUrl: null })
  const answer = await server.manifest(null, AbortSignal.timeout(10_000))
  await server.close()
  if (answer.kind !== 'changed') throw new Error('no manifest')
  await bed.rig.station.stop()
  await bed.rig.reconfigure({ province: { ...bed.province.config(), adapter: 'folder', folder: stick } })
  await bed.rig.restart()
  for (let again = 0; again < 33; again += 1) {
    writeFileSync(join(stick, 'manifest.jws'), answer.jws)
    await bed.rig.station.api('POST', '/province/pull', {})
  }
  const onStick = () => recordsIn(stick).filter((row) => row.kind === 'province.item' && row.planned?.['itemId'] === item.itemId)
  await bed.rig.until('the stick carries its acknowledgement', 20_000, () => onStick().length > 0)
  expect(onStick().map((row) => [row.measured?.['state'], row.measured?.['channel']])).toEqual([['aired', 'folder']])
  const byServer = (await bed.province.records()).filter((row) => row.kind === 'province.item' && row.planned?.['itemId'] === item.itemId)
  expect(new Set(byServer.map((row) => row.measured?.['channel']))).toEqual(new Set(['http']))
  expect((await dossiers()).map((one) => [one.alertId, one.state])).toEqual([[alertId, 'aired']])
  expect((await airings()).sort()).toEqual(['fm', 'wired'])
})

// The supervisor's part of a whole station: what was sent can be heard again from any second, a changed recording is refused, and a
// disk that runs full takes neither the logbook nor the alerts with it.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, expect, test, vi } from 'vitest'
import type { AirCheckDay } from '../../../shared/domain/air-check.ts'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import type { PersonWithPin } from '../../../shared/domain/people.ts'
import type { DayReview, OpenQuestion } from '../../../shared/domain/review.ts'
import type { ScreenMessage } from '../../../shared/domain/station.ts'
import { dayOf, epochMs } from '../../../shared/domain/time.ts'
import { rateHz, rmsDb } from '../../support/signals.ts'
import { StationRig } from '../../support/station-rig.ts'
import { openWindow } from '../../support/station-window.ts'

let rig: StationRig
afterEach(() => rig.close())
const today = () => dayOf(epochMs(Date.now()))

test('the air-check is there while it is being recorded: any second of it comes by range', async () => {
  rig = await StationRig.open()
  await rig.programmeOnAir(30)
  const recorded = () => rig.station.api<AirCheckDay>('GET', `/recordings/${today()}?outputId=fm`)
  const onAirMs = Date.now()
  await rig.until(
    'three seconds of programme are recorded',
    20_000,
    async () => ((await recorded()).segments.at(-1)?.toMs ?? 0) > onAirMs + 3_000,
  )
  const day = await recorded()
  const segment = day.segments.at(-1)!
  expect(Math.abs(segment.toMs - Date.now())).toBeLessThan(5_000)
  // The second that began two seconds after the programme was measured on air.
  const from = 44 + Math.round((onAirMs + 2_000 - segment.fromMs) * 48) * 4
  const answer = await fetch(new URL(`/api/v1/recordings/${segment.segmentId}/audio`, rig.station.url), {
    headers: { authorization: `Bearer ${rig.station.token}`, range: `bytes=${from}-${from + 191_999}` },
  })
  expect(answer.status).toBe(206)
  const bytes = Buffer.from(await answer.arrayBuffer())
  expect(bytes.length).toBe(192_000)
  expect(answer.headers.get('content-range')).toMatch(new RegExp(`^bytes ${from}-${from + 191_999}/`))
  const left = Float32Array.from({ length: bytes.length / 4 }, (_, frame) => bytes.readInt16LE(frame * 4) / 32_768)
  expect(rmsDb(left)).toBeGreaterThan(-60)
  expect(day.budget.keepDays).toBe(200)
})

test('S10: bytes of a recording changed after it was approved are refused, fill plays, and it is a security alarm', async () => {
  rig = await StationRig.open()
  await rig.importTone('nền', 5, 300, 'fill')
  const before = new Set(await readdir(join(rig.dir, 'library/air')))
  const cart = await rig.importTone('bị đổi', 20, 500)
  const airCopy = join(rig.dir, 'library/air', (await readdir(join(rig.dir, 'library/air'))).find((name) => !before.has(name)) ?? '')
  // The same length: only the bytes tell.
  const bytes = readFileSync(airCopy)
  bytes.fill(0x11, 40_000, 80_000)
  writeFileSync(airCopy, bytes)
  await rig.schedule('bị đổi', cart.cartId, { kind: 'hard', atMs: Date.now() + 16_000 })
  // On a hot key too: it stays empty, and a press is refused.
  await rig.station.api('POST', '/onair/hot-keys/1', { cartId: cart.cartId, loop: false })
  await rig.until('the key is found out', 10_000, async () =>
    (await rig.alarms()).some((alarm) => alarm.alarmId === `MEDIA_CHANGED:standby/${cart.cartId}`),
  )
  await expect(rig.station.api('POST', '/onair/hot-keys/1/play', {})).rejects.toThrow('HOT_KEY_EMPTY')
  await rig.until('it is an alarm', 14_000, async () =>
    (await rig.alarms()).some((alarm) => alarm.code === 'MEDIA_CHANGED' && alarm.priority === 1),
  )
  expect((await rig.alarms()).some((alarm) => alarm.code === 'NEXT_UNPLAYABLE' && alarm.params['reason'] === 'changed')).toBe(true)
  await rig.until('the row is on air', 20_000, async () => (await rig.output('fm')).now?.title === 'bị đổi')
  const ears = await rig.listen('fm')
  const from = ears.frames
  await ears.hear(rateHz)
  // Fill at 300 Hz, not the 500 Hz of the changed recording.
  expect(rmsDb(ears.samples(from))).toBeGreaterThan(-40)
  const rows = await rig.station.api<LogRow[]>('GET', `/logbook/${today()}`)
  expect(rows.some((row) => row.kind === 'item.skipped' && row.measured?.['reason'] === 'changed')).toBe(true)
})

test('what the supervisor asks stands at the desk until it is answered, also over a restart', async () => {
  rig = await StationRig.open()
  const mai = await rig.station.api<PersonWithPin>('POST', '/people', { name: 'Lò Thị Mai', role: 'supervisor' })
  await rig.station.api('POST', '/onair/stop', {})
  const review = () => rig.station.api<DayReview>('GET', `/logbook/${today()}/review`)
  await rig.until('the silence is a difference', 15_000, async () => (await review()).differences.length > 0)
  const { differenceId } = (await review()).differences[0]!
  const supervisor = await openWindow(rig.station)
  await supervisor.signIn(mai)
  await supervisor.call('logbook.ask', { day: today(), differenceId, text: 'Vì sao ngắt tiếng?' })
  supervisor.close()
  await rig.station.stop()
  await rig.restart()
  const desk = await openWindow(rig.station)
  const told = await desk.call<AsyncIterable<ScreenMessage>>('station.subscribe')
  const questions: (readonly OpenQuestion[])[] = []
  const listening = (async () => {
    for await (const message of told) if (message.kind !== 'log' && message.state.questions) questions.push(message.state.questions)
  })()
  await rig.until('the desk is told', 10_000, () => questions.at(-1)?.length === 1)
  expect(questions.at(-1)).toMatchObject([{ day: today(), differenceId, by: 'Lò Thị Mai', text: 'Vì sao ngắt tiếng?' }])
  await desk.call('logbook.answer', { day: today(), differenceId, text: 'Thử loa' })
  await rig.until('the desk is told no more', 10_000, () => questions.at(-1)?.length === 0)
  desk.close()
  await listening.catch(() => undefined)
})

test('C6: a check that somebody asks for finds a changed row at once, and it is the alarm of the minute’s check', async () => {
  rig = await StationRig.open()
  const broken = async () => (await rig.alarms()).filter((alarm) => alarm.code === 'CHAIN_BROKEN')
  expect(await rig.station.api('POST', '/logbook/verify', {})).toMatchObject({ ok: true })
  expect(await broken()).toEqual([])
  const db = new Database(join(rig.dir, 'station.sqlite'))
  db.exec(`DROP TRIGGER logbook_no_update; UPDATE logbook SET subject = 'khác' WHERE seq = 2`)
  db.close()
  expect(await rig.station.api('POST', '/logbook/verify', {})).toMatchObject({ ok: false, firstBadSeq: 2 })
  expect(await broken()).toMatchObject([{ params: { seq: 2 }, priority: 1 }])
  expect(await rig.station.api('GET', '/station')).toMatchObject({ chainOk: false })
})

/** A small disk of its own, where this user may mount one. */
function smallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'truc-song-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=120m', 'tmpfs', folder], { stdio: 'ignore' })
    return folder
  } catch {
    rmSync(folder, { recursive: true })
    return null
  }
}

test('S5: the disk runs full mid-row: the ballast goes to the logbook, imports stop first, alerts and rows go on, and it is an alarm', async (context) => {
  const disk = smallDisk()
  if (disk === null) return context.skip('mounting a tmpfs is not allowed here')
  try {
    vi.stubEnv('TMPDIR', disk)
    rig = await StationRig.open()
    vi.unstubAllEnvs()
    const cart = await rig.importTone('trước', 2, 400)
    await rig.until('the ballast lies', 15_000, async () => (await readdir(rig.dir)).includes('ballast'))
    mkdirSync(join(disk, 'filler'))
    let files = 0
    const fill = (piece: number) => {
      try {
        for (;;) {
          files += 1
          writeFileSync(join(disk, 'filler', String(files)), Buffer.alloc(piece, 1), { flush: true })
        }
      } catch (error) {
        expect(String(error)).toContain('ENOSPC')
      }
    }
    fill(2 ** 20)
    fill(4096)
    // Rows are written into a disk without a free block.
    const orders = Array.from({ length: 40 }, (_, index) =>
      rig.station.api('PUT', `/library/${cart.cartId}`, { title: `tên ${index}`, contentType: 'music' }).catch(() => null),
    )
    await Promise.all(orders)
    await rig.until('it is an alarm', 20_000, async () => (await rig.alarms()).some((alarm) => alarm.code === 'DISK_FULL'))
    expect(await readdir(rig.dir)).not.toContain('ballast')
    await expect(rig.importTone('sau', 2, 400)).rejects.toThrow(/DISK_LOW/)
    // STOP is heard of and written down.
    await rig.station.api('POST', '/onair/stop', {})
    await rig.until('the row is on the disk', 20_000, async () => {
      const rows = await rig.station.api<LogRow[]>('GET', `/logbook/${today()}`)
      return rows.some((row) => row.kind === 'stop') && rows.some((row) => row.subject === 'DISK_FULL')
    })
    expect(await rig.station.api('POST', '/logbook/verify', {})).toMatchObject({ ok: true })
    // Room is made: everything is itself again.
    rmSync(join(disk, 'filler'), { recursive: true })
    await rig.until('the alarm is over', 20_000, async () => !(await rig.alarms()).some((alarm) => alarm.code.startsWith('DISK_')))
    await rig.importTone('lại được', 2, 400)
  } finally {
    await rig.close()
    execFileSync('umount', ['-l', disk])
    rmSync(disk, { recursive: true, force: true })
  }
})

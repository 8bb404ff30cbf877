// A district station's ordinary day for the screens' tests and pictures: realistic Vietnamese content in every state.
import type { Cart, ContentType, Peaks } from '../../shared/domain/library.ts'
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { AlarmView, HotKeyView } from '../../shared/domain/onair.ts'
import type { ItemSource, ItemStart, RundownItem } from '../../shared/domain/schedule.ts'
import type { StationSlice } from '../../shared/domain/station.ts'
import { dayOf, epochMs, startOfDay } from '../../shared/domain/time.ts'

const minute = 60_000

/** A repeatable sequence of numbers in 0…1. */
export function sequence(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

export function fakePeaks(seed: number, durationMs: number): Peaks {
  const next = sequence(seed)
  const count = 1600
  const max = Array.from({ length: count }, (_, i) =>
    Math.min(1, (0.25 + 0.75 * Math.abs(Math.sin(i / 17) * Math.sin(i / 5.3))) * (0.35 + 0.65 * next())),
  )
  return { bucketMs: durationMs / count, max, min: max.map((value) => -value * (0.8 + 0.2 * next())) }
}

const titles: readonly (readonly [string, ContentType, number])[] = [
  ['Nhạc hiệu Đài Mù Cang Chải', 'jingle', 30_000],
  ['Nhạc cắt chuyên mục', 'jingle', 4_000],
  ['Lời xin lỗi sự cố kỹ thuật', 'speech', 12_000],
  ['Nhạc nền chờ tin', 'fill', 372_000],
  ['Bản tin trưa – Mù Cang Chải', 'speech', 383_000],
  ['Thời tiết các xã vùng cao', 'speech', 130_000],
  ['Phòng chống sạt lở mùa mưa (tiếng Mông)', 'speech', 485_000],
  ['Nông nghiệp: chăm sóc sơn tra', 'speech', 465_000],
  ['Hòa tấu sáo Mông', 'music', 241_000],
  ['Người Mèo ơn Đảng', 'music', 228_000],
  ['Xuân về trên bản Mông', 'music', 262_000],
  ['Sức khỏe cộng đồng: phòng sốt xuất huyết', 'speech', 512_000],
  ['Pháp luật và đời sống: đất đai ở bản', 'speech', 598_000],
  ['Chuông báo giờ', 'jingle', 8_000],
  ['Thông báo lịch tiêm chủng xã Lao Chải', 'speech', 74_000],
  ['Đọc truyện đêm khuya: Vợ chồng A Phủ, phần 3', 'speech', 1_430_000],
]

export function fakeCarts(count: number, nowMs: number): Cart[] {
  const next = sequence(7)
  return Array.from({ length: count }, (_, i) => {
    const base = titles[i % titles.length] ?? ['Bài', 'speech', 60_000]
    const round = Math.floor(i / titles.length)
    const durationMs = round === 0 ? base[2] : Math.round(base[2] * (0.6 + next()))
    return {
      cartId: `cart-${i + 1}` as Cart['cartId'],
      title: round === 0 ? base[0] : `${base[0]} – số ${round + 1}`,
      contentType: base[1],
      originalName: `ban-ghi-${i + 1}.${i % 3 === 0 ? 'wav' : 'mp3'}`,
      sha256: Array.from({ length: 64 }, () => Math.floor(next() * 16).toString(16)).join(''),
      format: i % 3 === 0 ? 'WAV 48 kHz' : 'MP3 192 kb/s',
      durationMs,
      frames: durationMs * 48,
      integratedLufs: -24 + next() * 8,
      truePeakDbtp: -0.4 - next() * 3,
      gainDb: -1.5 + next() * 4,
      silenceHeadMs: Math.round(next() * 400),
      silenceTailMs: Math.round(next() * 900),
      importedAtMs: epochMs(nowMs - i * 3 * 3_600_000),
    }
  })
}

type Draft = readonly [
  title: string,
  source: ItemSource['kind'],
  contentType: ContentType,
  durationMs: number,
  start: string | null,
  cart: number,
]
const day: readonly Draft[] = [
  ['Nhạc hiệu đài', 'jingle', 'jingle', 30_000, '05:00:00', 1],
  ['Tiếp âm thời sự VOV1', 'relayLine', 'speech', 29 * minute, null, 0],
  ['Bản tin sáng – Mù Cang Chải', 'file', 'speech', 610_000, null, 5],
  ['Ca nhạc buổi sáng', 'file', 'music', 1_140_000, null, 10],
  ['Nhạc hiệu đài', 'jingle', 'jingle', 30_000, '11:00:00', 1],
  ['Tiếp âm thời sự VOV1', 'relayLine', 'speech', 270_000, null, 0],
  ['Bản tin trưa – Mù Cang Chải', 'file', 'speech', 383_000, null, 5],
  ['Thời tiết các xã vùng cao', 'file', 'speech', 130_000, null, 6],
  ['Phòng chống sạt lở mùa mưa (tiếng Mông)', 'file', 'speech', 485_000, null, 7],
  ['Nông nghiệp: chăm sóc sơn tra', 'file', 'speech', 465_000, null, 8],
  ['Tiếp âm thời sự tỉnh Lào Cai', 'relayStream', 'speech', 15 * minute, '11:30:00', 0],
  ['Hòa tấu sáo Mông', 'file', 'music', 241_000, null, 9],
  ['Thông báo lịch tiêm chủng xã Lao Chải', 'file', 'speech', 74_000, null, 15],
  ['Nhạc nền', 'fill', 'fill', 8 * minute, null, 4],
  ['Nhạc hiệu đài', 'jingle', 'jingle', 30_000, '17:00:00', 1],
  ['Bản tin chiều – Mù Cang Chải', 'file', 'speech', 540_000, null, 5],
  ['Phóng viên xã trực tiếp: chuẩn bị phòng chống bão số 13', 'live', 'speech', 20 * minute, '17:30:00', 0],
  ['Sức khỏe cộng đồng: phòng sốt xuất huyết', 'file', 'speech', 512_000, null, 12],
  ['Pháp luật và đời sống: đất đai ở bản', 'file', 'speech', 598_000, '18:00:00', 13],
  ['Đọc truyện đêm khuya: Vợ chồng A Phủ, phần 3', 'file', 'speech', 1_430_000, null, 16],
]

export function fakeItems(nowMs: number): RundownItem[] {
  const broadcastDay = dayOf(epochMs(nowMs))
  const midnight = startOfDay(broadcastDay)
  return day.map(([title, kind, contentType, durationMs, start, cart], position) => {
    const source = (
      kind === 'relayLine' || kind === 'live'
        ? { kind, inputId: kind === 'live' ? 'mic-1' : 'tuner' }
        : kind === 'relayStream'
          ? { kind, url: 'https://phatthanh.example/laocai.mp3' }
          : { kind, cartId: `cart-${cart}` }
    ) as ItemSource
    const [h = 0, m = 0, s = 0] = (start ?? '').split(':').map(Number)
    const at: ItemStart = start === null ? { kind: 'follow' } : { kind: 'hard', atMs: epochMs(midnight + ((h * 60 + m) * 60 + s) * 1000) }
    return {
      itemId: `item-${position + 1}` as RundownItem['itemId'],
      day: broadcastDay,
      position,
      title,
      contentType,
      source,
      start: at,
      durationMs,
      crossfadeMs: null,
      resume: null,
      outputIds: [],
    }
  })
}

export function fakeStation(nowMs: number): StationSlice {
  return {
    stationId: 'mu-cang-chai',
    name: 'Đài Truyền thanh – Truyền hình Mù Cang Chải',
    place: ['Lào Cai', 'Mù Cang Chải'],
    version: '0.1.0',
    bootId: 'boot-fake',
    startedAtMs: epochMs(nowMs - 400 * minute),
    training: true,
    liveFiring: true,
    clock: { trusted: true, reason: null },
    mode: 'auto',
    outputs: [
      { outputId: 'fm' as never, name: 'FM' },
      { outputId: 'wired' as never, name: 'Hữu tuyến' },
    ],
    inputs: [
      { inputId: 'mic-1' as never, label: 'Micro phòng đọc', kind: 'microphone', state: 'ready' },
      { inputId: 'tuner' as never, label: 'Đầu thu VOV', kind: 'line', state: 'ready' },
    ],
    cue: { via: 'device', device: 'USB Audio – tai nghe', reason: null },
    store: { state: 'ok', queued: 0, reason: null },
    chainOk: true,
    logHead: { seq: 18_204, hash: '8f3ac21b77e0' },
  }
}

export function fakeAlarms(nowMs: number): AlarmView[] {
  return [
    {
      alarmId: 'a1',
      priority: 2,
      code: 'DEVICE_LOST',
      params: { device: 'Máy phát FM 98,5 MHz – đỉnh Khau Phạ', reason: 'timeout' },
      raisedAtMs: epochMs(nowMs - 90_000),
      acknowledgedAtMs: null,
    },
    {
      alarmId: 'a2',
      priority: 2,
      code: 'NEXT_UNPLAYABLE',
      params: { title: 'Phòng chống sạt lở mùa mưa (tiếng Mông)' },
      raisedAtMs: epochMs(nowMs - 300_000),
      acknowledgedAtMs: epochMs(nowMs - 200_000),
    },
  ]
}

export function fakeHotKeys(): HotKeyView[] {
  return [
    { slot: 1, title: 'Nhạc hiệu Đài', cartId: 'cart-1', durationMs: 30_000, loop: false },
    { slot: 2, title: 'Nhạc cắt', cartId: 'cart-2', durationMs: 4_000, loop: false },
    { slot: 3, title: 'Xin lỗi sự cố', cartId: 'cart-3', durationMs: 12_000, loop: false },
    { slot: 4, title: 'Nhạc nền', cartId: 'cart-4', durationMs: 372_000, loop: true },
    { slot: 5, title: 'Chuông báo giờ', cartId: 'cart-14', durationMs: 8_000, loop: false },
    ...[6, 7, 8].map((slot) => ({ slot, title: null, cartId: null, durationMs: null, loop: false })),
  ]
}

/** A day's rows: pairs of open and close, faults and orders, up to now. */
export function fakeLog(nowMs: number): LogRow[] {
  const broadcastDay = dayOf(epochMs(nowMs))
  const rows: LogRow[] = []
  const add = (atMs: number, part: Partial<LogRow>) => {
    const seq = 18_000 + rows.length
    const hash = (n: number) => `${(n * 2_654_435_761) >>> 0}`.padStart(10, '0').repeat(7).slice(0, 64)
    rows.push({
      seq,
      entryId: `entry-${seq}`,
      bootId: 'boot-fake',
      writtenAtMs: epochMs(atMs + 4),
      prevHash: hash(seq - 1),
      hash: hash(seq),
      kind: 'item.aired',
      phase: 'note',
      actionId: null,
      atMs: epochMs(atMs),
      monotonicMs: atMs,
      actor: 'schedule',
      outputId: 'fm',
      subject: '',
      planned: null,
      sent: null,
      measured: null,
      late: false,
      ...part,
    })
  }
  const midnight = startOfDay(broadcastDay)
  add(midnight + 4.6 * 3_600_000, { kind: 'station.started', actor: 'station', subject: 'Khởi động 0.1.0', outputId: null })
  let at = midnight + 5 * 3_600_000
  for (let i = 0; at < nowMs - 200_000; i += 1) {
    const base = titles[i % titles.length] ?? ['Bài', 'speech', 60_000]
    const length = Math.min(base[2], nowMs - at)
    const actionId = `act-${i}`
    add(at, { phase: 'open', actionId, subject: base[0], planned: { startMs: at, durationMs: base[2] }, sent: { startMs: at } })
    if (i % 9 === 4)
      add(at + length / 2, {
        kind: 'hotkey',
        actor: 'operator',
        subject: 'Phím nóng 2 – Nhạc cắt',
        sent: { via: 'keyboard' },
        measured: { latencyMs: 21.4 },
      })
    if (i % 13 === 6)
      add(at + length / 3, {
        kind: 'alarm.raised',
        actor: 'station',
        subject: 'Hữu tuyến, đường 3: không trả lời',
        measured: { reason: 'timeout' },
        outputId: null,
      })
    add(at + length, {
      phase: 'close',
      actionId,
      subject: base[0],
      planned: { durationMs: base[2] },
      measured: { durationMs: length, peakDb: -3.2, forwardPowerW: 28.6, endReason: 'finished' },
    })
    at += length + (i % 5 === 0 ? 37_000 : 0)
    if (i === 7) {
      add(at - 120_000, {
        kind: 'cutin',
        phase: 'open',
        actionId: 'cut-1',
        actor: 'operator',
        subject: 'Sơ tán Háng Sung, Tà Ghênh',
        sent: { via: 'screen', heldMs: 1003, temperature: 'hot' },
      })
      add(at - 20_000, {
        kind: 'cutin',
        phase: 'close',
        actionId: 'cut-1',
        actor: 'operator',
        subject: 'Sơ tán Háng Sung, Tà Ghênh',
        measured: { latencyMs: 18.3, durationMs: 100_000, forwardPowerW: 28.4 },
        late: true,
      })
    }
    if (i > 60) break
  }
  return rows.sort((a, b) => a.atMs - b.atMs)
}

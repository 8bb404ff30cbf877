// A province as the screens may see it: one of each thing that waits for a person, and what is settled.
import type { IncomingView, ProvinceBulletin, ProvinceItem, ProvinceSlice } from '../../shared/domain/province.ts'
import { noProvince, ProvinceItem as ProvinceItemSchema } from '../../shared/domain/province.ts'
import { dayOf, type EpochMs, epochMs } from '../../shared/domain/time.ts'
import { bulletinOf } from './signed-manifests.ts'

export function fakeProvince(nowMs: number): ProvinceSlice {
  const ago = (minutes: number) => epochMs(nowMs - minutes * 60_000)
  const media = (name: string) => ({ sha256: 'a'.repeat(64), bytes: 1_200_000, mimeType: 'audio/mpeg', name: `${name}.mp3` })
  const view = (item: ProvinceItem, change: Partial<IncomingView>): IncomingView => ({
    item,
    state: 'offered',
    receivedAtMs: ago(12),
    reason: null,
    about: {},
    media:
      item.kind !== 'bulletin' || item.media === null
        ? []
        : [{ ref: item.media, haveBytes: item.media.bytes, cartId: 'cart-1', refused: null }],
    day: null,
    rundownItemIds: [],
    alertId: null,
    taken: null,
    decidedAtMs: null,
    ...change,
  })
  const item = (id: string, title: string, change: Partial<ProvinceBulletin> = {}) =>
    bulletinOf(id, nowMs, { title, media: media(id), ...change })
  const planned = { revision: 1, expiresAtMs: null, withdrawn: false, startMs: Math.ceil(nowMs / 3_600_000) * 3_600_000 }
  const session = ProvinceItemSchema.parse({
    kind: 'session',
    itemId: 'phien',
    title: 'Phiên trưa của tỉnh',
    ...planned,
    hard: true,
    parts: ['Nông nghiệp', 'Y tế cơ sở'].map((title) => ({ title, contentType: 'speech', media: media(title) })),
  })
  const relay = ProvinceItemSchema.parse({
    kind: 'relay',
    itemId: 'tiep-am',
    title: 'Tiếp âm thời sự tỉnh',
    ...planned,
    durationMs: 1_800_000,
    url: 'https://phat.laocai.example/thoi-su',
  })
  const before = item('gia-lua', 'Giá lúa gạo tuần này', { text: 'Giá lúa tại xã hôm nay là bảy nghìn đồng một ki-lô-gam.' })
  return {
    ...noProvince,
    adapter: 'http',
    name: 'Hệ thống thông tin nguồn tỉnh Lào Cai',
    link: { state: 'ok', reason: null, lastContactAtMs: ago(2), lastAttemptAtMs: ago(2), nextAttemptAtMs: epochMs(nowMs + 30_000) },
    doorbell: { state: 'lost', reason: null },
    manifest: { version: 128, issuedAtMs: ago(40), acceptedAtMs: ago(12), expiresAtMs: (nowMs + 80_000_000) as EpochMs, items: 31 },
    outbox: { waiting: 3, oldestAtMs: ago(1), lastCommittedAtMs: ago(2), reason: null, parked: 0, dropped: 0 },
    counts: { offered: 1, clash: 1, conflict: 1, alert: 1, placed: 27 },
    incoming: [
      view(item('lu', 'Lũ quét khẩn cấp trên suối Nậm Kim', { class: 'emergency', riskLevel: 4 }), {
        state: 'alert',
        alertId: 'alert-1' as never,
      }),
      view(item('tiem', 'Lịch tiêm chủng mở rộng', { class: 'priority' }), {
        state: 'clash',
        reason: 'wouldCut',
        about: { title: 'Thời sự 17 giờ', atMs: nowMs, cutMs: 90_000 },
      }),
      view(
        { ...before, revision: 2, title: 'Giá lúa gạo tuần này (sửa)', text: 'Giá lúa tại xã hôm nay là bảy nghìn hai trăm đồng.' },
        {
          state: 'conflict',
          reason: 'changedAbove',
          taken: before,
          day: dayOf(epochMs(nowMs)),
        },
      ),
      view(item('nong', 'Phòng trừ sâu cuốn lá'), {}),
      view(relay, { state: 'placed' }),
      view(session, { state: 'placed' }),
      view(item('phim', 'Chiếu phim lưu động'), { state: 'declined', reason: 'đã có lịch riêng' }),
    ],
  }
}

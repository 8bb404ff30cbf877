// What the training district broadcasts on its first day: recordings (made on the spot) and how they fill an hour. Every spoken
// text says that it is training.
import type { ContentType } from '../../shared/domain/library.ts'

export interface DemoRecording {
  readonly name: string
  readonly title: string
  readonly contentType: ContentType
  readonly sound:
    | { readonly kind: 'tune'; readonly seconds: number; readonly seed: number; readonly tonicHz: number; readonly beatsPerMinute: number }
    | { readonly kind: 'jingle' }
    | { readonly kind: 'chime'; readonly notesHz: readonly number[]; readonly everyS: number; readonly ringS: number }
    | { readonly kind: 'speech'; readonly text: string }
}

export const demoRecordings = [
  { name: 'dai-hieu.wav', title: 'Đài hiệu', contentType: 'jingle', sound: { kind: 'jingle' } },
  {
    name: 'loi-chao.wav',
    title: 'Lời chào đầu buổi',
    contentType: 'speech',
    sound: {
      kind: 'speech',
      text: 'Đây là đài truyền thanh tập huấn, phát trên sóng FM sáu mươi tư phẩy hai mê ga héc và hệ thống truyền thanh hữu tuyến.\nKính chào quý thính giả. Chương trình này chỉ để tập huấn, không phát ra loa công cộng.',
    },
  },
  {
    name: 'ban-tin.wav',
    title: 'Bản tin địa phương (tập huấn)',
    contentType: 'speech',
    sound: {
      kind: 'speech',
      text: 'Bản tin tập huấn.\nSáng nay, bà con các thôn trong xã bắt đầu ra đồng thu hoạch lúa mùa. Hợp tác xã nông nghiệp bố trí ba máy gặt, ưu tiên những thửa ruộng thấp ven suối.\nTrạm y tế xã tiêm vắc xin cho trẻ em dưới năm tuổi vào thứ ba và thứ năm hằng tuần, từ bảy giờ ba mươi đến mười một giờ.\nTrường trung học cơ sở họp phụ huynh vào chiều thứ bảy. Đề nghị các gia đình thu xếp thời gian tham dự.\nBản tin tập huấn đến đây là hết.',
    },
  },
  {
    name: 'phong-chong-thien-tai.wav',
    title: 'Cẩm nang phòng, chống thiên tai (tập huấn)',
    contentType: 'speech',
    sound: {
      kind: 'speech',
      text: 'Cẩm nang phòng, chống thiên tai. Nội dung tập huấn.\nKhi mưa lớn kéo dài, bà con ở gần suối và sườn dốc cần theo dõi mực nước, vết nứt trên đất và tiếng động lạ trên núi.\nChuẩn bị sẵn đèn pin, nước uống, thuốc và giấy tờ trong túi chống nước. Không vớt củi, không qua ngầm tràn khi nước chảy xiết.\nKhi có lệnh sơ tán, đi ngay theo hướng dẫn của trưởng thôn.',
    },
  },
  {
    name: 'nhac-1.wav',
    title: 'Nhạc không lời: Sớm trên bản',
    contentType: 'music',
    sound: { kind: 'tune', seconds: 95, seed: 11, tonicHz: 220, beatsPerMinute: 92 },
  },
  {
    name: 'nhac-2.wav',
    title: 'Nhạc không lời: Mùa lúa chín',
    contentType: 'music',
    sound: { kind: 'tune', seconds: 110, seed: 23, tonicHz: 196, beatsPerMinute: 104 },
  },
  {
    name: 'nhac-nen.wav',
    title: 'Nhạc nền chờ',
    contentType: 'fill',
    sound: { kind: 'tune', seconds: 60, seed: 37, tonicHz: 174.6, beatsPerMinute: 72 },
  },
  {
    name: 'chuong-bao-gio.wav',
    title: 'Chuông báo giờ',
    contentType: 'jingle',
    sound: { kind: 'chime', notesHz: [659.3, 523.3, 587.3, 392, 392, 587.3, 659.3, 523.3], everyS: 0.55, ringS: 2.5 },
  },
  {
    name: 'chuong-thong-bao.wav',
    title: 'Chuông mở đầu thông báo',
    contentType: 'jingle',
    sound: { kind: 'chime', notesHz: [523.3, 659.3, 784], everyS: 0.45, ringS: 2 },
  },
  {
    name: 'chuong-het-thong-bao.wav',
    title: 'Chuông kết thúc thông báo',
    contentType: 'jingle',
    sound: { kind: 'chime', notesHz: [784, 659.3, 523.3], everyS: 0.45, ringS: 2 },
  },
] as const satisfies readonly DemoRecording[]

export type DemoName = (typeof demoRecordings)[number]['name']

/** One turn of the programme. */
const turn: readonly DemoName[] = ['dai-hieu.wav', 'loi-chao.wav', 'nhac-1.wav', 'ban-tin.wav', 'nhac-2.wav', 'phong-chong-thien-tai.wav']
const halfHourMs = 30 * 60_000
/** Time to enter the rows and for the station to open the first recording, ms. */
const leadMs = 10_000

export interface DemoRow {
  readonly name: DemoName
  readonly start: { readonly kind: 'soft' | 'hard'; readonly atMs: number } | { readonly kind: 'follow' }
}

/**
 * Rows from `nowMs` on: the turn repeated, a hard start at the next half hour (so that a cut and an over-run can be seen), the
 * turn again for another half hour, then fill until somebody plans more.
 */
export function demoRows(nowMs: number, durationMs: (name: DemoName) => number): readonly DemoRow[] {
  const startMs = nowMs + leadMs
  const hardMs = Math.ceil((startMs + halfHourMs / 3) / halfHourMs) * halfHourMs
  const rows: DemoRow[] = []
  const turnUntil = (fromMs: number, untilMs: number, first: DemoRow['start']) => {
    for (let atMs = fromMs, index = 0; atMs < untilMs; index++) {
      const name = turn[index % turn.length] ?? 'nhac-1.wav'
      rows.push({ name, start: index === 0 ? first : { kind: 'follow' } })
      atMs += durationMs(name)
    }
  }
  turnUntil(startMs, hardMs, { kind: 'soft', atMs: startMs })
  turnUntil(hardMs, hardMs + halfHourMs, { kind: 'hard', atMs: hardMs })
  rows.push({ name: 'nhac-nen.wav', start: { kind: 'follow' } })
  return rows
}

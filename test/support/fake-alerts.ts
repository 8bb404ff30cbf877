// Alerts of a district in every state, their templates and their audio, for the screens' tests and pictures.
import { fakePeaks } from './fake-data.ts'
import type { AlertTemplate, AlertView } from '../../shared/domain/alert.ts'
import { epochMs } from '../../shared/domain/time.ts'

const minute = 60_000

export const templates: AlertTemplate[] = [
  {
    templateId: 'bao',
    name: 'Bão',
    nameEn: 'Storm',
    title: 'Bão số {số} – {địa bàn}',
    text: 'Ủy ban nhân dân {xã} thông báo khẩn cấp. Bão số {số} đang đi vào địa bàn {địa bàn}. Bà con chằng chống nhà cửa, không ra khỏi nhà khi gió mạnh, chuẩn bị đèn và lương thực. Xin nhắc lại.',
    riskLevel: 3,
    evacuation: false,
    readings: 2,
  },
  {
    templateId: 'satlo',
    name: 'Sạt lở, sơ tán',
    nameEn: 'Landslide, evacuation',
    title: 'Sơ tán khẩn cấp: {bản}',
    text: 'Ủy ban nhân dân {xã} thông báo khẩn cấp. Do mưa rất to, đất đá trên {đồi} đang dịch chuyển, bà con {bản} phải rời nhà ngay, đi theo {đường} đến {nơi đến}, trước {giờ}. Mang theo người già, trẻ em, thuốc men, giấy tờ; không quay lại lấy tài sản.',
    riskLevel: 4,
    evacuation: true,
    readings: 2,
  },
  {
    templateId: 'xalu',
    name: 'Xả lũ',
    nameEn: 'Dam release',
    title: 'Xả lũ hồ {hồ}',
    text: 'Hồ {hồ} bắt đầu xả lũ lúc {giờ}. Bà con ven suối không vớt củi, không qua ngầm.',
    riskLevel: null,
    evacuation: false,
    readings: 3,
  },
  {
    templateId: 'chayrung',
    name: 'Cháy rừng',
    nameEn: 'Forest fire',
    title: 'Cháy rừng tại {nơi}',
    text: 'Đang cháy rừng tại {nơi}. Bà con không vào rừng, chuẩn bị nước, báo ngay cho kiểm lâm.',
    riskLevel: null,
    evacuation: false,
    readings: 2,
  },
  {
    templateId: 'het',
    name: 'Hết nguy hiểm',
    nameEn: 'All clear',
    title: 'Hết nguy hiểm: {nơi}',
    text: 'Ủy ban nhân dân {xã} thông báo: {nơi} đã hết nguy hiểm. Cảm ơn bà con.',
    riskLevel: null,
    evacuation: false,
    readings: 2,
  },
]

const evacuationText =
  'Ủy ban nhân dân xã Lao Chải thông báo khẩn cấp. Do mưa rất to, đất đá trên đồi Háng Sung đang dịch chuyển, bà con bản Háng Sung và bản Tà Ghênh phải rời nhà ngay, đi theo đường trường tiểu học đến nhà văn hóa xã, trước bốn giờ sáng. Mang theo người già, trẻ em, thuốc men, giấy tờ; không quay lại lấy tài sản. Cần giúp đỡ gọi trực ban xã. Tin phát lúc hai giờ. Xin nhắc lại.'

export function fakeAudio(text: string, attentionMs: number, readings: number): NonNullable<AlertView['audio']> {
  const words = [...text.matchAll(/\S+/g)]
  const perWordMs = 330
  const bodyMs = words.length * perWordMs
  return {
    sha256: 'a'.repeat(64),
    attentionMs,
    bodyMs,
    totalMs: attentionMs + bodyMs * readings,
    integratedLufs: -20.4,
    truePeakDbtp: -1.1,
    spokenText: text,
    peaks: fakePeaks(text.length, bodyMs).max.slice(0, 600),
    words: words.map((word, i) => ({ atMs: attentionMs + i * perWordMs, start: word.index, end: word.index + word[0].length })),
  }
}

export function fakeAlert(id: string, part: Partial<AlertView>, nowMs: number): AlertView {
  const text = part.source?.kind === 'text' ? part.source.text : evacuationText
  return {
    alertId: id as AlertView['alertId'],
    mode: 'live',
    templateId: 'satlo',
    title: 'Sơ tán khẩn cấp: bản Háng Sung, Tà Ghênh – trước 04 giờ',
    source: { kind: 'text', text, voice: 'vi' },
    riskLevel: 4,
    evacuation: true,
    orderedBy: 'Chủ tịch xã Lao Chải – gọi lại 02:11',
    issuedAtMs: epochMs(nowMs - 17 * minute),
    expiresAtMs: epochMs(nowMs + 222 * minute),
    readings: 2,
    attentionTone: true,
    outputIds: [],
    state: 'ready',
    revision: 1,
    createdAtMs: epochMs(nowMs - 16 * minute),
    audio: fakeAudio(text, 8_000, part.readings ?? 2),
    failure: null,
    previewedMs: 0,
    lastCutInId: null,
    ...part,
  }
}

export function fakeAlerts(nowMs: number): AlertView[] {
  const drill =
    'Đây là diễn tập. Diễn tập phòng chống bão tại xã Nậm Có. Bà con nghe loa và tập trung theo hướng dẫn của trưởng bản. Đây là diễn tập.'
  const correction =
    'Xin đính chính: thông tin vừa phát trên loa chưa chính xác. Bà con bình tĩnh, chờ thông báo tiếp theo của Ủy ban nhân dân xã.'
  return [
    fakeAlert('alert-1', {}, nowMs),
    fakeAlert(
      'alert-2',
      {
        mode: 'drill',
        title: 'Diễn tập phòng chống bão – xã Nậm Có',
        riskLevel: null,
        evacuation: false,
        source: { kind: 'text', text: drill, voice: 'vi' },
        createdAtMs: epochMs(nowMs - 90 * minute),
        issuedAtMs: null,
      },
      nowMs,
    ),
    fakeAlert(
      'alert-3',
      {
        title: 'Xả lũ hồ Nậm Mu lúc 15 giờ',
        riskLevel: 2,
        evacuation: false,
        state: 'failed',
        audio: null,
        failure: { code: 'SPEECH_FAILED', message: 'voice process exited (code 1)' },
        createdAtMs: epochMs(nowMs - 40 * minute),
      },
      nowMs,
    ),
    fakeAlert(
      'alert-4',
      {
        title: 'Cháy rừng tại Púng Luông',
        riskLevel: null,
        evacuation: false,
        state: 'aired',
        createdAtMs: epochMs(nowMs - 26 * 60 * minute),
        lastCutInId: 'cutin-old' as AlertView['lastCutInId'],
      },
      nowMs,
    ),
    fakeAlert(
      'alert-5',
      {
        title: 'Bão số 12 – toàn huyện',
        riskLevel: 3,
        evacuation: false,
        state: 'cancelled',
        createdAtMs: epochMs(nowMs - 50 * 60 * minute),
      },
      nowMs,
    ),
    fakeAlert(
      'alert-6',
      {
        title: 'Rét đậm, rét hại – nhắc bà con giữ ấm trâu bò',
        riskLevel: 1,
        evacuation: false,
        expiresAtMs: epochMs(nowMs - 5 * minute),
        createdAtMs: epochMs(nowMs - 700 * minute),
      },
      nowMs,
    ),
    fakeAlert(
      'alert-correction',
      {
        title: 'Đính chính chung của đài',
        riskLevel: null,
        evacuation: false,
        readings: 1,
        source: { kind: 'text', text: correction, voice: 'vi' },
        expiresAtMs: null,
        issuedAtMs: null,
        createdAtMs: epochMs(nowMs - 90 * 24 * 60 * minute),
      },
      nowMs,
    ),
  ]
}

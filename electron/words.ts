// What the tray and the window title say: one place, Vietnamese, no code shown to the operator.
import { assertNever } from '../shared/domain/assert-never.ts'
import type { RestartState } from './restart-policy.ts'
import type { WindowState } from './window-machine.ts'

export const productName = 'Trực Sóng'

export const menuWords = {
  show: 'Mở phòng điều khiển',
  retry: 'Chạy lại đài',
  leave: 'Đóng cửa sổ này (đài vẫn chạy)',
  stopAndLeave: 'Dừng đài và thoát',
} as const

/** State of the station in one line. `null`: the shell only shows a station that somebody else keeps. */
export function stationWords(state: RestartState | null): string {
  if (state === null) return 'Đang xem một đài do chương trình khác giữ'
  switch (state.state) {
    case 'idle':
      return 'Đài chưa chạy'
    case 'starting':
      return state.failures === 0 ? 'Đài đang khởi động' : `Đài đang khởi động lại (lần ${state.failures})`
    case 'running':
      return 'Đài đang chạy'
    case 'waiting':
      return 'Đài dừng bất thường, sắp chạy lại'
    case 'refused':
      return 'Đài đã dừng: xem cấu hình hoặc bấm “Chạy lại đài”'
    case 'stopping':
      return 'Đài đang dừng'
    default:
      return assertNever(state)
  }
}

export function windowWords(state: WindowState): string {
  switch (state.state) {
    case 'loading':
    case 'showing':
      return ''
    case 'hung':
      return 'Màn hình không phản hồi – phím cứng vẫn dùng được'
    case 'reloading':
      return 'Đang mở lại màn hình'
    case 'safe':
      return 'Màn hình dự phòng: chỉ có Ngắt tiếng và Micrô'
    default:
      return assertNever(state)
  }
}

/** What is on air, by the station's own measured word; null = not known. */
export type AirWord = { readonly onAir: 'measured' | 'unconfirmed' | 'off'; readonly phase: string; readonly title: string | null } | null

/** Whether an alert is read or a microphone is open: what no slip of the hand may end. */
export function holdsAir(outputs: readonly AirWord[]): boolean {
  return outputs.some((output) => output?.phase === 'cutIn' || output?.phase === 'liveInput')
}

/** Asked before the station is stopped over an alert or a microphone; closing the question keeps it running. */
export const stopQuestion = {
  message: 'Đang phát tin khẩn cấp hoặc đang mở micro.',
  detail: 'Dừng đài sẽ cắt ngang ngay. Đóng cửa sổ không dừng đài.',
  buttons: ['Giữ đài chạy', 'Cắt và dừng đài'],
  defaultId: 0,
  cancelId: 0,
  stopId: 1,
}

export function airWords(outputs: readonly AirWord[]): string {
  const known = outputs.filter((output) => output !== null)
  if (known.length === 0) return 'Chưa biết có đang phát không'
  const airing = known.filter((output) => output.onAir !== 'off')
  if (airing.length === 0) return 'Không phát'
  return airing
    .map(
      (output) =>
        `${output.onAir === 'measured' ? 'ĐANG PHÁT' : 'Phát – chưa xác nhận'}${output.title === null ? '' : `: ${output.title}`}`,
    )
    .join(' · ')
}

/** Tooltip of the tray; some systems cut it after 127 characters. */
export function trayTooltip(station: RestartState | null, window: WindowState, outputs: readonly AirWord[]): string {
  const parts = [productName, airWords(outputs), stationWords(station), windowWords(window)]
  return parts
    .filter((part) => part !== '')
    .join('\n')
    .slice(0, 127)
}

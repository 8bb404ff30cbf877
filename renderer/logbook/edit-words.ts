// What was done to the schedule, in the screen's language: the station writes it down in Vietnamese, with the title of the row.
// What is not known is shown as it was written. Pure.
import { dateText, startOfDay, type BroadcastDay } from '../../shared/domain/time.ts'
import type { TextKey } from '../i18n/texts.ts'

const verbs = {
  thêm: 'add',
  sửa: 'change',
  xoá: 'remove',
  'đổi thứ tự': 'move',
  'nhận từ tỉnh': 'received',
  'tỉnh sửa': 'changedAbove',
  'tỉnh rút': 'withdrawnAbove',
} as const

export function editWords(written: string, t: (key: TextKey) => string): string {
  const undone = /^hoàn tác: (.*)$/.exec(written)
  if (undone !== null) return `${t('logEdit.undo')}: ${editWords(undone[1] ?? '', t)}`
  const copied = /^chép từ (\d{4}-\d{2}-\d{2})$/.exec(written)
  if (copied !== null) return `${t('logEdit.copy')} ${dateText(startOfDay(copied[1] as BroadcastDay))}`
  const [, verb = '', title = ''] = /^([^“]+?)( “.*”)?$/.exec(written) ?? []
  const known = Object.entries(verbs).find(([words]) => words === verb)
  return known === undefined ? written : `${t(`logEdit.${known[1]}`)}${title}`
}

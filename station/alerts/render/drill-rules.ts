// Drills (DESIGN 6): the spoken prefix comes first, every 30 s and last; the live attention signal is never used; a text that
// says it is no drill is refused, because half-heard it would be believed.
import { OperatorError } from '../../../shared/domain/errors.ts'

export const drillWords = {
  prefix: 'Đây là diễn tập. Đây là diễn tập, không phải tình huống thật.',
  reminder: 'Xin nhắc lại, đây là diễn tập.',
  last: 'Đây là diễn tập. Hết nội dung diễn tập.',
} as const

/**
 * Longest stretch between two reminders, ms. With the reminder's own "xin nhắc lại" and the pauses around it, the words
 * "diễn tập" are never more than 30 s apart.
 */
export const drillReminderEveryMs = 26_000

/** Without diacritics and case, as it may have been typed in a hurry. */
const denials = [
  /khong phai( la)?( mot)?( cuoc| buoi| dot)? ?(dien tap|tap duot|tap huan|thu nghiem|thu)\b/,
  /khong( co)? dien tap/,
  /(?<!khong phai( la)? )(tinh huong|canh bao|bao dong|thien tai|su viec|lenh)( nay)?( la)? (that|co that)\b/,
  /day la (that|su that)\b/,
  /not a (drill|test|exercise)/,
] as const

/** Throws DRILL_TEXT_DENIES_DRILL with the words that deny it. */
export function refuseDenial(text: string): void {
  const plain = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
  for (const denial of denials) {
    const found = denial.exec(plain)
    if (found) throw new OperatorError('DRILL_TEXT_DENIES_DRILL', { words: found[0].trim() })
  }
}

// Figures as the operator reads them: decimal comma in Vietnamese, a real minus sign, the unit after a space.
import { durationText } from '../../shared/domain/time.ts'

const minus = (text: string) => text.replace('-', '−')

/** Making a formatter costs more than a whole frame of needles, so each is made once. */
const formatters = new Map<string, Intl.NumberFormat>()

function formatter(decimals: number, language: 'vi' | 'en'): Intl.NumberFormat {
  const key = `${language}${decimals}`
  const known = formatters.get(key)
  if (known !== undefined) return known
  const locale = language === 'vi' ? 'vi-VN' : 'en-GB'
  const made = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  formatters.set(key, made)
  return made
}

/** A number with fixed decimals in the language of the screen. */
export function numberText(value: number, decimals: number, language: 'vi' | 'en'): string {
  return minus(formatter(decimals, language).format(value))
}

/** A level in dB; silence is −∞. */
export function dbText(db: number, language: 'vi' | 'en', decimals = 0): string {
  if (db <= -90 || Number.isNaN(db)) return '−∞ dB'
  return `${numberText(Object.is(Math.round(db * 10 ** decimals), -0) ? 0 : db, decimals, language)} dB`
}

/** How long ago, coarse: `4 s`, `2:05`, `1:02:03`. */
export function ageText(ms: number): string {
  return ms < 60_000 ? `${Math.max(0, Math.floor(ms / 1000))} s` : durationText(ms)
}

/** Remaining time, rounded up so that it reads 00:00 only when it is over. */
export function leftText(ms: number): string {
  return durationText(Math.ceil(Math.max(0, ms) / 1000) * 1000)
}

/** Power of a transmitter: one decimal below 100 W. */
export function wattText(watts: number, language: 'vi' | 'en'): string {
  return `${numberText(watts, watts < 100 ? 1 : 0, language)} W`
}

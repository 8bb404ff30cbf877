// Values of the ASCII family as text and back. `NAME` reads, `NAME=VALUE` writes; an answer names itself, which is what lets a
// late answer be told from the one that is due. Units are converted here and nowhere else.
import type { AnswerForm, LineEnding, Quantity, TransmitterProfile } from './profile.ts'

export type Line =
  | { readonly kind: 'value'; readonly name: string; readonly value: string }
  | { readonly kind: 'bare'; readonly value: string }
  | { readonly kind: 'refusal'; readonly text: string }
  | { readonly kind: 'garbage' }

const terminators: Record<LineEnding, string> = { cr: '\r', lf: '\n', crlf: '\r\n' }

export function encodeRead(name: string, ending: LineEnding): Uint8Array {
  return Buffer.from(`${name}${terminators[ending]}`, 'latin1')
}

export function encodeWrite(name: string, value: string, ending: LineEnding): Uint8Array {
  return Buffer.from(`${name}=${value}${terminators[ending]}`, 'latin1')
}

/** What a received line is. A prompt before it (`>`) and blanks around name and value are let pass; `bare` answers only where they are due. */
export function parseLine(text: string, profile: TransmitterProfile, answers: AnswerForm = 'named'): Line {
  const trimmed = text.replace(/^[>\s]+/, '').trim()
  if (profile.refusals.includes(trimmed)) return { kind: 'refusal', text: trimmed }
  const match = /^([A-Z][A-Z0-9.]*)\s*=\s*([\x20-\x7e]{0,32})$/.exec(trimmed)
  const [, name, value] = match ?? []
  if (name === undefined || value === undefined) {
    if (answers === 'bare' && /^[A-Z0-9][A-Z0-9. -]{0,31}$/.test(trimmed)) return { kind: 'bare', value: trimmed }
    return { kind: 'garbage' }
  }
  if (profile.refusals.includes(value)) return { kind: 'refusal', text: trimmed }
  return { kind: 'value', name, value: value.trim() }
}

/** A measured number in the unit of its field, or null when the text is no number. */
export function parseQuantity(profile: TransmitterProfile, quantity: Quantity, text: string): number | null {
  if (!/^\d{1,6}(\.\d{1,3})?$/.test(text)) return null
  const form = profile.numbers[quantity]
  const scaled = Number(text) * (text.includes('.') ? form.pointed : form.whole)
  // Factors such as 0.1 leave binary dust; a thousandth is finer than anything these units measure.
  return Math.round(scaled * 1000) / 1000
}

/** One of two words, or null for anything else: an unknown word is never taken for the harmless one. */
export function parseChoice(text: string, whenTrue: string, whenFalse: string): boolean | null {
  if (text === whenTrue) return true
  return text === whenFalse ? false : null
}

/** Power set point: whole watts, 0..9999. */
export function formatPowerW(powerW: number): string {
  const rounded = Math.round(powerW)
  if (!(rounded >= 0 && rounded <= 9999)) throw new RangeError(`${powerW} W is not within 0..9999`)
  return String(rounded)
}

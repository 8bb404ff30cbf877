// A row as it is typed, and back. Pure.
import type { ResumePolicy } from '../../shared/audio-protocol.ts'
import type { CartId, InputId } from '../../shared/domain/ids.ts'
import type { Cart, ContentType } from '../../shared/domain/library.ts'
import type { ItemSource, RundownItem, RundownItemDraft } from '../../shared/domain/schedule.ts'
import { type BroadcastDay, clockText, durationText } from '../../shared/domain/time.ts'
import { parseClock, parseLength } from '../format/time-input.ts'

export interface RowForm {
  readonly kind: ItemSource['kind']
  readonly title: string
  readonly contentType: ContentType
  readonly cartId: string | null
  readonly inputId: string | null
  readonly url: string
  readonly start: 'hard' | 'soft' | 'follow'
  readonly startText: string
  readonly lengthText: string
  readonly crossfadeText: string
  readonly resume: 'default' | ResumePolicy['kind']
  readonly outputIds: RundownItem['outputIds']
}

export const emptyRow: RowForm = {
  kind: 'file',
  title: '',
  contentType: 'speech',
  cartId: null,
  inputId: null,
  url: '',
  start: 'follow',
  startText: '',
  lengthText: '10:00',
  crossfadeText: '',
  resume: 'default',
  outputIds: [],
}

export function rowFormOf(item: RundownItem): RowForm {
  const { source } = item
  return {
    kind: source.kind,
    title: item.title,
    contentType: item.contentType,
    cartId: 'cartId' in source ? source.cartId : null,
    inputId: 'inputId' in source ? source.inputId : null,
    url: source.kind === 'relayStream' ? source.url : '',
    start: item.start.kind,
    startText: item.start.kind === 'follow' ? '' : clockText(item.start.atMs),
    lengthText: durationText(item.durationMs),
    crossfadeText: item.crossfadeMs === null ? '' : String(item.crossfadeMs / 1000),
    resume: item.resume?.kind ?? 'default',
    outputIds: item.outputIds,
  }
}

export type RowField = 'title' | 'cart' | 'input' | 'url' | 'start' | 'length' | 'crossfade'

/** The draft, or the fields that are not right. */
export function rowDraft(
  form: RowForm,
  day: BroadcastDay,
  cart: Cart | undefined,
  rewindMs: number,
): { readonly draft: RundownItemDraft } | { readonly wrong: readonly RowField[] } {
  const wrong: RowField[] = []
  const source = sourceOf(form, wrong)
  const title = form.title.trim()
  if (title === '') wrong.push('title')
  const atMs = form.start === 'follow' ? null : parseClock(form.startText, day)
  if (form.start !== 'follow' && atMs === null) wrong.push('start')
  const ownLength = hasOwnLength(form.kind)
  const durationMs = ownLength ? (cart?.durationMs ?? parseLength(form.lengthText)) : parseLength(form.lengthText)
  if (durationMs === null) wrong.push('length')
  const crossfade = form.crossfadeText.trim() === '' ? null : Number(form.crossfadeText.replace(',', '.')) * 1000
  if (crossfade !== null && !(crossfade >= 0 && crossfade <= 20_000)) wrong.push('crossfade')
  if (wrong.length > 0 || source === null || durationMs === null) return { wrong }
  return {
    draft: {
      title,
      contentType: form.contentType,
      source,
      start: form.start === 'follow' || atMs === null ? { kind: 'follow' } : { kind: form.start, atMs },
      durationMs,
      crossfadeMs: crossfade === null ? null : Math.round(crossfade),
      resume: form.resume === 'default' ? null : form.resume === 'rewind' ? { kind: 'rewind', ms: rewindMs } : { kind: form.resume },
      outputIds: form.outputIds,
    },
  }
}

/** Whether the recording decides the length. */
export function hasOwnLength(kind: RowForm['kind']): boolean {
  return kind === 'file' || kind === 'jingle'
}

function sourceOf(form: RowForm, wrong: RowField[]): ItemSource | null {
  switch (form.kind) {
    case 'file':
    case 'jingle':
      if (form.cartId === null) wrong.push('cart')
      return form.cartId === null ? null : { kind: form.kind, cartId: form.cartId as CartId }
    case 'fill':
      return { kind: 'fill', cartId: form.cartId as CartId | null }
    case 'live':
    case 'relayLine':
      if (form.inputId === null) wrong.push('input')
      return form.inputId === null ? null : { kind: form.kind, inputId: form.inputId as InputId }
    case 'relayStream':
      if (!URL.canParse(form.url)) wrong.push('url')
      return URL.canParse(form.url) ? { kind: 'relayStream', url: form.url } : null
  }
}

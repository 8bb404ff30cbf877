// What is being composed, and what is still missing before it can be sent. Pure.
import type { AlertDraft, AlertMode, AlertTemplate, AlertView } from '../../shared/domain/alert.ts'
import type { CartId } from '../../shared/domain/ids.ts'
import { epochMs, type EpochMs } from '../../shared/domain/time.ts'
import { emptySlots, fillSlots } from './template.ts'

export interface ComposeForm {
  readonly mode: AlertMode | null
  readonly from: 'template' | 'text' | 'file'
  readonly templateId: string | null
  readonly slots: Readonly<Record<string, string>>
  readonly text: string
  readonly cartId: string | null
  readonly title: string
  readonly orderedBy: string
  readonly riskLevel: number | null
  readonly evacuation: boolean
  readonly readings: number
  readonly attentionTone: boolean
  readonly voice: 'vi' | 'vi-vn-x-central' | 'vi-vn-x-south'
  readonly expiresHours: number | null
  readonly outputIds: AlertDraft['outputIds']
}

export const emptyForm: ComposeForm = {
  mode: null,
  from: 'template',
  templateId: null,
  slots: {},
  text: '',
  cartId: null,
  title: '',
  orderedBy: '',
  riskLevel: null,
  evacuation: false,
  readings: 2,
  attentionTone: true,
  voice: 'vi',
  expiresHours: 6,
  outputIds: [],
}

/** The form of an alert that is edited or composed again. The mode is chosen anew only for a new alert. */
export function formOf(alert: AlertView): ComposeForm {
  return {
    ...emptyForm,
    mode: alert.mode,
    from: alert.source.kind,
    text: alert.source.kind === 'text' ? alert.source.text : '',
    voice: alert.source.kind === 'text' ? alert.source.voice : 'vi',
    cartId: alert.source.kind === 'file' ? alert.source.cartId : null,
    title: alert.title,
    orderedBy: alert.orderedBy,
    riskLevel: alert.riskLevel,
    evacuation: alert.evacuation,
    readings: alert.readings,
    attentionTone: alert.attentionTone,
    outputIds: alert.outputIds,
  }
}

/** Takes a template over; what the operator typed into same-named slots stays. */
export function withTemplate(form: ComposeForm, template: AlertTemplate): ComposeForm {
  return {
    ...form,
    from: 'template',
    templateId: template.templateId,
    title: template.title,
    riskLevel: template.riskLevel,
    evacuation: template.evacuation,
    readings: template.readings,
  }
}

/** The words that will be spoken as far as they are filled in. */
export function spokenText(form: ComposeForm, template: AlertTemplate | undefined): string {
  return form.from === 'template' ? fillSlots(template?.text ?? '', form.slots) : form.text
}

export type Missing = { readonly kind: 'mode' | 'title' | 'content' } | { readonly kind: 'slots'; readonly names: readonly string[] }

/** What is missing, null when the alert can be composed. */
export function missingIn(form: ComposeForm, template: AlertTemplate | undefined): Missing | null {
  if (form.mode === null) return { kind: 'mode' }
  if (form.from === 'file' ? form.cartId === null : spokenText(form, template).trim() === '') return { kind: 'content' }
  if (form.from === 'template' && template !== undefined) {
    const names = [...new Set([...emptySlots(template.text, form.slots), ...emptySlots(form.title, form.slots)])]
    if (names.length > 0) return { kind: 'slots', names }
  }
  return form.title.trim() === '' ? { kind: 'title' } : null
}

/** The draft as the contract wants it; only for a form with nothing missing. */
export function draftOf(form: ComposeForm, template: AlertTemplate | undefined, now: EpochMs): AlertDraft | null {
  if (form.mode === null || missingIn(form, template) !== null) return null
  return {
    mode: form.mode,
    templateId: form.from === 'template' ? form.templateId : null,
    title: fillSlots(form.title, form.slots).trim(),
    source:
      form.from === 'file'
        ? { kind: 'file', cartId: (form.cartId ?? '') as CartId }
        : { kind: 'text', text: spokenText(form, template), voice: form.voice },
    riskLevel: form.riskLevel,
    evacuation: form.evacuation,
    orderedBy: form.orderedBy.trim(),
    issuedAtMs: now,
    expiresAtMs: form.expiresHours === null ? null : epochMs(now + form.expiresHours * 3_600_000),
    readings: form.readings,
    attentionTone: form.attentionTone,
    outputIds: form.outputIds,
  }
}

// The words of logbook rows: kinds, subjects, actors and the names of values; what has no word is shown as it was written.
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogKind, LogRow } from '../../shared/domain/logbook.ts'
import { dateText, startOfDay, type BroadcastDay } from '../../shared/domain/time.ts'
import { orderWords } from '../devices/order-words.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useApp, useScreen } from '../state/app.ts'
import { editWords } from './edit-words.ts'
import type { RowWords } from './row-format.ts'

export interface LogWords extends RowWords {
  kind(kind: LogKind): string
  subject(row: LogRow): string
  actor(actor: string): string
}

export function useLogWords(): LogWords {
  const { t, i18n } = useTranslation()
  const texts = useTexts()
  const { store } = useApp()
  const inputs = useScreen((screen) => screen.station.inputs)
  const outputs = useScreen((screen) => screen.station.outputs)
  return useMemo(() => {
    const found = new Map<string, string | null>()
    const orSame = (key: string, same: string) => {
      let words = found.get(key)
      if (words === undefined) {
        words = i18n.exists(key) ? t(key) : null
        found.set(key, words)
      }
      return words ?? same
    }
    /** The name of a device, an input or an output in place of its id. */
    const label = (id: string) =>
      store.get().screen?.devices.find((device) => device.deviceId === id)?.label ??
      inputs.find((input) => input.inputId === id)?.label ??
      outputs.find((output) => output.outputId === id)?.name ??
      id
    return {
      label,
      kind: (kind) => orSame(`logKind.${kind.replace('.', '_')}`, kind),
      subject(row) {
        if (row.kind.startsWith('alarm.')) return texts.alarm({ code: row.subject, params: paramsOf(row) }).what
        if (row.kind === 'schedule.changed') return editWords(row.subject, texts.t)
        if (row.kind === 'recording.kept' || row.kind === 'recording.failed') return texts.t('review.recorded')
        if (/^\d{4}-\d{2}-\d{2}$/.test(row.subject)) return dateText(startOfDay(row.subject as BroadcastDay))
        return orSame(`logSubject.${row.subject.replaceAll('.', '_')}`, label(row.subject))
      },
      name: (key) => orSame(`logName.${key}`, key),
      value(value) {
        if (/^[A-Z_]{4,}$/.test(value)) return orSame(`errors.${value}.what`, value).replace(/\{\{.*?\}\}/g, '…')
        const known = ['logValue', 'reasons', 'role'].find((words) => i18n.exists(`${words}.${value}`))
        return known === undefined ? orderWords(label(value), texts) : orSame(`${known}.${value}`, value)
      },
      actor(actor) {
        const plain = actor.replace(/^(item|cutin)-.*$/, '$1')
        return orSame(`logActor.${plain}`, label(actor))
      },
    }
  }, [t, i18n, texts, store, inputs, outputs])
}

function paramsOf(row: LogRow): Record<string, string | number> {
  const all: Record<string, unknown> = {
    device: '',
    output: '',
    input: '',
    reason: '',
    title: '',
    seq: '',
    order: '',
    ...row.planned,
    ...row.sent,
    ...row.measured,
  }
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string | number] => ['string', 'number'].includes(typeof entry[1])),
  )
}

// Adding or changing one row, beside the table, never over it.
import { Select, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { PlannedItem, RundownItemDraft } from '../../shared/domain/schedule.ts'
import { type BroadcastDay, durationText } from '../../shared/domain/time.ts'
import { matches } from '../format/fold.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { selectCarts, selectStation, useScreen } from '../state/app.ts'
import { Choice } from '../ui/choice.tsx'
import { emptyRow, hasOwnLength, type RowField, rowDraft, type RowForm, rowFormOf } from './row-form.ts'

interface Props {
  readonly day: BroadcastDay
  readonly row: PlannedItem | null
  readonly busy: boolean
  readonly onSave: (draft: RundownItemDraft) => void
  readonly onCancel: () => void
}

const rewindMs = 5_000
const kinds = ['file', 'jingle', 'fill', 'live', 'relayLine', 'relayStream'] as const
const cartsShown = 50

export function RowEditor({ day, row, busy, onSave, onCancel }: Props) {
  const { t } = useTexts()
  const carts = useScreen(selectCarts)
  const inputs = useScreen(selectStation).inputs
  const [form, setForm] = useState<RowForm>(() => (row === null ? emptyRow : rowFormOf(row.item)))
  const [wrong, setWrong] = useState<readonly RowField[]>([])
  const cart = carts.find((each) => each.cartId === form.cartId)
  const fields = useRef<HTMLDivElement>(null)
  useEffect(() => fields.current?.querySelector('input')?.focus(), [])
  const change = (part: Partial<RowForm>) => setForm((now) => ({ ...now, ...part }))
  const error = (field: RowField) => (wrong.includes(field) ? t(`rowError.${field}`) : undefined)
  const pickCart = (cartId: string | null) => {
    const picked = carts.find((each) => each.cartId === cartId)
    change({
      cartId,
      ...(picked === undefined ? {} : { contentType: picked.contentType, lengthText: durationText(picked.durationMs) }),
      ...(picked !== undefined && (form.title === '' || form.title === cart?.title) ? { title: picked.title } : {}),
    })
  }
  const submit = () => {
    const made = rowDraft(form, day, cart, rewindMs)
    if ('wrong' in made) setWrong(made.wrong)
    else onSave(made.draft)
  }
  const needsCart = form.kind === 'file' || form.kind === 'jingle' || form.kind === 'fill'
  const needsInput = form.kind === 'live' || form.kind === 'relayLine'
  return (
    <aside className="card row-editor" aria-label={row === null ? t('schedule.add') : t('schedule.change')}>
      <h2>{row === null ? t('schedule.add') : t('schedule.change')}</h2>
      <form
        className="editor-fields"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <div className="editor-scroll" ref={fields}>
          <Select
            label={t('schedule.colSource')}
            allowDeselect={false}
            value={form.kind}
            data={kinds.map((kind) => ({ value: kind, label: t(`source.${kind}`) }))}
            onChange={(kind) => kind !== null && change({ kind })}
          />
          {needsCart && (
            <Select
              label={form.kind === 'fill' ? t('schedule.fillCart') : t('schedule.cart')}
              placeholder={form.kind === 'fill' ? t('schedule.fillDefault') : t('compose.filePick')}
              searchable
              clearable={form.kind === 'fill'}
              limit={cartsShown}
              data={carts.map((each) => ({ value: each.cartId as string, label: each.title }))}
              filter={({ options, search, limit }) =>
                options.filter((option) => 'label' in option && matches(option.label, search)).slice(0, limit)
              }
              value={form.cartId}
              error={error('cart')}
              onChange={pickCart}
            />
          )}
          {needsInput && (
            <Select
              label={t('schedule.input')}
              data={inputs.map((input) => ({ value: input.inputId as string, label: input.label }))}
              value={form.inputId}
              error={error('input')}
              onChange={(inputId) => change({ inputId })}
            />
          )}
          {form.kind === 'relayStream' && (
            <TextInput
              label={t('schedule.url')}
              type="url"
              value={form.url}
              error={error('url')}
              onChange={(event) => change({ url: event.currentTarget.value })}
            />
          )}
          <TextInput
            label={t('schedule.colTitle')}
            value={form.title}
            maxLength={200}
            error={error('title')}
            onChange={(event) => change({ title: event.currentTarget.value })}
          />
          <Choice
            label={t('schedule.startKind')}
            value={form.start}
            options={(['follow', 'soft', 'hard'] as const).map((value) => ({ value, label: t(`schedule.${value}Short`) }))}
            onChange={(start) => change({ start })}
          />
          <p className="small muted">{t(`schedule.${form.start}`)}</p>
          <div className="field-pair">
            {form.start !== 'follow' && (
              <TextInput
                label={t('schedule.startAt')}
                placeholder="HH:mm:ss"
                value={form.startText}
                error={error('start')}
                onChange={(event) => change({ startText: event.currentTarget.value })}
              />
            )}
            <TextInput
              label={t('schedule.colLength')}
              placeholder="mm:ss"
              disabled={hasOwnLength(form.kind)}
              value={hasOwnLength(form.kind) && cart !== undefined ? durationText(cart.durationMs) : form.lengthText}
              error={error('length')}
              onChange={(event) => change({ lengthText: event.currentTarget.value })}
            />
          </div>
          <div className="field-pair">
            <Select
              label={t('schedule.contentType')}
              allowDeselect={false}
              value={form.contentType}
              data={(['speech', 'music', 'jingle', 'fill'] as const).map((value) => ({ value, label: t(`contentType.${value}`) }))}
              onChange={(contentType) => contentType !== null && change({ contentType })}
            />
            <TextInput
              label={t('schedule.crossfade')}
              placeholder={form.contentType === 'music' ? '1,5' : '0'}
              inputMode="decimal"
              value={form.crossfadeText}
              error={error('crossfade')}
              onChange={(event) => change({ crossfadeText: event.currentTarget.value })}
            />
          </div>
          <Select
            label={t('schedule.resume')}
            allowDeselect={false}
            value={form.resume}
            data={(['default', 'exact', 'rewind', 'rejoin', 'skip', 'hold'] as const).map((value) => ({
              value,
              label: t(`resume.${value}`),
            }))}
            onChange={(resume) => resume !== null && change({ resume })}
          />
        </div>
        <div className="editor-acts">
          <button type="submit" className="btn primary" disabled={busy}>
            {busy ? t('common.sent') : t('common.save')}
          </button>
          <button type="button" className="btn" onClick={onCancel}>
            {t('common.cancel')}
          </button>
        </div>
      </form>
    </aside>
  )
}

// Composing an alert: mode first, then content (template with slots, own words, or a recording), then the order and how it airs.
import { Select, Switch, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { AlertTemplate } from '../../shared/domain/alert.ts'
import { matches } from '../format/fold.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useModeWords } from './mode-words.ts'
import { selectAlerts, selectCarts, selectStation, selectTemplates, useApp, useScreen } from '../state/app.ts'
import { useOrder } from '../state/use-order.ts'
import { Choice } from '../ui/choice.tsx'
import { type ComposeForm, draftOf, emptyForm, formOf, missingIn, spokenText, withTemplate } from './compose-form.ts'
import { fillSlots, slotsOf } from './template.ts'

type Change = (part: Partial<ComposeForm>) => void

export function Compose() {
  const { navigation, clock } = useApp()
  const { t } = useTexts()
  const templates = useScreen(selectTemplates)
  const edited = useScreen(selectAlerts).find((alert) => alert.alertId === navigation.alertId.get())
  const [form, setForm] = useState<ComposeForm>(() => (edited === undefined ? emptyForm : formOf(edited)))
  const order = useOrder()
  const template = templates.find((each) => each.templateId === form.templateId)
  const missing = missingIn(form, template)
  const titleFilled = fillSlots(form.title, form.slots)
  const change: Change = (part) => setForm((now) => ({ ...now, ...part }))
  const replaces = edited !== undefined && ['draft', 'ready', 'failed'].includes(edited.state)

  const submit = async () => {
    const draft = draftOf(form, template, clock.now())
    if (draft === null) return
    const made = await order.give(t('compose.submit'), (client) =>
      client.alerts.compose(replaces ? { alertId: edited.alertId, draft } : { draft }),
    )
    if (made !== null) navigation.openAlert(made.alertId)
  }

  return (
    <form
      className="alert-one compose"
      data-mode={form.mode ?? 'none'}
      aria-label={t('compose.title')}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <ModeChoice form={form} change={change} />
      <section className="card compose-body" aria-label={t('compose.content')}>
        <h2>{t('compose.content')}</h2>
        <Choice
          label={t('compose.content')}
          hideLabel
          value={form.from}
          options={[
            { value: 'template', label: t('compose.fromTemplate') },
            { value: 'text', label: t('compose.fromText') },
            { value: 'file', label: t('compose.fromFile') },
          ]}
          onChange={(from) => change({ from, ...(from === 'text' && form.text === '' ? { text: spokenText(form, template) } : {}) })}
        />
        <div className="compose-scroll">
          {form.from === 'template' && <TemplateFields form={form} setForm={setForm} template={template} templates={templates} />}
          {form.from === 'file' && <FileField form={form} change={change} />}
          {(form.from !== 'template' || template !== undefined) && (
            <TextInput
              label={t('compose.heading')}
              {...(titleFilled === form.title ? {} : { description: titleFilled })}
              value={form.title}
              maxLength={200}
              onChange={(event) => change({ title: event.currentTarget.value })}
            />
          )}
          {form.from === 'text' && (
            <Textarea
              label={t('compose.text')}
              description={t('compose.textHint')}
              autosize
              minRows={5}
              maxRows={12}
              maxLength={20_000}
              value={form.text}
              onChange={(event) => change({ text: event.currentTarget.value })}
            />
          )}
          {form.from === 'template' && template !== undefined && (
            <div>
              <div className="field-label">{t('compose.finalText')}</div>
              <div className="spoken-draft">{spokenText(form, template)}</div>
            </div>
          )}
        </div>
      </section>
      <aside className="alert-side">
        <OrderFields form={form} change={change} />
        <div className="compose-submit">
          <p className="small" role="status">
            {missing === null
              ? ''
              : missing.kind === 'slots'
                ? t('compose.needSlot', { slots: missing.names.join(', ') })
                : { mode: t('compose.needMode'), title: t('compose.needTitle'), content: t('compose.needContent') }[missing.kind]}
          </p>
          <button type="submit" className="btn primary big" disabled={missing !== null || order.state.kind === 'sent'}>
            {order.state.kind === 'sent' ? t('compose.submitting') : t('compose.submit')}
          </button>
          <button type="button" className="btn" onClick={() => navigation.composing.set(false)}>
            {t('compose.discard')}
          </button>
        </div>
      </aside>
    </form>
  )
}

function ModeChoice({ form, change }: { readonly form: ComposeForm; readonly change: Change }) {
  const { t } = useTexts()
  const { training } = useScreen(selectStation)
  const words = useModeWords()
  return (
    <fieldset className="mode-choice">
      <legend className="visually-hidden">{t('compose.modeFirst')}</legend>
      {(['live', 'drill'] as const).map((mode) => (
        <button key={mode} type="button" className={`mode-key ${mode}`} aria-pressed={form.mode === mode} onClick={() => change({ mode })}>
          <b>{mode === 'live' ? `■ ${t('compose.modeLive')}` : `▨ ${t('compose.modeDrill')}`}</b>
          <span>{training ? words(mode).hint : mode === 'live' ? t('compose.modeLiveHint') : t('compose.modeDrillHint')}</span>
        </button>
      ))}
    </fieldset>
  )
}

interface TemplateProps {
  readonly form: ComposeForm
  readonly setForm: (next: (now: ComposeForm) => ComposeForm) => void
  readonly template: AlertTemplate | undefined
  readonly templates: readonly AlertTemplate[]
}

function TemplateFields({ form, setForm, template, templates }: TemplateProps) {
  const { t, language } = useTexts()
  const slots = template === undefined ? [] : slotsOf(`${template.title} ${template.text}`)
  return (
    <>
      <fieldset className="template-grid">
        <legend className="visually-hidden">{t('compose.template')}</legend>
        {templates.map((each) => (
          <button
            key={each.templateId}
            type="button"
            className="btn"
            aria-pressed={each.templateId === form.templateId}
            onClick={() => setForm((now) => withTemplate(now, each))}
          >
            {language === 'vi' ? each.name : each.nameEn}
          </button>
        ))}
      </fieldset>
      {slots.length > 0 && (
        <div className="slot-grid">
          {slots.map((name) => (
            <TextInput
              key={name}
              label={name}
              value={form.slots[name] ?? ''}
              onChange={(event) => {
                const value = event.currentTarget.value
                setForm((now) => ({ ...now, slots: { ...now.slots, [name]: value } }))
              }}
            />
          ))}
        </div>
      )}
    </>
  )
}

const filesShown = 50

function FileField({ form, change }: { readonly form: ComposeForm; readonly change: Change }) {
  const { t } = useTexts()
  const carts = useScreen(selectCarts)
  return (
    <Select
      label={t('compose.file')}
      placeholder={t('compose.filePick')}
      searchable
      limit={filesShown}
      data={carts.map((cart) => ({ value: cart.cartId as string, label: cart.title }))}
      filter={({ options, search, limit }) =>
        options.filter((option) => 'label' in option && matches(option.label, search)).slice(0, limit)
      }
      value={form.cartId}
      onChange={(cartId) =>
        change({ cartId, title: form.title === '' ? (carts.find((cart) => cart.cartId === cartId)?.title ?? '') : form.title })
      }
    />
  )
}

function OrderFields({ form, change }: { readonly form: ComposeForm; readonly change: Change }) {
  const { t } = useTexts()
  const outputs = useScreen(selectStation).outputs
  return (
    <section className="card compose-order" aria-label={t('compose.order')}>
      <h2>{t('compose.order')}</h2>
      <TextInput
        label={t('compose.orderedBy')}
        placeholder={t('compose.orderedByHint')}
        value={form.orderedBy}
        maxLength={200}
        onChange={(event) => change({ orderedBy: event.currentTarget.value })}
      />
      <Choice
        label={t('compose.risk')}
        value={String(form.riskLevel ?? 0)}
        options={['0', '1', '2', '3', '4', '5'].map((value) => ({ value, label: value === '0' ? t('compose.riskNone') : value }))}
        onChange={(value) => change({ riskLevel: value === '0' ? null : Number(value) })}
      />
      <div className="field-pair">
        <Choice
          label={t('compose.readings')}
          value={String(form.readings)}
          options={['1', '2', '3', '5'].map((value) => ({ value, label: value }))}
          onChange={(value) => change({ readings: Number(value) })}
        />
        <Select
          label={t('compose.expires')}
          allowDeselect={false}
          value={String(form.expiresHours ?? 0)}
          data={[1, 3, 6, 12, 24]
            .map((n) => ({ value: String(n), label: t('compose.hours', { n }) }))
            .concat({ value: '0', label: t('compose.noExpiry') })}
          onChange={(value) => change({ expiresHours: value === '0' || value === null ? null : Number(value) })}
        />
      </div>
      <div className="field-pair">
        <Select
          label={t('compose.voice')}
          allowDeselect={false}
          disabled={form.from === 'file'}
          value={form.voice}
          data={(['vi', 'vi-vn-x-central', 'vi-vn-x-south'] as const).map((value) => ({ value, label: t(`voice.${value}`) }))}
          onChange={(voice) => voice !== null && change({ voice })}
        />
        <div className="switch-pair">
          <Switch
            label={t('compose.evacuation')}
            checked={form.evacuation}
            onChange={(event) => change({ evacuation: event.currentTarget.checked })}
          />
          <Switch
            label={t('compose.tone')}
            checked={form.attentionTone}
            onChange={(event) => change({ attentionTone: event.currentTarget.checked })}
          />
        </div>
      </div>
      {outputs.length > 1 && (
        <fieldset className="choice-set">
          <legend className="field-label">{t('compose.outputs')}</legend>
          <div className="choice">
            <button type="button" aria-pressed={form.outputIds.length === 0} onClick={() => change({ outputIds: [] })}>
              {t('common.all')}
            </button>
            {outputs.map((output) => {
              const on = form.outputIds.includes(output.outputId)
              return (
                <button
                  key={output.outputId}
                  type="button"
                  aria-pressed={on}
                  onClick={() =>
                    change({
                      outputIds: on ? form.outputIds.filter((id) => id !== output.outputId) : [...form.outputIds, output.outputId],
                    })
                  }
                >
                  {output.name}
                </button>
              )
            })}
          </div>
        </fieldset>
      )}
    </section>
  )
}

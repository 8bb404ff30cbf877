// Bringing recordings in: by drop or by picker, with progress; a refused file says why and what to do, and stays until read.
import { type DragEvent, useId, useState } from 'react'
import type { ImportView } from '../../shared/domain/library.ts'
import { acceptedSuffixes, uploadFile } from '../link/upload.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { selectImports, useApp, useScreen } from '../state/app.ts'
import { Card } from '../ui/card.tsx'
import { Icon } from '../ui/icon.tsx'
import { OrderButton } from '../ui/order-button.tsx'

interface Sending {
  readonly id: number
  readonly name: string
  readonly percent: number
}

let nextSending = 1

export function ImportPanel() {
  const { notices } = useApp()
  const { t, failure } = useTexts()
  const imports = useScreen(selectImports)
  const [sending, setSending] = useState<readonly Sending[]>([])
  const [over, setOver] = useState(false)
  const inputId = useId()

  const send = async (file: File) => {
    const id = nextSending
    nextSending += 1
    setSending((list) => [...list, { id, name: file.name, percent: 0 }])
    const result = await uploadFile(file, 'speech', (percent) =>
      setSending((list) => list.map((each) => (each.id === id ? { ...each, percent } : each))),
    )
    setSending((list) => list.filter((each) => each.id !== id))
    if (result.kind === 'done') return
    const refusal = result.kind === 'offline' ? { code: 'OFFLINE', detail: {} } : result.refusal
    const text = failure(refusal.code, refusal.detail)
    notices.post({ tone: 'refused', order: t('library.importOrder', { name: file.name }), what: text.what, todo: text.todo })
  }
  const sendAll = async (files: FileList | null) => {
    for (const file of files ?? []) await send(file)
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void sendAll(event.dataTransfer.files)
  }
  return (
    <Card className="import" title={t('library.import')} aside={acceptedSuffixes.map((suffix) => suffix.slice(1).toUpperCase()).join(' ')}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping has a button beside it that does the same */}
      <div
        className="drop-zone"
        data-over={over}
        data-testid="drop-zone"
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <Icon name="upload" size={1.6} />
        <span>{t('library.dropHere')}</span>
        <input
          id={inputId}
          className="visually-hidden"
          type="file"
          multiple
          accept={`audio/*,${acceptedSuffixes.join(',')}`}
          onChange={(event) => {
            void sendAll(event.target.files).then(() => {
              event.target.value = ''
            })
          }}
        />
        <label htmlFor={inputId} className="btn">
          {t('library.pick')}
        </label>
      </div>
      <ul className="imports" aria-live="polite">
        {sending.map((each) => (
          <li key={each.id}>
            <span className="import-name">{each.name}</span>
            <Progress percent={each.percent} label={t('library.sending')} />
          </li>
        ))}
        {imports.map((each) => (
          <ImportRow key={each.importId} view={each} />
        ))}
      </ul>
    </Card>
  )
}

function Progress({ percent, label }: { readonly percent: number; readonly label: string }) {
  return (
    <span className="progress">
      <progress max={100} value={percent} aria-label={label} />
      <span className="num small">
        {label} {Math.round(percent)} %
      </span>
    </span>
  )
}

function ImportRow({ view }: { readonly view: ImportView }) {
  const { t, failure } = useTexts()
  if (view.state.kind === 'working') {
    return (
      <li>
        <span className="import-name">{view.name}</span>
        <Progress percent={view.state.percent} label={t('library.measuring')} />
      </li>
    )
  }
  const text = failure(view.state.code, view.state.detail)
  return (
    <li className="refused" data-testid="refused">
      <div>
        <b>▲ {view.name}</b>
        <div>{text.what}</div>
        <div className="small muted">{text.todo}</div>
      </div>
      <OrderButton words={t('common.dismiss')} run={(client) => client.library.dismissImport({ importId: view.importId })}>
        {t('common.dismiss')}
      </OrderButton>
    </li>
  )
}

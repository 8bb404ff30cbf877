// One recording: waveform, what was measured, preview, renaming, hot key, removal.
import { Popover, Select, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { Cart } from '../../shared/domain/library.ts'
import { dateText, durationText } from '../../shared/domain/time.ts'
import { numberText } from '../format/numbers.ts'
import { chordLabel } from '../keys/chord.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { LiveText } from '../live/live-text.tsx'
import { PreviewWave } from '../live/preview-wave.tsx'
import type { Preview } from '../live/use-preview.ts'
import { selectHotKeys, selectStation, useApp, useScreen } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { usePeaks } from '../state/use-peaks.ts'
import { useOrder } from '../state/use-order.ts'
import { Card } from '../ui/card.tsx'
import { Icon } from '../ui/icon.tsx'
import { OrderButton } from '../ui/order-button.tsx'

interface Props {
  readonly cart: Cart
  readonly preview: Preview
  readonly usedToday: boolean
}

export function CartDetail({ cart, preview, usedToday }: Props) {
  const { preferences } = useApp()
  const { t, language, reason } = useTexts()
  const station = useScreen(selectStation)
  const peaks = usePeaks(cart.cartId)
  const flat = useMemo(
    () => (peaks === null ? [] : peaks.max.map((high, index) => Math.max(Math.abs(high), Math.abs(peaks.min[index] ?? 0)))),
    [peaks],
  )
  const key = chordLabel(useSignal(preferences.keyMap).preview)
  const [editing, setEditing] = useState(false)
  return (
    <Card
      className="cart-detail"
      title={t('library.detail')}
      aside={
        <span className="small" title={`${cart.format} · ${cart.originalName}`}>
          {cart.format} · {cart.originalName}
        </span>
      }
    >
      {editing ? <EditCart cart={cart} onDone={() => setEditing(false)} /> : <div className="cart-name">{cart.title}</div>}
      <div className="cart-wave" data-playing={preview.playing}>
        {flat.length === 0 ? (
          <span className="muted small">{t('common.loading')}</span>
        ) : (
          <PreviewWave
            peaks={flat}
            durationMs={cart.durationMs}
            positionMs={preview.positionMs}
            onSeek={preview.seek}
            tone={preview.playing ? 'preview' : 'plain'}
            label={t('desk.waveform', { title: cart.title })}
          />
        )}
      </div>
      <div className="cart-play">
        <button
          type="button"
          className={`btn ${preview.playing ? 'preview' : 'primary'}`}
          data-order={preview.order.state.kind}
          disabled={preview.via === 'none'}
          onClick={preview.toggle}
        >
          <Icon name={preview.playing ? 'stop' : 'ear'} filled={preview.playing} />{' '}
          {preview.playing ? t('alerts.previewStop') : t('library.previewKeys', { key })}
        </button>
        <span className="num">
          <LiveText read={() => durationText(preview.positionMs() ?? 0)} /> / {durationText(cart.durationMs)}
        </span>
        <span className="small muted grow">
          {preview.via === 'none'
            ? reason(station.cue.reason ?? t('alerts.noPreview'))
            : preview.via === 'browser'
              ? t('alerts.viaBrowser')
              : station.cue.device}
        </span>
      </div>
      <dl className="facts two">
        <Fact
          name={t('library.loudness')}
          value={cart.integratedLufs === null ? '—' : `${numberText(cart.integratedLufs, 1, language)} LUFS`}
        />
        <Fact name={t('library.peak')} value={`${numberText(cart.truePeakDbtp, 1, language)} dBTP`} />
        <Fact name={t('library.gain')} value={`${cart.gainDb > 0 ? '+' : ''}${numberText(cart.gainDb, 1, language)} dB`} />
        <Fact name={t('library.type')} value={t(`contentType.${cart.contentType}`)} />
        <Fact name={t('library.head')} value={`${numberText(cart.silenceHeadMs / 1000, 1, language)} s`} />
        <Fact name={t('library.tail')} value={`${numberText(cart.silenceTailMs / 1000, 1, language)} s`} />
        <Fact name={t('library.imported')} value={dateText(cart.importedAtMs)} />
        <Fact name={t('library.hash')} value={cart.sha256.slice(0, 12)} />
      </dl>
      <div className="acts">
        {!editing && (
          <button type="button" className="btn" onClick={() => setEditing(true)}>
            <Icon name="edit" /> {t('library.rename')}
          </button>
        )}
        <AssignHotKey cart={cart} />
        <span className="grow" />
        <OrderButton
          words={t('library.removeOrder', { title: cart.title })}
          disabled={usedToday}
          title={usedToday ? t('library.inUse') : undefined}
          run={(client) => client.library.remove({ cartId: cart.cartId })}
        >
          <Icon name="trash" /> {t('common.remove')}
        </OrderButton>
      </div>
    </Card>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">{value}</dd>
    </div>
  )
}

function EditCart({ cart, onDone }: { readonly cart: Cart; readonly onDone: () => void }) {
  const { t } = useTexts()
  const order = useOrder()
  const [title, setTitle] = useState(cart.title)
  const [contentType, setContentType] = useState(cart.contentType)
  return (
    <form
      className="cart-edit"
      onSubmit={(event) => {
        event.preventDefault()
        void order
          .give(t('library.rename'), (client) => client.library.update({ cartId: cart.cartId, title: title.trim(), contentType }))
          .then((done) => done !== null && onDone())
      }}
    >
      <TextInput
        label={t('library.colTitle')}
        value={title}
        maxLength={200}
        onChange={(event) => setTitle(event.currentTarget.value)}
        data-autofocus
      />
      <Select
        label={t('schedule.contentType')}
        allowDeselect={false}
        value={contentType}
        data={(['speech', 'music', 'jingle', 'fill'] as const).map((value) => ({ value, label: t(`contentType.${value}`) }))}
        onChange={(value) => value !== null && setContentType(value)}
      />
      <button type="submit" className="btn primary" disabled={title.trim() === '' || order.state.kind === 'sent'}>
        {t('common.save')}
      </button>
      <button type="button" className="btn" onClick={onDone}>
        {t('common.cancel')}
      </button>
    </form>
  )
}

function AssignHotKey({ cart }: { readonly cart: Cart }) {
  const { t } = useTexts()
  const keys = useScreen(selectHotKeys)
  const [open, setOpen] = useState(false)
  return (
    <Popover opened={open} onChange={setOpen} position="top" withArrow shadow="md" withinPortal>
      <Popover.Target>
        <button type="button" className="btn" onClick={() => setOpen(!open)}>
          {t('library.assign')}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="assign">
        <p className="small muted">{t('library.assignHint')}</p>
        <div className="assign-grid">
          {[1, 2, 3, 4, 5, 6, 7, 8].map((slot) => {
            const view = keys.find((each) => each.slot === slot)
            const own = view?.cartId === cart.cartId
            return (
              <OrderButton
                key={slot}
                words={t('library.assign')}
                pressed={own}
                run={(client) => client.onair.assignHotKey({ slot, cartId: own ? null : cart.cartId, loop: cart.contentType === 'fill' })}
              >
                <b>{slot}</b>{' '}
                <span className="small" title={view?.title ?? undefined}>
                  {view?.title ?? t('desk.hotKeyEmpty')}
                </span>
              </OrderButton>
            )
          })}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

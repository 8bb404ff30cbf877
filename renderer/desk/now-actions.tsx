// The orders that fit what is on: next (with one second to think again), hold, continue, resume choices after an
// interruption, end of an alert or a microphone. Space never does any of this.
import { useCallback } from 'react'
import type { AiredOutput } from '../state/station-store.ts'
import { durationText } from '../../shared/domain/time.ts'
import { chordLabel } from '../keys/chord.ts'
import { isTyping, useKey } from '../keys/keyboard-context.ts'
import { useMicrophone } from '../frame/microphone.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { type Preview, usePreview } from '../live/use-preview.ts'
import { useApp, useScreen } from '../state/app.ts'
import { rowOf } from '../state/plan-rows.ts'
import { useSignal } from '../state/signal.ts'
import { useOrder } from '../state/use-order.ts'
import { Icon } from '../ui/icon.tsx'
import { OrderButton } from '../ui/order-button.tsx'
import { useNextOrder } from './next-order.ts'
import { cartOf } from './now-card.tsx'

interface Props {
  readonly output: AiredOutput
  readonly targets: readonly AiredOutput[]
}

async function onEach(targets: readonly AiredOutput[], run: (output: AiredOutput) => Promise<unknown>) {
  await Promise.all(targets.map(run))
}

export function NowActions(props: Props) {
  const { ask } = useNextOrder()
  // Taken whatever is on: what cannot be done now is refused in words. In a text field it moves by a word.
  useKey('next', (stroke) => (isTyping(stroke.target) ? false : (ask(props.targets), undefined)))
  const preview = usePreviewNext(props.output)
  useKey('preview', () => (preview.press(), undefined))
  return <PhaseActions {...props} preview={preview} />
}

function PhaseActions({ output, targets, preview }: Props & { readonly preview: PreviewNext }) {
  switch (output.phase) {
    case 'cutIn':
      return <CutInActions output={output} />
    case 'awaitingResume':
      return <ResumeActions output={output} targets={targets} />
    case 'liveInput':
      return <MicrophoneActions />
    case 'stopped':
      return <StoppedNote />
    case 'held':
    case 'programme':
    case 'silent':
      return <ProgrammeActions output={output} targets={targets} preview={preview} />
  }
}

function ProgrammeActions({ output, targets, preview }: Props & { readonly preview: PreviewNext }) {
  const { t } = useTexts()
  const hold = useOrder()
  const held = output.phase === 'held'
  return (
    <div className="acts">
      <NextButton targets={targets} />
      {held ? (
        <OrderButton
          className="primary"
          order={hold}
          words={t('desk.continue')}
          run={(client) => onEach(targets, (each) => client.onair.release({ outputId: each.outputId }))}
        >
          <Icon name="play" filled /> {t('desk.continue')}
        </OrderButton>
      ) : (
        <OrderButton
          order={hold}
          words={t('desk.hold')}
          disabled={output.now === null}
          run={(client) => onEach(targets, (each) => client.onair.hold({ outputId: each.outputId }))}
        >
          <Icon name="pause" /> {t('desk.hold')}
        </OrderButton>
      )}
      <span className="grow" />
      <PreviewKey preview={preview} />
    </div>
  )
}

function NextButton({ targets }: { readonly targets: readonly AiredOutput[] }) {
  const { preferences } = useApp()
  const { t } = useTexts()
  const { order, pending, ask } = useNextOrder()
  const key = chordLabel(useSignal(preferences.keyMap).next)
  const any = targets.some((each) => each.next !== null)
  return (
    <button
      type="button"
      className={`btn ${pending ? 'pending' : 'primary'}`}
      data-order={order.state.kind}
      disabled={!any && !pending}
      onClick={() => ask(targets)}
    >
      <span className="btn-label">
        <Icon name="next" filled /> {pending ? t('desk.takeNextUndo') : t('desk.takeNextKey', { key })}
      </span>
      {(order.state.kind === 'sent' || order.state.kind === 'confirmed') && !pending && (
        <span className="btn-state">{order.state.kind === 'sent' ? t('common.sent') : t('common.confirmed')}</span>
      )}
    </button>
  )
}

interface PreviewNext {
  readonly preview: Preview
  readonly known: boolean
  press(): void
}

/** Listening to what follows, on the cue bus; what cannot be listened to is said in words. */
function usePreviewNext(output: AiredOutput): PreviewNext {
  const { notices, preferences } = useApp()
  const { t } = useTexts()
  const { next } = output
  const row = useScreen(useCallback((screen) => rowOf(screen.schedule, next?.itemId), [next?.itemId]))
  const cartId = cartOf(row)
  const preview = usePreview(cartId === null ? null : { kind: 'cart', id: cartId })
  const map = useSignal(preferences.keyMap)
  const press = () => {
    if (cartId !== null) {
      preview.toggle()
      return
    }
    const title = next?.title ?? ''
    const source = row === undefined ? '' : t(`source.${row.item.source.kind}`)
    const [what, todo] =
      next === null
        ? [t('desk.previewNone'), t('desk.previewNoneTodo', { key: chordLabel(map.screenSchedule) })]
        : row === undefined
          ? [t('desk.previewOther', { title }), t('desk.previewOtherTodo', { key: chordLabel(map.screenLibrary) })]
          : [t('desk.previewLive', { title, source }), t('desk.previewLiveTodo')]
    notices.post({ tone: 'info', order: t('desk.previewNext'), what, todo })
  }
  return { preview, known: cartId !== null, press }
}

function PreviewKey({ preview: { preview, known, press } }: { readonly preview: PreviewNext }) {
  const { preferences } = useApp()
  const { t } = useTexts()
  const key = chordLabel(useSignal(preferences.keyMap).preview)
  return (
    <button
      type="button"
      className={`btn ${preview.playing ? 'preview' : ''}`}
      data-order={preview.order.state.kind}
      disabled={!known}
      onClick={press}
    >
      <Icon name="ear" /> {preview.playing ? t('desk.previewStop', { key }) : t('desk.previewNextKey', { key })}
    </button>
  )
}

function ResumeActions({ output, targets }: Props) {
  const { t } = useTexts()
  const { pending } = useNextOrder()
  const at = output.awaiting?.positionMs ?? 0
  const choices = [
    { kind: 'exact', label: t('desk.resumeExact', { at: durationText(at) }), policy: { kind: 'exact' } },
    { kind: 'rewind', label: t('desk.resumeRewind', { at: durationText(Math.max(0, at - 5_000)) }), policy: { kind: 'rewind', ms: 5_000 } },
    { kind: 'rejoin', label: t('desk.resumeRejoin'), policy: { kind: 'rejoin' } },
    { kind: 'skip', label: t('desk.resumeSkip'), policy: { kind: 'skip' } },
  ] as const
  return (
    <div className="acts">
      <span className="acts-note">{t('desk.resumeHow')}</span>
      {choices.map((choice, index) => (
        <OrderButton
          key={choice.kind}
          className={index === 0 ? 'primary' : ''}
          words={choice.label}
          run={(client) => onEach(targets, (each) => client.onair.resume({ outputId: each.outputId, policy: choice.policy }))}
        >
          {choice.label}
        </OrderButton>
      ))}
      {pending && <NextButton targets={targets} />}
    </div>
  )
}

function CutInActions({ output }: { readonly output: AiredOutput }) {
  const { navigation } = useApp()
  const { t } = useTexts()
  const cutIn = output.cutIn
  if (cutIn === null) return null
  return (
    <div className="acts">
      <button type="button" className="btn primary" onClick={() => navigation.openAlert(cutIn.alertId)}>
        {t('desk.openAlert')}
      </button>
      <OrderButton words={t('alerts.stop')} run={(client) => client.alerts.stop({ cutInId: cutIn.cutInId, outputIds: [] })}>
        <Icon name="stop" filled /> {t('alerts.stop')}
      </OrderButton>
    </div>
  )
}

function MicrophoneActions() {
  const { t } = useTexts()
  const microphone = useMicrophone()
  return (
    <div className="acts">
      <button type="button" className="btn primary" data-order={microphone.order.state.kind} onClick={() => microphone.toggle('screen')}>
        <Icon name="mic" /> {t('frame.micOrderClose')}
      </button>
    </div>
  )
}

function StoppedNote() {
  const { t } = useTexts()
  return (
    <div className="acts">
      <span className="acts-note">{t('desk.stoppedNote')}</span>
    </div>
  )
}

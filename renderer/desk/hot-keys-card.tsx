// Eight hot keys over the programme: press plays, press again stops. A playing one is framed and says so.
import type { HotKeyView } from '../../shared/domain/onair.ts'
import { durationText } from '../../shared/domain/time.ts'
import { hotKeyActions } from '../keys/actions.ts'
import { chordLabel } from '../keys/chord.ts'
import { useKey } from '../keys/keyboard-context.ts'
import { useTexts } from '../i18n/use-texts.ts'
import type { StationClient } from '../link/client.ts'
import { selectHotKeys, useAired, useApp, useScreen } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { useOrder } from '../state/use-order.ts'
import { Card } from '../ui/card.tsx'
import { OrderButton } from '../ui/order-button.tsx'

const slots = [1, 2, 3, 4, 5, 6, 7, 8] as const

export function HotKeysCard() {
  const { t } = useTexts()
  const { preferences } = useApp()
  const keys = useScreen(selectHotKeys)
  const map = useSignal(preferences.keyMap)
  return (
    <Card
      className="hot-keys"
      title={t('desk.hotKeys')}
      aside={t('desk.hotKeysHint', { first: chordLabel(map.hotKey1), last: chordLabel(map.hotKey8) })}
    >
      <div className="hot-grid">
        {slots.map((slot) => (
          <HotKey key={slot} slot={slot} view={keys.find((key) => key.slot === slot)} />
        ))}
      </div>
    </Card>
  )
}

/** Takes the keyboard keys of all hot keys, on every screen. */
export function HotKeyKeys() {
  return slots.map((slot) => <HotKeyStroke key={slot} slot={slot} />)
}

function HotKeyStroke({ slot }: { readonly slot: number }) {
  const order = useHotKeyOrder(slot, 'keyboard')
  useKey(hotKeyActions[slot - 1] ?? 'hotKey1', () => {
    order.press()
    return undefined
  })
  return null
}

function useHotKeyOrder(slot: number, via: 'screen' | 'keyboard') {
  const { t } = useTexts()
  const order = useOrder()
  const playing = useAired().some((output) => output.hotKeysPlaying.includes(slot))
  const words = t('desk.hotKeyOrder', { n: slot })
  const run = (client: StationClient): Promise<unknown> =>
    playing ? client.onair.stopHotKey({ slot, outputIds: [] }) : client.onair.hotKey({ slot, outputIds: [], via })
  return { order, playing, words, run, press: () => void order.give(words, run) }
}

function HotKey({ slot, view }: { readonly slot: number; readonly view: HotKeyView | undefined }) {
  const { preferences } = useApp()
  const { t } = useTexts()
  const { order, playing, words, run } = useHotKeyOrder(slot, 'screen')
  const chord = chordLabel(useSignal(preferences.keyMap)[hotKeyActions[slot - 1] ?? 'hotKey1'])
  const empty = view === undefined || view.cartId === null
  return (
    <OrderButton
      className={`hot-key ${playing ? 'playing' : ''}`}
      order={order}
      words={words}
      run={run}
      disabled={empty}
      pressed={playing}
      title={empty ? chord : `${view.title ?? ''} · ${chord}`}
    >
      <span className="hot-title">{view?.title ?? t('desk.hotKeyEmpty')}</span>
      <small>
        {playing
          ? `■ ${t('desk.hotKeyStop')}`
          : empty
            ? chord
            : view.loop
              ? t('desk.loop')
              : view.durationMs === null
                ? ''
                : durationText(view.durationMs)}
      </small>
    </OrderButton>
  )
}

// Ctrl+K: one field that finds screens, recordings, rows, alerts and devices, marks or not. It opens things, it never airs.
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import type { ScreenState } from '../../shared/domain/station.ts'
import { clockText } from '../../shared/domain/time.ts'
import { matches } from '../format/fold.ts'
import { useKey } from '../keys/keyboard-context.ts'
import { type Texts, useTexts } from '../i18n/use-texts.ts'
import { type App, useApp, useScreen } from '../state/app.ts'
import { screenIds } from '../state/navigation.ts'
import { rowsOf } from '../state/plan-rows.ts'
import { useSignal } from '../state/signal.ts'

interface Found {
  readonly id: string
  readonly kind: string
  readonly text: string
  open(): void
}

const most = 9
const selectAll = (screen: ScreenState) => screen

export function Finder() {
  const { navigation } = useApp()
  const open = useSignal(navigation.finderOpen)
  useKey('find', () => {
    navigation.finderOpen.set(!navigation.finderOpen.get())
    return undefined
  })
  return open ? <FinderPanel /> : null
}

function FinderPanel() {
  const app = useApp()
  const texts = useTexts()
  const { t } = texts
  const screen = useScreen(selectAll)
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const field = useRef<HTMLInputElement>(null)
  const listId = useId()
  useEffect(() => field.current?.focus(), [])
  const found = useMemo(() => find(query, screen, app, texts), [query, screen, app, texts])
  const close = () => app.navigation.finderOpen.set(false)
  const take = (one: Found | undefined) => {
    if (one === undefined) return
    one.open()
    close()
  }
  return (
    <search className="sheet finder" aria-label={t('finder.title')}>
      <input
        ref={field}
        className="field"
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found[chosen] === undefined ? undefined : `${listId}-${chosen}`}
        aria-label={t('finder.title')}
        placeholder={t('finder.placeholder')}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setChosen(0)
        }}
        onBlur={(event) => {
          if (!event.currentTarget.parentElement?.contains(event.relatedTarget)) close()
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'ArrowDown') setChosen(Math.min(found.length - 1, chosen + 1))
          else if (event.key === 'ArrowUp') setChosen(Math.max(0, chosen - 1))
          else if (event.key === 'Enter') take(found[chosen])
          else if (event.key === 'Escape') close()
          else return
          event.preventDefault()
        }}
      />
      <div id={listId} role="listbox" aria-label={t('finder.title')} className="finder-list">
        {found.map((one, index) => (
          <div
            key={one.id}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onPointerDown={(event) => {
              event.preventDefault()
              take(one)
            }}
          >
            <span>{one.text}</span>
            <span className="muted">{one.kind}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="muted finder-empty">{t('finder.empty', { query })}</p>}
    </search>
  )
}

function find(query: string, screen: ScreenState, { navigation }: App, { t }: Texts): readonly Found[] {
  const all: Found[] = [
    ...screenIds.map((id) => ({ id: `screen-${id}`, kind: t('finder.kindScreen'), text: t(`nav.${id}`), open: () => navigation.go(id) })),
    ...screen.alerts.alerts.map((alert) => ({
      id: alert.alertId,
      kind: t('finder.kindAlert'),
      text: alert.title,
      open: () => navigation.openAlert(alert.alertId),
    })),
    ...rowsOf(screen.schedule).map((row) => ({
      id: row.item.itemId,
      kind: t('finder.kindItem'),
      text: `${clockText(row.startMs)}  ${row.item.title}`,
      open: () => navigation.go('schedule'),
    })),
    ...screen.devices.map((device) => ({
      id: device.deviceId,
      kind: t('finder.kindDevice'),
      text: device.label,
      open: () => navigation.go('devices'),
    })),
  ]
  const out: Found[] = []
  for (const one of all) if (out.length < most && matches(one.text, query)) out.push(one)
  for (const cart of screen.library.carts) {
    if (out.length >= most) break
    if (!matches(cart.title, query)) continue
    out.push({
      id: cart.cartId,
      kind: t('finder.kindCart'),
      text: cart.title,
      open: () => {
        navigation.cartId.set(cart.cartId)
        navigation.go('library')
      },
    })
  }
  return out
}

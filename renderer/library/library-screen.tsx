// Thư viện: recordings that were decoded to their end and measured; found without marks, previewed here only, imported by drop.
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Cart, ContentType } from '../../shared/domain/library.ts'
import { collator, matches } from '../format/fold.ts'
import { isTyping, useKey } from '../keys/keyboard-context.ts'
import { chordLabel } from '../keys/chord.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { usePreview } from '../live/use-preview.ts'
import { selectCarts, selectSchedule, useApp, useScreen } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { Choice } from '../ui/choice.tsx'
import { Icon } from '../ui/icon.tsx'
import { CartDetail } from './cart-detail.tsx'
import { CartList } from './cart-list.tsx'
import { ImportPanel } from './import-panel.tsx'

type Filter = 'all' | ContentType

export function LibraryScreen() {
  const { navigation, preferences } = useApp()
  const { t } = useTexts()
  const carts = useScreen(selectCarts)
  const plan = useScreen(selectSchedule)
  const [query, setQuery] = useState('')
  const [filter, setFilter] = useState<Filter>('all')
  const field = useRef<HTMLInputElement>(null)
  const screen = useRef<HTMLElement>(null)
  const pickedId = useSignal(navigation.cartId)
  const usedToday = useMemo(
    () =>
      new Set(
        plan.items.flatMap((row) =>
          'cartId' in row.item.source && row.item.source.cartId !== null ? [row.item.source.cartId as string] : [],
        ),
      ),
    [plan],
  )
  const shown = useMemo(
    () =>
      carts
        .filter((cart) => (filter === 'all' || cart.contentType === filter) && matches(cart.title, query))
        .sort((a, b) => collator.compare(a.title, b.title)),
    [carts, filter, query],
  )
  const picked = shown.find((cart) => cart.cartId === pickedId) ?? shown[0] ?? null
  const preview = usePreview(picked === null ? null : { kind: 'cart', id: picked.cartId })
  useKey('search', () => {
    field.current?.focus()
    field.current?.select()
    return undefined
  })
  useKey('preview', () => (preview.toggle(), undefined), picked !== null)
  const toggle = useRef(preview.toggle)
  toggle.current = preview.toggle
  useEffect(() => {
    // Space previews on this screen only, and only away from text and buttons.
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== ' ' || event.isComposing || event.repeat || event.ctrlKey || event.altKey) return
      if (
        isTyping(event.target) ||
        (event.target instanceof HTMLElement && event.target.closest('button, a, [role="option"] button') !== null)
      )
        return
      event.preventDefault()
      toggle.current()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  return (
    <main className="screen library" id="main" tabIndex={-1} aria-label={t('nav.library')} ref={screen}>
      <section className="card library-list" aria-label={t('library.list')}>
        <div className="library-tools">
          <div className="search-field">
            <Icon name="search" />
            <input
              ref={field}
              className="field"
              type="search"
              aria-label={t('library.search')}
              placeholder={t('library.searchHint', { key: chordLabel(useSignal(preferences.keyMap).search) })}
              value={query}
              onChange={(event) => setQuery(event.target.value)}
            />
          </div>
          <Choice
            label={t('schedule.contentType')}
            hideLabel
            value={filter}
            options={(['all', 'speech', 'music', 'jingle', 'fill'] as const).map((value) => ({
              value,
              label: value === 'all' ? t('common.all') : t(`contentType.${value}`),
            }))}
            onChange={setFilter}
          />
          <span className="small muted num">{t('library.count', { shown: shown.length, all: carts.length })}</span>
        </div>
        {carts.length === 0 ? (
          <p className="empty">{t('library.empty')}</p>
        ) : shown.length === 0 ? (
          <p className="empty">{t('library.nothing', { query })}</p>
        ) : (
          <CartList
            carts={shown}
            pickedId={picked?.cartId ?? null}
            usedToday={usedToday}
            onPick={(cart: Cart) => navigation.cartId.set(cart.cartId)}
          />
        )}
      </section>
      <div className="library-side">
        {picked !== null && <CartDetail key={picked.cartId} cart={picked} preview={preview} usedToday={usedToday.has(picked.cartId)} />}
        <ImportPanel />
      </div>
    </main>
  )
}

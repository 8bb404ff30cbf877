// The recordings, drawn only as far as they are seen.
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { Cart } from '../../shared/domain/library.ts'
import { durationText } from '../../shared/domain/time.ts'
import { numberText } from '../format/numbers.ts'
import { useTexts } from '../i18n/use-texts.ts'

interface Props {
  readonly carts: readonly Cart[]
  readonly pickedId: string | null
  readonly usedToday: ReadonlySet<string>
  readonly onPick: (cart: Cart) => void
}

const rowRem = 2.75

export function CartList({ carts, pickedId, usedToday, onPick }: Props) {
  const { t, language } = useTexts()
  const scroller = useRef<HTMLDivElement>(null)
  const rowPx = rowRem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  const rows = useVirtualizer({ count: carts.length, getScrollElement: () => scroller.current, estimateSize: () => rowPx, overscan: 4 })
  const index = carts.findIndex((cart) => cart.cartId === pickedId)
  useEffect(() => {
    if (index >= 0) rows.scrollToIndex(index, { align: 'auto' })
  }, [index, rows])
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -carts.length, End: carts.length }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = carts[Math.max(0, Math.min(carts.length - 1, index + step))]
    if (next !== undefined) onPick(next)
  }
  return (
    <>
      <div className="cart-head" aria-hidden="true">
        <span>{t('library.colTitle')}</span>
        <span>{t('library.colType')}</span>
        <span>{t('library.colLength')}</span>
        <span>{t('library.colLoudness')}</span>
        <span>{t('library.colUsed')}</span>
      </div>
      <div
        ref={scroller}
        className="cart-scroll"
        role="listbox"
        tabIndex={0}
        aria-label={t('library.list')}
        aria-activedescendant={pickedId === null ? undefined : `cart-${pickedId}`}
        onKeyDown={onKeyDown}
      >
        <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
          {rows.getVirtualItems().map((row) => {
            const cart = carts[row.index]
            if (cart === undefined) return null
            return (
              <div
                key={cart.cartId}
                id={`cart-${cart.cartId}`}
                role="option"
                tabIndex={-1}
                aria-selected={cart.cartId === pickedId}
                aria-posinset={row.index + 1}
                aria-setsize={carts.length}
                className="cart-row"
                style={{ transform: `translateY(${row.start}px)`, height: row.size }}
                onPointerDown={() => onPick(cart)}
              >
                <span className="cart-title" title={cart.title}>
                  {cart.title}
                </span>
                <span className="muted">{t(`contentType.${cart.contentType}`)}</span>
                <span className="num">{durationText(cart.durationMs)}</span>
                <span className="num muted">{cart.integratedLufs === null ? '—' : numberText(cart.integratedLufs, 1, language)}</span>
                <span className="muted">{usedToday.has(cart.cartId) ? t('library.today') : ''}</span>
              </div>
            )
          })}
        </div>
      </div>
    </>
  )
}

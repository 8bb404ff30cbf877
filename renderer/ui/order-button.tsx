// A button that gives an order and shows its three states in place: label → "đã gửi" → "✓ đã nhận". The size never
// changes, so that nothing moves under the finger. A second press while the first is on its way does nothing.
import type { ReactNode } from 'react'
import { useTexts } from '../i18n/use-texts.ts'
import type { StationClient } from '../link/client.ts'
import { type Order, useOrder } from '../state/use-order.ts'

interface Props {
  /** The order in the operator's words, for the notice when it is refused. */
  readonly words: string
  readonly run: (client: StationClient) => Promise<unknown>
  readonly children: ReactNode
  readonly className?: string
  readonly disabled?: boolean
  readonly title?: string | undefined
  readonly order?: Order
  readonly pressed?: boolean
}

export function OrderButton({ words, run, children, className = '', disabled = false, title, order, pressed }: Props) {
  const { t } = useTexts()
  const own = useOrder()
  const used = order ?? own
  const { kind } = used.state
  return (
    <button
      type="button"
      className={`btn ${className}`}
      data-order={kind}
      disabled={disabled}
      title={title}
      aria-pressed={pressed}
      onClick={() => {
        if (kind !== 'sent') void used.give(words, run)
      }}
    >
      <span className="btn-label">{children}</span>
      {(kind === 'sent' || kind === 'confirmed') && (
        <span className="btn-state">{kind === 'sent' ? t('common.sent') : t('common.confirmed')}</span>
      )}
    </button>
  )
}

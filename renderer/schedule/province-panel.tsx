// Từ tỉnh: what the province sent and what became of it here. What waits for a decision comes first, with both sides beside each other;
// nothing of it goes on air from here. The age of everything is told.
import { useState } from 'react'
import { assertNever } from '../../shared/domain/assert-never.ts'
import { endOf, type IncomingView, type ProvinceBulletin, type ProvinceItem } from '../../shared/domain/province.ts'
import { type BroadcastDay, clockText, dateText, type EpochMs } from '../../shared/domain/time.ts'
import { ageText, provinceWords } from '../frame/province-lines.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { LiveText } from '../live/live-text.tsx'
import { selectProvince, useApp, useScreen } from '../state/app.ts'
import { Card } from '../ui/card.tsx'
import { OrderButton } from '../ui/order-button.tsx'
import { draftAgain } from './draft-again.ts'

const shownAtMost = 40

interface Props {
  readonly day: BroadcastDay
  /** Where a placed item goes: after the row that is selected, else at the end. */
  readonly position: number
}

export function ProvincePanel({ day, position }: Props) {
  const { clock } = useApp()
  const texts = useTexts()
  const province = useScreen(selectProvince)
  const { t } = texts
  const shown = province.incoming.slice(0, shownAtMost)
  return (
    <Card title={t('province.title')} className="province-panel">
      <p className={province.link.state === 'unreachable' || province.link.state === 'refused' ? 'flag-p2 small' : 'small muted'}>
        {provinceWords(province, texts)} <LiveText read={() => ageText(province.link.lastContactAtMs, clock.now(), texts)} />
      </p>
      {shown.length === 0 ? (
        <p className="empty">{t('province.empty')}</p>
      ) : (
        <ul className="province-items">
          {shown.map((one) => (
            <li key={one.item.itemId} data-state={one.state}>
              <Incoming one={one} day={day} position={position} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function Incoming({ one, day, position }: { readonly one: IncomingView } & Props) {
  const { t, reason } = useTexts()
  const { item } = one
  const wantsHand = one.state === 'clash' || one.state === 'conflict' || one.state === 'held' || hasNoSound(one)
  const why = one.reason === null ? '' : `: ${reason(one.reason)}`
  const about = typeof one.about['title'] === 'string' ? ` – ${one.about['title']}` : ''
  return (
    <>
      <div className="province-head">
        <b className="province-title">{item.title}</b>
        <span className="src">{t(`province.kind_${item.kind === 'bulletin' ? item.class : item.kind}`)}</span>
      </div>
      <p className={wantsHand ? 'flag-p2 small' : 'muted small'}>
        {wantsHand && '▲ '}
        {isPastEnd(one) ? t('province.pastEnd') : `${t(`province.state_${one.state}`)}${why}${about}`}
        {` · ${whenText(one.receivedAtMs)}`}
        <MediaText one={one} />
      </p>
      {item.kind !== 'bulletin' && one.state !== 'conflict' && <Plan item={item} />}
      {one.state === 'conflict' && one.taken !== null && <BothSides mine={one.taken} theirs={item} ended={isPastEnd(one)} />}
      <Actions one={one} day={day} position={position} />
    </>
  )
}

function MediaText({ one }: { readonly one: IncomingView }) {
  const { t } = useTexts()
  const wanted = one.media.reduce((sum, { ref }) => sum + ref.bytes, 0)
  const have = one.media.reduce((sum, media) => sum + media.haveBytes, 0)
  if (wanted === 0 || have >= wanted) return null
  return <>{` · ${t('province.media', { percent: Math.floor((have / wanted) * 100) })}`}</>
}

/** What it would put on air: its words, or when and what. */
function Plan({ item }: { readonly item: ProvinceItem }) {
  const { t } = useTexts()
  const words = () => {
    switch (item.kind) {
      case 'bulletin':
        return item.text
      case 'session': {
        const parts = item.parts.map((part) => part.title).join(', ')
        return t('province.sessionPlan', { start: whenText(item.startMs), n: item.parts.length, parts })
      }
      case 'relay': {
        const end = clockText((item.startMs + item.durationMs) as EpochMs).slice(0, 5)
        return t('province.relayPlan', { start: whenText(item.startMs), end, url: item.url })
      }
      default:
        return assertNever(item)
    }
  }
  return <p className="small muted province-plan">{words()}</p>
}

/** What stands here and what the province says now, side by side. */
function BothSides({ mine, theirs, ended }: { readonly mine: ProvinceItem; readonly theirs: ProvinceItem; readonly ended: boolean }) {
  const { t } = useTexts()
  const says = () => {
    if (theirs.withdrawn) return t('province.theirsWithdrawn')
    const endMs = endOf(theirs)
    return ended && endMs !== null
      ? t('province.theirsEnded', { at: whenText(endMs) })
      : t('province.theirs', { revision: theirs.revision })
  }
  return (
    <div className="both-sides">
      <section>
        <h3>{t('province.mine')}</h3>
        <p>{mine.title}</p>
        <Plan item={mine} />
      </section>
      <section>
        <h3>{says()}</h3>
        <p>{theirs.title}</p>
        {!theirs.withdrawn && !ended && <Plan item={theirs} />}
      </section>
    </div>
  )
}

function Actions({ one, day, position }: { readonly one: IncomingView } & Props) {
  const { navigation } = useApp()
  const { t } = useTexts()
  const { itemId } = one.item
  const { alertId } = one
  const theirWords = t(isPastEnd(one) ? 'province.takeOut' : 'province.takeTheirs')
  const place = (
    <OrderButton
      className="primary"
      words={t('province.place')}
      run={(client) => client.province.place({ itemId, day, position, start: { kind: 'follow' } })}
    >
      {t('province.place')}
    </OrderButton>
  )
  switch (one.state) {
    case 'offered':
      return (
        <div className="acts">
          {place}
          <Decline itemId={itemId} />
        </div>
      )
    case 'clash':
      return (
        <div className="acts">
          {place}
          <Decline itemId={itemId} />
        </div>
      )
    case 'conflict':
      return (
        <div className="acts">
          <OrderButton words={t('province.keepMine')} run={(client) => client.province.resolve({ itemId, side: 'mine' })}>
            {t('province.keepMine')}
          </OrderButton>
          <OrderButton words={theirWords} run={(client) => client.province.resolve({ itemId, side: 'theirs' })}>
            {theirWords}
          </OrderButton>
        </div>
      )
    case 'alert':
    case 'held':
      return (
        <div className="acts">
          {alertId !== null && (
            <button type="button" className="btn" onClick={() => navigation.openAlert(alertId)}>
              {t('province.openCard')}
            </button>
          )}
          {alertId === null && (
            <OrderButton words={t('province.openCard')} run={(client) => client.province.card({ itemId, source: 'speech' })}>
              {t('province.openCard')}
            </OrderButton>
          )}
          {one.media.some((media) => media.cartId !== null) && (
            <OrderButton words={t('province.useRecording')} run={(client) => client.province.card({ itemId, source: 'recording' })}>
              {t('province.useRecording')}
            </OrderButton>
          )}
        </div>
      )
    case 'waitingMedia':
    case 'mediaRefused':
      return hasNoSound(one) ? (
        <div className="acts">
          <Decline itemId={itemId} />
        </div>
      ) : null
    case 'expired':
      return one.item.kind === 'bulletin' && one.item.class === 'emergency' ? <ComposeAgain item={one.item} media={one.media} /> : null
    default:
      return null
  }
}

/** What came too late is never aired; a person may make a card of the station's own of it. */
function ComposeAgain({ item, media }: { readonly item: ProvinceBulletin; readonly media: IncomingView['media'] }) {
  const { clock, navigation } = useApp()
  const { t } = useTexts()
  if (draftAgain(item, media, clock.now()) === null) return null
  return (
    <div className="acts">
      <OrderButton
        words={t('province.composeAgain')}
        run={async (client) => {
          const draft = draftAgain(item, media, clock.now())
          if (draft !== null) navigation.openAlert((await client.alerts.compose({ draft })).alertId)
        }}
      >
        {t('province.composeAgain')}
      </OrderButton>
    </div>
  )
}

/** A refusal carries its reason to the province. */
function Decline({ itemId }: { readonly itemId: ProvinceItem['itemId'] }) {
  const { t } = useTexts()
  const [reason, setReason] = useState<string | null>(null)
  if (reason === null)
    return (
      <button type="button" className="btn quiet" onClick={() => setReason('')}>
        {t('province.decline')}
      </button>
    )
  return (
    <>
      <input
        className="field"
        aria-label={t('province.reason')}
        placeholder={t('province.reason')}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.target.value)}
      />
      <OrderButton
        words={t('province.decline')}
        disabled={reason.trim() === ''}
        run={(client) => client.province.decline({ itemId, reason: reason.trim() })}
      >
        {t('province.decline')}
      </OrderButton>
    </>
  )
}

/** An emergency that is a recording, and it is not here: it rings all the same, until somebody has it. */
function hasNoSound({ item, state }: IncomingView): boolean {
  return item.kind === 'bulletin' && item.class === 'emergency' && (state === 'waitingMedia' || state === 'mediaRefused')
}

/** What a person placed is past its date: is it to stay? */
function isPastEnd(one: IncomingView): boolean {
  return one.state === 'conflict' && one.reason === 'expiredAbove'
}

function whenText(atMs: EpochMs): string {
  return `${dateText(atMs).slice(0, 5)} ${clockText(atMs).slice(0, 5)}`
}

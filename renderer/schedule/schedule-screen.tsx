// Lịch: a day's rundown, edited by hand, by keyboard and by drag; every change can be undone, and what does not fit is drawn.
import { Popover } from '@mantine/core'
import { memo, useState } from 'react'
import type { PlannedItem, RundownItemDraft } from '../../shared/domain/schedule.ts'
import { addDays, type BroadcastDay, dateText, startOfDay } from '../../shared/domain/time.ts'
import { BalanceText } from '../desk/rundown-card.tsx'
import { weekdayOf } from '../frame/frame.tsx'
import { chordLabel } from '../keys/chord.ts'
import { isTyping, useKey } from '../keys/keyboard-context.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { selectProvince, selectSchedule, useApp, useScreen } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { Icon } from '../ui/icon.tsx'
import { useKeptFocus } from '../ui/use-kept-focus.ts'
import { ProvincePanel } from './province-panel.tsx'
import { DayTimeline } from './day-timeline.tsx'
import { RowEditor } from './row-editor.tsx'
import { isFixed, RundownTable } from './rundown-table.tsx'
import { useDay } from './use-day.ts'

export type Editing =
  | { readonly kind: 'none' }
  | { readonly kind: 'add'; readonly position: number }
  | { readonly kind: 'edit'; readonly row: PlannedItem }

export function ScheduleScreen() {
  const { notices, preferences } = useApp()
  const { t } = useTexts()
  const today = useScreen(selectSchedule).day
  const withProvince = useScreen(selectProvince).adapter !== 'none'
  const [day, setDay] = useState<BroadcastDay>(today)
  const [editing, setEditing] = useState<Editing>({ kind: 'none' })
  const [selectedId, setSelectedId] = useState<string | null>(null)
  const view = useDay(day)
  const keys = useSignal(preferences.keyMap)
  const plan = view.plan
  const items = plan?.items ?? []
  const selectedIndex = items.findIndex((row) => row.item.itemId === selectedId)

  const goTo = (next: BroadcastDay) => {
    setDay(next)
    setSelectedId(null)
    setEditing({ kind: 'none' })
  }
  const undo = () => void view.change(t('schedule.undo'), (client) => client.schedule.undo({ day }))
  const move = (row: PlannedItem, position: number) => {
    if (position < 0 || position >= items.length || position === items.indexOf(row)) return
    void view.change(t('schedule.move'), (client) => client.schedule.move({ day, itemId: row.item.itemId, position }))
  }
  const remove = (row: PlannedItem) => {
    const index = items.indexOf(row)
    setSelectedId(items[index + 1]?.item.itemId ?? items[index - 1]?.item.itemId ?? null)
    setEditing({ kind: 'none' })
    void view.change(t('schedule.remove'), (client) => client.schedule.remove({ day, itemId: row.item.itemId }))
  }
  const add = () => setEditing({ kind: 'add', position: selectedIndex < 0 ? items.length : selectedIndex + 1 })
  const save = async (draft: RundownItemDraft) => {
    const done =
      editing.kind === 'edit'
        ? await view.change(t('schedule.change'), (client) => client.schedule.update({ day, itemId: editing.row.item.itemId, draft }))
        : await view.change(t('schedule.add'), (client) =>
            client.schedule.add({ day, draft, position: editing.kind === 'add' ? editing.position : items.length }),
          )
    if (done === null) return
    if (editing.kind === 'add') setSelectedId(done.items[editing.position]?.item.itemId ?? null)
    setEditing({ kind: 'none' })
  }
  const selected = items[selectedIndex]
  useKeptFocus(
    // A row that was just added is waited for: it comes with the station's push.
    () => document.querySelector('.editable tr[aria-selected="true"]') ?? (selectedId === null ? document.getElementById('main') : null),
    `${editing.kind} ${selectedId} ${items.length}`,
  )
  useKey('undo', (stroke) => (isTyping(stroke.target) ? false : (undo(), undefined)))
  const sayFixed = ({ item }: PlannedItem) =>
    notices.post({
      tone: 'info',
      order: t('schedule.change'),
      what: t('schedule.lockedRow', { title: item.title }),
      todo: t('schedule.lockedRowTodo', { key: chordLabel(keys.screenDesk) }),
    })
  const moveBy = (step: 1 | -1) => {
    const say = (what: string, todo = '') => notices.post({ tone: 'info', order: t('schedule.move'), what, todo })
    if (selected === undefined) say(t('schedule.moveNone'), t('schedule.moveNoneTodo'))
    else if (isFixed(selected)) sayFixed(selected)
    else if (items[selectedIndex + step] === undefined) say(t('schedule.moveEnd'))
    else move(selected, selectedIndex + step)
  }
  useKey('moveUp', (stroke) => (isTyping(stroke.target) ? false : (moveBy(-1), undefined)))
  useKey('moveDown', (stroke) => (isTyping(stroke.target) ? false : (moveBy(1), undefined)))

  return (
    <main className="screen schedule" id="main" tabIndex={-1} aria-label={t('nav.schedule')}>
      <div className="screen-head">
        <DayNav day={day} today={today} onDay={goTo} />
        {plan !== null && (
          <span className="small muted">
            <BalanceText plan={plan} />
          </span>
        )}
        <span className="grow" />
        <button type="button" className="btn" disabled={plan?.canUndo !== true} onClick={undo}>
          <Icon name="undo" /> {t('schedule.undoKey', { key: chordLabel(keys.undo) })}
        </button>
        <CopyDay day={day} onCopy={(to) => void view.change(t('schedule.copyDay'), (client) => client.schedule.copyDay({ day, to }))} />
        <button type="button" className="btn primary" onClick={add}>
          <Icon name="plus" /> {t('schedule.add')}
        </button>
      </div>
      {plan !== null && <DayTimeline plan={plan} selectedId={selectedId} onSelect={setSelectedId} />}
      <div className="schedule-body" data-editing={editing.kind !== 'none'} data-province={withProvince && editing.kind === 'none'}>
        <section className="card table-card" aria-label={t('schedule.table')}>
          {plan !== null && <CarriedNote rows={plan.carried} onOpen={() => goTo(addDays(day, -1))} />}
          {view.failed ? (
            <p className="empty">
              ▲ {t('common.loadFailed')}{' '}
              <button type="button" className="btn" onClick={view.reload}>
                {t('common.tryAgain')}
              </button>
            </p>
          ) : plan === null ? (
            <p className="empty">{t('common.loading')}</p>
          ) : items.length === 0 ? (
            <EmptyDay
              onAdd={add}
              onCopy={() =>
                void view.change(t('schedule.copyDay'), (client) => client.schedule.copyDay({ day: addDays(day, -1), to: day }))
              }
            />
          ) : (
            <RundownTable
              items={items}
              selectedId={selectedId}
              onSelect={setSelectedId}
              onEdit={(row) => (isFixed(row) ? sayFixed(row) : setEditing({ kind: 'edit', row }))}
              onMove={move}
              onRemove={(row) => (isFixed(row) ? sayFixed(row) : remove(row))}
            />
          )}
        </section>
        {editing.kind !== 'none' && (
          <RowEditor
            key={editing.kind === 'edit' ? editing.row.item.itemId : `add-${editing.position}`}
            day={day}
            row={editing.kind === 'edit' ? editing.row : null}
            busy={view.order.state.kind === 'sent'}
            onSave={(draft) => void save(draft)}
            onCancel={() => setEditing({ kind: 'none' })}
          />
        )}
        {withProvince && editing.kind === 'none' && (
          <ProvincePanel day={day} position={selectedIndex < 0 ? items.length : selectedIndex + 1} />
        )}
      </div>
    </main>
  )
}

/** What of the evening before is still running is shown and changed on its own day; here it is said that it is heard first. */
function CarriedNote({ rows, onOpen }: { readonly rows: readonly PlannedItem[]; readonly onOpen: () => void }) {
  const { t } = useTexts()
  const [first] = rows
  if (first === undefined) return null
  return (
    <p className="carried-note small">
      {t('schedule.carried', { n: rows.length, title: first.item.title })}{' '}
      <button type="button" className="btn" onClick={onOpen}>
        {t('common.dayBefore')}
      </button>
    </p>
  )
}

export const DayNav = memo(function DayNav({
  day,
  today,
  byMonth = false,
  onDay,
}: {
  readonly day: BroadcastDay
  readonly today: BroadcastDay
  /** The month is shown and gone through, not the day. */
  readonly byMonth?: boolean
  readonly onDay: (day: BroadcastDay) => void
}) {
  const { t } = useTexts()
  const start = startOfDay(day)
  return (
    <div className="day-nav">
      <button
        type="button"
        className="btn quiet square"
        aria-label={t(byMonth ? 'review.monthBefore' : 'common.dayBefore')}
        onClick={() => onDay(addDays(day, -1))}
      >
        <Icon name="left" />
      </button>
      <h1>
        {byMonth ? `${t('review.month')} ${dateText(start).slice(3)}` : `${t(`common.weekday${weekdayOf(start)}`)} ${dateText(start)}`}
      </h1>
      <button
        type="button"
        className="btn quiet square"
        aria-label={t(byMonth ? 'review.monthAfter' : 'common.dayAfter')}
        onClick={() => onDay(addDays(day, 1))}
      >
        <Icon name="right" />
      </button>
      {day !== today && (
        <button type="button" className="btn" onClick={() => onDay(today)}>
          {t('common.today')}
        </button>
      )}
    </div>
  )
})

function CopyDay({ day, onCopy }: { readonly day: BroadcastDay; readonly onCopy: (to: BroadcastDay) => void }) {
  const { preferences } = useApp()
  const { t } = useTexts()
  const [open, setOpen] = useState(false)
  const [to, setTo] = useState<BroadcastDay>(addDays(day, 1))
  const key = chordLabel(useSignal(preferences.keyMap).copyDay)
  const show = () => {
    setTo(addDays(day, 1))
    setOpen(true)
  }
  useKey('copyDay', () => (show(), undefined))
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" withArrow shadow="md" withinPortal>
      <Popover.Target>
        <button type="button" className="btn" onClick={show}>
          <Icon name="copy" /> {t('schedule.copyDayKey', { key })}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="copy-day">
        <label className="field-label" htmlFor="copy-to">
          {t('schedule.copyTo')}
        </label>
        <input
          id="copy-to"
          className="field"
          type="date"
          value={to}
          onChange={(event) => event.target.value !== '' && setTo(event.target.value as BroadcastDay)}
        />
        <p className="small muted">{t('schedule.copyHint')}</p>
        <button
          type="button"
          className="btn primary"
          disabled={to === day}
          onClick={() => {
            onCopy(to)
            setOpen(false)
          }}
        >
          {t('schedule.copyDay')}
        </button>
      </Popover.Dropdown>
    </Popover>
  )
}

function EmptyDay({ onAdd, onCopy }: { readonly onAdd: () => void; readonly onCopy: () => void }) {
  const { t } = useTexts()
  return (
    <div className="empty">
      <p>{t('schedule.emptyDay')}</p>
      <div className="acts">
        <button type="button" className="btn primary" onClick={onAdd}>
          {t('schedule.add')}
        </button>
        <button type="button" className="btn" onClick={onCopy}>
          {t('schedule.copyFromBefore')}
        </button>
      </div>
    </div>
  )
}

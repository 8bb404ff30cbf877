// The rows of a day: selected with the arrows, moved with Alt+arrows, with two buttons, or dragged by the grip; Delete takes
// one out (undo brings it back), Enter opens it.
import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { PlannedItem } from '../../shared/domain/schedule.ts'
import { clockText, durationText } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { Icon } from '../ui/icon.tsx'
import { ItemStateText, SourceTag } from './item-state.tsx'
import { useRowDrag } from './use-row-drag.ts'

interface Props {
  readonly items: readonly PlannedItem[]
  readonly selectedId: string | null
  readonly onSelect: (itemId: string) => void
  readonly onEdit: (row: PlannedItem) => void
  readonly onMove: (row: PlannedItem, position: number) => void
  readonly onRemove: (row: PlannedItem) => void
}

const fixed = new Set(['onAir', 'held', 'interrupted', 'aired', 'cutShort', 'skipped', 'missed'])

/** Whether a row is on air or over: what happened is not rewritten. */
export function isFixed(row: PlannedItem): boolean {
  return fixed.has(row.state)
}

export function RundownTable({ items, selectedId, onSelect, onEdit, onMove, onRemove }: Props) {
  const { t } = useTexts()
  const body = useRef<HTMLTableSectionElement>(null)
  const drag = useRowDrag(body, (from, to) => {
    const row = items[from]
    if (row !== undefined) onMove(row, to)
  })
  const index = items.findIndex((row) => row.item.itemId === selectedId)
  const onAirIndex = items.findIndex((row) => row.state === 'onAir')
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolled once, when the day is opened
  useEffect(() => {
    body.current?.querySelectorAll('tr[data-index]')[Math.max(0, onAirIndex - 3)]?.scrollIntoView({ block: 'start' })
  }, [])
  useEffect(() => {
    body.current?.querySelector<HTMLElement>('tr[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [])

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.altKey || event.ctrlKey || event.nativeEvent.isComposing) return
    const row = items[index]
    const pick = (next: PlannedItem | undefined) => {
      if (next === undefined) return
      onSelect(next.item.itemId)
      body.current?.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(next.item.itemId)}"]`)?.focus()
    }
    if (event.key === 'ArrowDown') pick(items[Math.min(items.length - 1, index + 1)])
    else if (event.key === 'ArrowUp') pick(items[Math.max(0, index - 1)])
    else if (event.key === 'Home') pick(items[0])
    else if (event.key === 'End') pick(items.at(-1))
    else if (event.key === 'Enter' && row !== undefined && event.target instanceof HTMLTableRowElement) onEdit(row)
    else if (event.key === 'Delete' && row !== undefined) onRemove(row)
    else return
    event.preventDefault()
  }

  return (
    <div className="table-scroll">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows are chosen and moved is a grid (ARIA APG) */}
      <table className="rows editable" role="grid" aria-label={t('schedule.table')} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t('schedule.grip')}</span>
            </th>
            <th scope="col">{t('schedule.colStart')}</th>
            <th scope="col">{t('schedule.colTitle')}</th>
            <th scope="col">{t('schedule.colSource')}</th>
            <th scope="col">{t('schedule.colLength')}</th>
            <th scope="col">{t('schedule.colState')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('common.edit')}</span>
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {items.map((row, at) => (
            <Row
              key={row.item.itemId}
              row={row}
              index={at}
              selected={row.item.itemId === selectedId}
              focusable={row.item.itemId === selectedId || (index < 0 && at === 0)}
              last={at === items.length - 1}
              dragging={drag.from === at}
              dropHere={drag.over === at && drag.from !== null ? (drag.over > drag.from ? 'after' : 'before') : null}
              onGrip={(event) => drag.start(event, at)}
              onSelect={() => onSelect(row.item.itemId)}
              onEdit={() => onEdit(row)}
              onMove={(by) => onMove(row, at + by)}
              onRemove={() => onRemove(row)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps {
  readonly row: PlannedItem
  readonly index: number
  readonly selected: boolean
  readonly focusable: boolean
  readonly last: boolean
  readonly dragging: boolean
  readonly dropHere: 'before' | 'after' | null
  readonly onGrip: (event: React.PointerEvent<HTMLElement>) => void
  readonly onSelect: () => void
  readonly onEdit: () => void
  readonly onMove: (by: number) => void
  readonly onRemove: () => void
}

function Row({ row, index, selected, focusable, last, dragging, dropHere, onGrip, onSelect, onEdit, onMove, onRemove }: RowProps) {
  const { t } = useTexts()
  const locked = isFixed(row)
  const past = locked && row.state !== 'onAir' && row.state !== 'held' && row.state !== 'interrupted'
  const { item } = row
  return (
    <>
      {row.gapBeforeMs >= 1000 && (
        <tr className="gap">
          <td />
          <td className="num">{clockText((row.startMs - row.gapBeforeMs) as typeof row.startMs)}</td>
          <td colSpan={5}>{t(row.gapFilled ? 'schedule.gapFilled' : 'schedule.gap', { time: durationText(row.gapBeforeMs) })}</td>
        </tr>
      )}
      <tr
        data-index={index}
        data-id={item.itemId}
        data-state={row.state}
        data-drop={dropHere ?? undefined}
        data-dragging={dragging || undefined}
        className={past ? 'past' : ''}
        aria-selected={selected}
        tabIndex={focusable ? 0 : -1}
        onFocus={(event) => event.target === event.currentTarget && onSelect()}
        onPointerDown={onSelect}
        onDoubleClick={onEdit}
      >
        <td className="grip-cell">
          {!locked && (
            <span className="grip" onPointerDown={onGrip} title={t('schedule.grip')}>
              <Icon name="grip" />
            </span>
          )}
        </td>
        <td className="num">
          {clockText(row.actualStartMs ?? row.startMs)}
          <span className="start-kind" title={t(`schedule.${item.start.kind}`)}>
            {item.start.kind === 'hard' ? '⚓' : item.start.kind === 'soft' ? '≥' : ''}
          </span>
        </td>
        <td className="title">{item.title}</td>
        <td>
          <SourceTag row={row} />
        </td>
        <td className="num">{durationText(item.durationMs)}</td>
        <td className="state">
          <div className="state-words">
            <ItemStateText row={row} />
          </div>
        </td>
        <td className="row-acts">
          {selected && !locked && (
            <span>
              <RowButton icon="up" label={t('schedule.moveUp')} disabled={index === 0} onClick={() => onMove(-1)} />
              <RowButton icon="down" label={t('schedule.moveDown')} disabled={last} onClick={() => onMove(1)} />
              <RowButton icon="edit" label={t('common.edit')} onClick={onEdit} />
              <RowButton icon="trash" label={t('common.remove')} onClick={onRemove} />
            </span>
          )}
        </td>
      </tr>
    </>
  )
}

function RowButton({
  icon,
  label,
  disabled = false,
  onClick,
}: {
  readonly icon: 'up' | 'down' | 'edit' | 'trash'
  readonly label: string
  readonly disabled?: boolean
  readonly onClick: () => void
}) {
  return (
    <button
      type="button"
      className="btn quiet square"
      aria-label={label}
      title={label}
      disabled={disabled}
      onPointerDown={(event) => event.stopPropagation()}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  )
}

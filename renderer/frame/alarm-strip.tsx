// The newest fault that nobody has acknowledged, in words with what to do; "+N" opens the rest. Announced to screen readers;
// priority 1 flashes at most twice a second until it is acknowledged.
import { Popover } from '@mantine/core'
import type { AlarmView } from '../../shared/domain/onair.ts'
import { clockText } from '../../shared/domain/time.ts'
import { chordLabel } from '../keys/chord.ts'
import { useKey } from '../keys/keyboard-context.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { selectAlarms, useApp, useScreen } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { OrderButton } from '../ui/order-button.tsx'
import { useOrder } from '../state/use-order.ts'

const marks = { 1: '◆', 2: '▲', 3: '●' } as const

/** Unacknowledged first, then by priority, then newest. */
export function sortAlarms(alarms: readonly AlarmView[]): readonly AlarmView[] {
  const seen = (alarm: AlarmView) => (alarm.acknowledgedAtMs === null ? 0 : 1)
  return [...alarms].sort((a, b) => seen(a) - seen(b) || a.priority - b.priority || b.raisedAtMs - a.raisedAtMs)
}

/** The words of an alarm, with the names of devices, outputs and inputs in place of their ids. */
function useAlarmWords() {
  const { alarm: words, reason } = useTexts()
  const { store } = useApp()
  const inputs = useScreen((screen) => screen.station.inputs)
  const outputs = useScreen((screen) => screen.station.outputs)
  return (alarm: AlarmView) => {
    const { deviceId, outputId, input, reason: why } = alarm.params
    // Read, not subscribed to: names of devices do not change while alarms stand.
    const device = store.get().screen?.devices.find((each) => each.deviceId === deviceId)?.label
    const output = outputs.find((each) => each.outputId === outputId)?.name
    const line = inputs.find((each) => each.inputId === input)?.label
    return words({
      code: alarm.code,
      params: {
        device: deviceId ?? '',
        output: outputId ?? '',
        ...alarm.params,
        ...(device === undefined ? {} : { device }),
        ...(output === undefined ? {} : { output }),
        ...(line === undefined ? {} : { input: line }),
        ...(typeof why === 'string' ? { reason: reason(why) } : {}),
      },
    })
  }
}

export function AlarmStrip() {
  const { notices, preferences } = useApp()
  const { t } = useTexts()
  const words = useAlarmWords()
  const order = useOrder()
  const alarms = sortAlarms(useScreen(selectAlarms))
  const key = chordLabel(useSignal(preferences.keyMap).acknowledge)
  const first = alarms[0]
  const newest = alarms.filter((alarm) => alarm.acknowledgedAtMs === null).sort((a, b) => b.raisedAtMs - a.raisedAtMs)[0]
  const acknowledge = (alarm: AlarmView | undefined) => {
    if (alarm === undefined) return
    void order.give(t('frame.alarmOrder'), (client) => client.alarms.acknowledge({ alarmId: alarm.alarmId }))
  }
  useKey('acknowledge', () => {
    if (newest === undefined) notices.post({ tone: 'info', order: t('frame.alarmOrder'), what: t('frame.alarmNone'), todo: '' })
    else acknowledge(newest)
    return undefined
  })
  return (
    <div aria-live="assertive" role="alert" className="alarm-holder">
      {first !== undefined && (
        <div className={`ribbon alarm p${first.priority}`} data-acknowledged={first.acknowledgedAtMs !== null} data-testid="alarm">
          <span className="alarm-mark" aria-hidden="true">
            {marks[first.priority]}
          </span>
          <b className="alarm-what">{words(first).what}</b>
          <span className="grow" />
          <span className="alarm-todo">{words(first).todo}</span>
          {alarms.length > 1 && <MoreAlarms alarms={alarms} />}
          {first.acknowledgedAtMs === null ? (
            <button type="button" className="btn small-target" data-order={order.state.kind} onClick={() => acknowledge(first)}>
              {order.state.kind === 'sent' ? t('common.sent') : t('frame.alarmAck', { key })}
            </button>
          ) : (
            <span className="ribbon-small">{t('frame.alarmAcked', { time: clockText(first.acknowledgedAtMs) })}</span>
          )}
        </div>
      )}
    </div>
  )
}

function MoreAlarms({ alarms }: { readonly alarms: readonly AlarmView[] }) {
  const { t } = useTexts()
  const words = useAlarmWords()
  return (
    <Popover position="bottom-end" shadow="md" width="40rem" withinPortal>
      <Popover.Target>
        <button type="button" className="btn small-target">
          {t('frame.alarmMore', { count: alarms.length - 1 })}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="alarm-list">
        <b>{t('frame.alarmList')}</b>
        <ul>
          {alarms.map((alarm) => (
            <li key={alarm.alarmId}>
              <span className={`alarm-tag p${alarm.priority}`}>
                {marks[alarm.priority]} {t(`frame.alarmPriority${alarm.priority}`)}
              </span>
              <div>
                <b>{words(alarm).what}</b>
                <div className="muted">{words(alarm).todo}</div>
              </div>
              <span className="num muted">{clockText(alarm.raisedAtMs)}</span>
              {alarm.acknowledgedAtMs === null && (
                <OrderButton words={t('frame.alarmOrder')} run={(client) => client.alarms.acknowledge({ alarmId: alarm.alarmId })}>
                  ✓
                </OrderButton>
              )}
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  )
}

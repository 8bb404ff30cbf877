// Every state × event pair of an alert, and what it is after a restart.
import { expect, test } from 'vitest'
import { AlertState } from '../../../shared/domain/alert.ts'
import { type AlertEvent, alertTransition, stateAfterRestart } from '../../../station/alerts/alert-machine.ts'

/** In the order of the columns below. */
const events = [
  'compose',
  'rendered',
  'failed',
  'arm',
  'disarm',
  'fired',
  'ended',
  'cutOff',
  'cancel',
] as const satisfies readonly AlertEvent[]
const [notReady, notArmed, airing, holds] = ['!ALERT_NOT_READY', '!ALERT_NOT_ARMED', '!ALERT_ALREADY_AIRING', '!ALERT_HOLDS_AIR']

/** A dot: it stays what it is. */
const table: Record<AlertState, readonly (string | undefined)[]> = {
  draft: ['rendering', '.', '.', notReady, notArmed, notArmed, '.', '.', 'cancelled'],
  rendering: ['.', 'ready', 'failed', notReady, notArmed, notArmed, '.', '.', 'cancelled'],
  ready: ['rendering', '.', '.', 'armed', notArmed, notArmed, '.', '.', 'cancelled'],
  failed: ['rendering', '.', '.', notReady, notArmed, notArmed, '.', '.', 'cancelled'],
  armed: ['rendering', '.', '.', '.', 'ready', 'airing', '.', '.', 'cancelled'],
  airing: [holds, '.', '.', airing, notArmed, airing, 'aired', 'ready', holds],
  aired: ['rendering', '.', '.', 'armed', notArmed, notArmed, '.', '.', 'cancelled'],
  cancelled: ['rendering', '.', '.', notReady, notArmed, notArmed, '.', '.', '.'],
}

test.each(AlertState.options)('%s × every event', (state) => {
  const found = events.map((event) => {
    const result = alertTransition(state, event)
    if ('refused' in result) return `!${result.refused}`
    return result.state === state ? '.' : result.state
  })
  expect(found).toEqual(table[state])
})

test('after a restart nothing is armed, what is on air is airing, and what was being rendered is not there', () => {
  for (const stored of AlertState.options) {
    expect(stateAfterRestart(stored, true), stored).toBe('airing')
    expect(stateAfterRestart(stored, false), stored).not.toBe('airing')
    expect(stateAfterRestart(stored, false), stored).not.toBe('armed')
  }
  expect(stateAfterRestart('rendering', false)).toBe('failed')
  expect(stateAfterRestart('aired', false)).toBe('aired')
})

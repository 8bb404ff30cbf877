// What the keys of a panel order. A refused order is a row and a lamp, never a crash.
import { OperatorError } from '../../shared/domain/errors.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import { assertNever } from '../../shared/domain/assert-never.ts'
import type { SurfaceAction } from '../../shared/domain/surface-actions.ts'
import type { AlertsService } from '../alerts/index.ts'
import type { LogPort, OnAirService } from '../onair/index.ts'

interface Services {
  readonly onair: OnAirService
  readonly alerts: AlertsService
  readonly outputIds: readonly OutputId[]
  readonly log: LogPort
}

/** A key is pressed by a hand: who signed in at a window says nothing about whose. */
const panel = 'surface'

export function panelActions(services: () => Services) {
  const act = (action: SurfaceAction, heldMs: number): void => {
    const { onair, alerts, outputIds } = services()
    switch (action) {
      case 'fire': {
        const armed = alerts.armed()
        if (!armed) throw new OperatorError('ALERT_NOT_ARMED')
        alerts.fire({ alertId: armed.alertId, via: 'surface', heldMs, actor: panel })
        return
      }
      case 'stop':
        return onair.stop(outputIds, 'surface', panel)
      case 'microphone':
        return toggleMicrophone(onair, outputIds)
      case 'preview': {
        const next = alerts.armed() ?? alerts.list().find((alert) => alert.state === 'ready')
        if (next) void alerts.preview(next.alertId, 0, panel).catch((error: unknown) => refused('preview', error))
        return
      }
      case 'resume':
        for (const view of onair.views()) if (view.phase === 'awaitingResume') onair.resume(view.outputId, { kind: 'exact' }, panel)
        return
      case 'next':
        for (const view of onair.views()) if (view.phase === 'programme') onair.next(view.outputId, view.now?.itemId ?? null, panel)
        return
      case 'hotKey1':
      case 'hotKey2':
      case 'hotKey3':
      case 'hotKey4':
      case 'hotKey5':
      case 'hotKey6':
      case 'hotKey7':
      case 'hotKey8':
        return onair.playHotKey(Number(action.slice(-1)), outputIds, 'surface', panel)
      default:
        return assertNever(action)
    }
  }
  const refused = (action: SurfaceAction, error: unknown) => {
    services().log.note({
      kind: 'operator.command',
      actor: panel,
      outputId: null,
      subject: `${action} refused`,
      measured: { error: String(error) },
    })
  }
  return {
    onAction(action: SurfaceAction, heldMs: number) {
      try {
        act(action, heldMs)
      } catch (error) {
        if (!(error instanceof OperatorError)) throw error
        refused(action, error)
      }
    },
    onReleasedEarly(action: SurfaceAction, afterMs: number) {
      services().log.note({
        kind: 'operator.command',
        actor: panel,
        outputId: null,
        subject: `${action} released early`,
        measured: { afterMs: Math.round(afterMs) },
      })
    },
  }
}

/** One key opens the first microphone and closes it again. */
function toggleMicrophone(onair: OnAirService, outputIds: readonly OutputId[]): void {
  const open = onair.views().flatMap((view) => view.openInputs)
  const [first] = open
  if (first) return onair.closeInput(first, outputIds, panel)
  const inputId = onair.firstMicrophone()
  if (!inputId) throw new OperatorError('INPUT_NOT_CONFIGURED')
  onair.openInput({ inputId, outputIds, mode: 'replace', emergency: false, via: 'surface', actor: panel })
}

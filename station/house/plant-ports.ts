// What the plant tells the rest of the station: rows, alarms, keys pressed, carriers that changed.
import type { DeviceConfig, StationConfig } from '../../shared/config.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import type { AlarmsService } from '../health/index.ts'
import type { LogPort, OnAirService } from '../onair/index.ts'
import type { KeyPanels, PlantPorts } from '../plant/index.ts'
import type { ScreenHub } from '../screen/index.ts'
import type { DeskKeeper } from './desk-keeper.ts'
import { alarmByStatus } from './watch.ts'

interface PlantParts {
  readonly clock: Clock
  readonly config: StationConfig
  readonly outputIds: readonly OutputId[]
  readonly createDriver: PlantPorts['createDriver']
  readonly alarms: AlarmsService
  readonly rows: LogPort
  readonly keyPanels: KeyPanels
  readonly deskKeeper: DeskKeeper
  onair(): OnAirService
  changed(...slices: Parameters<ScreenHub['changed']>): void
}

/** What a row says of an order. One whose effect was not seen must not read as confirmed. */
const outcomes = {
  confirmed: { confirmed: true },
  superseded: { confirmed: false, superseded: true },
  failed: { failed: true },
}

/** The relays' own word for a refresh of what is on already. */
const leaseRenewed = 'lease renewed'

export function plantPorts({
  clock,
  config,
  outputIds,
  createDriver,
  alarms,
  rows,
  keyPanels,
  deskKeeper,
  onair,
  changed,
}: PlantParts): PlantPorts {
  return {
    clock,
    outputIds,
    createDriver,
    audioProof: (outputId) => onair().proof(outputId),
    bypassOf: (outputId) => config.outputs.find((output) => output.id === outputId)?.bypass ?? null,
    onChanged: () => changed('devices', 'onair'),
    onCarriers: (outputId) => onair().carriersChanged(outputId),
    onOrder: (deviceId, phase, order, fields) => {
      if (phase === 'sent') return
      // Renewals every 5 s are no decisions; a failed one is told all the same.
      if (phase !== 'failed' && order.reason === leaseRenewed) return
      rows.note({
        kind: 'device.order',
        actor: order.causeId,
        outputId: null,
        subject: deviceId,
        sent: { reason: order.reason, atMs: order.sentAtMs },
        measured: { ...outcomes[phase], ...fields },
      })
    },
    onCorrected: (deviceId, orders, read) => {
      const forced = orders.filter((one) => one.reason !== leaseRenewed)
      if (forced.length === 0) return
      rows.note({
        kind: 'device.order',
        actor: forced[0]?.causeId ?? 'station',
        outputId: null,
        subject: deviceId,
        sent: { reason: [...new Set(forced.map((one) => one.reason))].join(' · ') },
        measured: { corrected: true, ...read },
      })
    },
    onHand: (deviceId, command, fields, actor) =>
      rows.note({ kind: 'operator.command', actor, outputId: null, subject: command, sent: { device: deviceId, ...fields } }),
    onStatus: (deviceId, label, status) => {
      alarmByStatus(alarms, deviceId, label, status)
      if (status.state !== 'online') keyPanels.lost(deviceId)
      rows.note({ kind: 'device.status', actor: deviceId, outputId: null, subject: label, measured: { ...status } })
    },
    onLapsed: (outputId) => {
      alarms.raise('LEASE_LAPSED', outputId, { output: config.outputs.find((output) => output.id === outputId)?.name ?? outputId })
      rows.note({ kind: 'device.lease', actor: 'station', outputId, subject: 'lease lapsed', measured: { lapsed: true } })
    },
    onLapseOver: (outputId) => alarms.clear('LEASE_LAPSED', outputId),
    onSoundsAgain: (outputId) =>
      rows.note({ kind: 'device.lease', actor: 'station', outputId, subject: 'sounds again', measured: { lapsed: false } }),
    onTestOver: (deviceId) =>
      rows.note({ kind: 'device.lease', actor: 'station', outputId: null, subject: 'test over', sent: { device: deviceId } }),
    onSurface: (deviceId, actions, event) => keyPanels.event(deviceId, actions, event),
    onDeskMoved: (deviceId, event) =>
      rows.note({ kind: 'device.status', actor: 'hand', outputId: null, subject: deviceId, measured: { ...event } }),
    onDeskHeld: (held) => deskKeeper.keep(held),
  }
}

/** A station without a configured desk has the soft one. */
export function withSoftDesk(devices: readonly DeviceConfig[]): readonly DeviceConfig[] {
  if (devices.some((device) => device.driver.startsWith('behringer') || device.driver === 'soft-desk')) return devices
  return [
    ...devices,
    { id: 'soft-desk' as DeviceConfig['id'], driver: 'soft-desk', transport: 'soft:', outputs: [], simulated: false, options: {} },
  ]
}

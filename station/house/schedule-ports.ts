// What the rundown needs and tells: recordings and their proof, what is on air, the queue of the audio process, rows and alarms.
import type { StationConfig } from '../../shared/config.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import type { AlarmsService } from '../health/index.ts'
import type { CartCatalog, Library } from '../library/index.ts'
import type { AudioPort, LogPort, OnAirService } from '../onair/index.ts'
import type { SchedulePorts } from '../schedule/index.ts'
import type { ScreenHub } from '../screen/index.ts'
import type { Store } from '../store/index.ts'
import type { StationLog } from './options.ts'
import { fills } from './recordings.ts'
import type { Standby } from './standby.ts'

interface ScheduleParts {
  readonly clock: Clock
  readonly config: StationConfig
  readonly rundown: Store['rundown']
  readonly catalog: CartCatalog
  readonly library: Library
  readonly standby: Pick<Standby, 'mayPlay'>
  readonly alarms: AlarmsService
  readonly rows: LogPort
  readonly log: StationLog
  readonly send: AudioPort['send']
  onair(): OnAirService
  clockTrusted(): boolean
  changed(...slices: Parameters<ScreenHub['changed']>): void
}

export function schedulePorts(parts: ScheduleParts): SchedulePorts {
  const { clock, config, catalog, library, standby, alarms, rows, log, send, onair, changed } = parts
  return {
    clock,
    config,
    rundown: parts.rundown,
    playable: (cartId) => catalog.playable(cartId),
    fillCartId: () => fills(config, catalog).find((cartId) => standby.mayPlay(cartId)) ?? null,
    prove: async (cartId) => {
      const cart = catalog.get(cartId)
      if (!cart) return { playable: false, reason: 'missing' }
      const proof = await library.prove(cart)
      return proof.ok ? { playable: true, reason: null } : { playable: false, reason: proof.reason }
    },
    outputNow: (outputId) => {
      const runtime = onair().runtime(outputId)
      const on = runtime.audio?.item ?? null
      const live = on === null ? null : on.state === 'playing' ? 'onAir' : on.state
      return {
        itemId: on?.item.itemId ?? null,
        busyUntilMs: on === null ? null : (runtime.expectedEnd(clock.now()) ?? Number.POSITIVE_INFINITY),
        live,
        held: on?.state === 'held',
        free: on === null && runtime.state.kind === 'silent' && runtime.health === 'running' && runtime.audio?.device != null,
      }
    },
    clockTrusted: parts.clockTrusted,
    setQueue: (outputId, revision, items) => {
      for (const item of items) onair().runtime(outputId).remember(item.itemId, item.title)
      send({ kind: 'setQueue', outputId, revision, items }).catch((error: unknown) =>
        log.warn({ error: String(error), outputId }, 'queue not taken'),
      )
    },
    playNow: (outputId, item, held) => {
      onair().runtime(outputId).remember(item.itemId, item.title)
      const restore = { frame: item.startFrame, startedAtMs: null, policy: item.resume, held: true }
      send({ kind: 'playNow', outputId, item, fadeMs: 0, ...(held ? { restore } : {}) }).catch((error: unknown) =>
        log.warn({ error: String(error), outputId }, 'item not taken'),
      )
    },
    expectStart: (outputId, causeId) => onair().expectStart(outputId, causeId),
    onUnplayable: (row, reason) => {
      alarms.set(reason === 'changed', 'MEDIA_CHANGED', row.item.itemId, { title: row.item.title })
      alarms.raise('NEXT_UNPLAYABLE', row.item.itemId, { title: row.item.title, reason, at: row.startMs })
      rows.note({
        kind: 'item.skipped',
        actor: 'preflight',
        outputId: null,
        subject: row.item.title,
        planned: { startMs: row.startMs, itemId: row.item.itemId },
        measured: { reason },
      })
    },
    onSettled: (itemId) => {
      alarms.clear('NEXT_UNPLAYABLE', itemId)
      alarms.clear('MEDIA_CHANGED', itemId)
    },
    onEdited: (day, what, subject, actor) =>
      rows.note({ kind: 'schedule.changed', actor, outputId: null, subject: what, planned: { day, subject } }),
    onMissed: (row) =>
      rows.note({
        kind: 'item.missed',
        actor: 'rundown',
        outputId: null,
        subject: row.item.title,
        planned: { startMs: row.startMs, itemId: row.item.itemId },
      }),
    onChanged: () => changed('schedule', 'onair'),
  }
}

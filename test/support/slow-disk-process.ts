// Drives the logbook service over the real store while every fsync takes seconds (S8; strace delays them from outside), and
// measures what the main thread and the actions felt. Prints one JSON object.
// usage: node slow-disk-process.ts DATABASE   (an existing one, closed properly, so that opening it needs no fsync)
import { writeSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { systemClock } from '../../shared/domain/clock.ts'
import { LogbookService, type Opening } from '../../station/logbook/index.ts'
import { openStore, type StoreHealth } from '../../station/store/index.ts'

const path = process.argv[2] ?? ''
const health: StoreHealth['state'][] = []
const store = await openStore({ path, bootId: 'slow', clock: systemClock, onHealth: (now) => health.push(now.state) })
const troubles: string[] = []
const logbook = new LogbookService({
  store: store.logbook,
  bootId: 'slow',
  clock: systemClock,
  onTrouble: (error) => troubles.push(String(error)),
})
await store.logbook.head()

const loop = monitorEventLoopDelay({ resolution: 1 })
loop.enable()
const askedAt = performance.now()
const elapsed = async (done: Promise<unknown>) => {
  await done
  return performance.now() - askedAt
}
const cutIn = logbook.open(opening('cut-in', 'cutin', 'together'))
const item = logbook.open(opening('item', 'item.aired', 'rowFirst'))
const [cutInReadyMs, itemReadyMs, readMs] = await Promise.all([elapsed(cutIn.ready), elapsed(item.ready), elapsed(store.logbook.head())])
const stop = logbook.open(opening('stop', 'stop', 'together'))
const [cutInRowMs, itemRowMs] = await Promise.all([elapsed(cutIn.row), elapsed(item.row), elapsed(stop.row)])
loop.disable()
await store.close(30_000)

const result = { cutInReadyMs, itemReadyMs, readMs, cutInRowMs, itemRowMs, longestBlockMs: loop.max / 1e6, health, troubles }
writeSync(1, `${JSON.stringify(result)}\n`)

function opening(actionId: string, kind: Opening['kind'], order: Opening['order']): Opening {
  return { actionId, kind, order, actor: 'Trực ban', outputId: 'main', subject: actionId }
}

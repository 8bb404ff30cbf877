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
const cutIn = logbook.open(opening('cut-in', 'cutin'))
const item = logbook.open(opening('item', 'item.aired'))
const orderedMs = performance.now() - askedAt
const readMs = await elapsed(store.logbook.head())
const stop = logbook.open(opening('stop', 'stop'))
const [cutInRowMs, itemRowMs] = await Promise.all([elapsed(cutIn), elapsed(item), elapsed(stop)])
loop.disable()
await store.close(30_000)

const result = { orderedMs, readMs, cutInRowMs, itemRowMs, longestBlockMs: loop.max / 1e6, health, troubles }
writeSync(1, `${JSON.stringify(result)}\n`)

function opening(actionId: string, kind: Opening['kind']): Opening {
  return { actionId, kind, actor: 'Trực ban', outputId: 'main', subject: actionId }
}

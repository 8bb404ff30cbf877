// A process that does nothing but write logbook rows through the real store until it is killed (S1, S2), or a given number.
// Each acknowledged row is told at once, synchronously, as `ack SEQ HASH SUBJECT` on the descriptor given: what was told was promised.
// usage: node store-writer-process.ts DATABASE ROWS|forever [ACKS-FILE] [reading]; with 0 rows it closes properly, else it ends by its own SIGKILL.
import { openSync, writeSync } from 'node:fs'
import { systemClock } from '../../shared/domain/clock.ts'
import type { LogEntry } from '../../shared/domain/logbook.ts'
import { openStore } from '../../station/store/index.ts'

const [path = '', rows = 'forever', acksFile, reading] = process.argv.slice(2)
const acks = acksFile === undefined ? 1 : openSync(acksFile, 'a')
const limit = rows === 'forever' ? Number.POSITIVE_INFINITY : Number(rows)
/** Appends under way at a time: some commits hold one row, some several. */
const writers = 3

const bootId = `boot-${process.pid}`
const store = await openStore({ path, bootId, clock: systemClock, onHealth: (health) => tell(`health ${JSON.stringify(health)}`) })
tell(`open ${store.anchor.state}`)

// With a reader attached, closing the writer's connection leaves the WAL where it is: another way through a recovery.
if (reading === 'reading') await store.logbook.head().catch((error: unknown) => tell(`no reader ${String(error)}`))

let next = 0
await Promise.all(Array.from({ length: writers }, writeOn))
if (limit === 0) {
  await store.close()
  process.exit()
}
// Dies as by a power cut: nothing is closed, nothing is checkpointed.
process.kill(process.pid, 'SIGKILL')

/** Line by line and whole; a full pipe (a busy supervisor) is waited for. */
function tell(line: string): void {
  const bytes = Buffer.from(`${line}\n`)
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(acks, bytes, done)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

async function writeOn(): Promise<void> {
  while (next < limit) {
    const number = next++
    const row = await store.logbook.append(entry(number))
    tell(`ack ${row.seq} ${row.hash} ${row.subject}`)
  }
}

function entry(number: number): LogEntry {
  const actionId = `${bootId}-${number >> 1}`
  return {
    kind: 'item.aired',
    phase: number % 2 === 0 ? 'open' : 'close',
    actionId,
    atMs: systemClock.now(),
    monotonicMs: systemClock.monotonic(),
    actor: 'station',
    outputId: 'main',
    subject: `${bootId}-${number}`,
    planned: { title: 'Bản tin sáng', number },
    sent: null,
    measured: number % 2 === 0 ? null : { peakDbfs: -3.2, note: 'x'.repeat(number % 700) },
    late: false,
  }
}

// Keeps one WebSocket to the station alive: subscribes, follows, and when the line breaks, a number is missing or the
// station stops answering, starts again by itself. Orders given meanwhile fail at once; they are never queued, because an
// order that arrives late is a different order.
import type { ScreenMessage } from '../../shared/domain/station.ts'
import type { StationStore } from '../state/station-store.ts'
import { clientOver, type StationClient } from './client.ts'
import type { Intake } from './intake.ts'
import type { MeterBus } from './meter-bus.ts'
import { sessionState } from './session.ts'

/** The station is asked this often whether it is there; the answer is one sign of life among others. */
export const heartbeatMs = 2_000
/** Not a sign of life for this long, neither an answer nor a message nor a meter frame: the line counts as lost. */
export const silentMs = 3_000
const retryMs = [250, 500, 1_000, 2_000] as const

export interface Connection {
  /** The client of the open line, null while there is none. */
  client(): StationClient | null
  /** Tries now (after signing in). */
  retry(): void
  close(): void
}

/** One line's life: whether it is over, and when the station was last heard on it. */
interface Line {
  over: boolean
  heardAtMs: number
}

interface Parts {
  readonly url: string
  readonly store: StationStore
  readonly intake: Intake
  readonly meters: MeterBus
  readonly onMessage: (message: ScreenMessage) => void
  readonly now: () => number
}

export function openConnection({ url, store, intake, meters, onMessage, now }: Parts): Connection {
  let closed = false
  let attempt = 0
  let client: StationClient | null = null
  let socket: WebSocket | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let line: Line = { over: true, heardAtMs: 0 }

  const connect = () => {
    if (closed) return
    clearTimeout(timer)
    const mine = { over: false, heardAtMs: now() }
    line = mine
    const opened = new WebSocket(url)
    socket = opened
    const lost = () => {
      if (mine.over) return
      // The socket's own end closes every call on it; an abort sent into a dead socket would only throw.
      mine.over = true
      opened.close()
      client = null
      void scheduleRetry()
    }
    // A hung station may accept the connection and never answer it.
    const opening = setTimeout(lost, silentMs)
    opened.addEventListener('close', lost)
    opened.addEventListener('error', lost)
    opened.addEventListener('open', () => {
      clearTimeout(opening)
      client = clientOver(opened)
      void follow(client, mine).then(lost, lost)
      void followMeters(client, mine)
      void heartbeat(client, mine).then(lost, lost)
    })
  }

  const scheduleRetry = async () => {
    if (closed) return
    intake.flush()
    const link = store.get().link
    store.setLink({ kind: 'lost', sinceMs: link.kind === 'lost' ? link.sinceMs : now(), attempt })
    meters.clear()
    const wait = retryMs[Math.min(attempt, retryMs.length - 1)] ?? 2_000
    attempt += 1
    if (attempt > 1 && (await sessionState()) === 'unknown') {
      store.setLink({ kind: 'denied' })
      return
    }
    if (!closed) timer = setTimeout(connect, wait)
  }

  /** Ends when the subscription ends; where a number is missing it subscribes again on the same line. */
  const follow = async (from: StationClient, mine: Line) => {
    while ((await followOnce(from, mine)) === 'gap') console.info('a number was missing: subscribed again')
  }

  const followOnce = async (from: StationClient, mine: Line): Promise<'gap' | 'ended'> => {
    for await (const message of await from.station.subscribe()) {
      if (mine.over) return 'ended'
      mine.heardAtMs = now()
      if (intake.take(message) === 'gap') return 'gap'
      onMessage(message)
      if (store.get().link.kind !== 'live') {
        attempt = 0
        store.setLink({ kind: 'live', sinceMs: now() })
      }
    }
    return 'ended'
  }

  const followMeters = async (from: StationClient, mine: Line) => {
    try {
      for await (const frame of await from.station.meters()) {
        if (mine.over) return
        mine.heardAtMs = now()
        meters.push(frame, mine.heardAtMs)
      }
    } catch (error) {
      if (!mine.over) console.info('meters ended', error)
    }
    meters.clear()
  }

  /** Ends when the station has been silent for too long although it was asked. */
  const heartbeat = async (from: StationClient, mine: Line) => {
    while (!mine.over) {
      from.station.info().then(
        () => {
          mine.heardAtMs = now()
        },
        (error: unknown) => console.info('the station did not answer', error),
      )
      await pause(heartbeatMs)
      if (now() - mine.heardAtMs > silentMs) return
    }
  }

  connect()
  return {
    client: () => client,
    retry() {
      attempt = 0
      connect()
    },
    close() {
      closed = true
      clearTimeout(timer)
      line.over = true
      socket?.close()
    },
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

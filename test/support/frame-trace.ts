// What the page's main thread does, frame by frame, from a CDP trace: the work of each frame and every long task.
// Wall time is what the operator feels; thread time leaves out what other processes of a busy machine took away.
import type { Page } from 'playwright-core'

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly ts: number
  readonly dur?: number
  readonly tdur?: number
  readonly tid: number
  readonly pid: number
  readonly args?: { readonly name?: string; readonly data?: { readonly frameTreeNodeId?: number } }
}

export interface FrameTrace {
  readonly frames: number
  /** Work between two frames' beginnings, ms of wall time, one per frame. */
  readonly wallMs: readonly number[]
  /** The same as time on the processor, ms. */
  readonly threadMs: readonly number[]
  readonly longestTaskMs: number
  readonly longestTaskThreadMs: number
  readonly longTasks: number
}

const longTaskMs = 50
const categories = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', '__metadata']

/** Traces the page while `act` runs. */
export async function traceFrames(page: Page, act: () => Promise<void>): Promise<FrameTrace> {
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', (part) => {
    for (const event of part.value) events.push(event as unknown as TraceEvent)
  })
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: [...categories], recordMode: 'recordUntilFull' },
  })
  await act()
  const complete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()))
  await session.send('Tracing.end')
  await complete
  await session.detach()
  return analyse(events)
}

function analyse(events: readonly TraceEvent[]): FrameTrace {
  const main = mainThread(events)
  const mine = events.filter((event) => event.pid === main.pid && event.tid === main.tid)
  const starts = mine
    .filter((event) => event.name === 'FireAnimationFrame' && event.ph === 'X')
    .map((event) => event.ts)
    .sort((a, b) => a - b)
  const tasks = mine.filter((event) => event.ph === 'X' && event.name === 'RunTask' && event.dur !== undefined).sort((a, b) => a.ts - b.ts)
  const wallMs = new Array<number>(Math.max(0, starts.length - 1)).fill(0)
  const threadMs = new Array<number>(wallMs.length).fill(0)
  let frame = 0
  for (const task of tasks) {
    while (frame < wallMs.length && (starts[frame + 1] ?? Number.POSITIVE_INFINITY) <= task.ts) frame += 1
    if (frame >= wallMs.length || task.ts < (starts[0] ?? 0) - (task.dur ?? 0)) continue
    wallMs[frame] = (wallMs[frame] ?? 0) + (task.dur ?? 0) / 1000
    threadMs[frame] = (threadMs[frame] ?? 0) + (task.tdur ?? task.dur ?? 0) / 1000
  }
  return {
    frames: wallMs.length,
    wallMs,
    threadMs,
    longestTaskMs: Math.max(0, ...tasks.map((task) => (task.dur ?? 0) / 1000)),
    longestTaskThreadMs: Math.max(0, ...tasks.map((task) => (task.tdur ?? task.dur ?? 0) / 1000)),
    longTasks: tasks.filter((task) => (task.dur ?? 0) / 1000 > longTaskMs).length,
  }
}

/** The renderer main thread with the most animation frames. */
function mainThread(events: readonly TraceEvent[]): { readonly pid: number; readonly tid: number } {
  const counts = new Map<string, { pid: number; tid: number; frames: number }>()
  for (const { name, pid, tid } of events) {
    if (name !== 'FireAnimationFrame') continue
    const key = `${pid}:${tid}`
    const found = counts.get(key) ?? { pid, tid, frames: 0 }
    found.frames += 1
    counts.set(key, found)
  }
  const best = [...counts.values()].sort((a, b) => b.frames - a.frames)[0]
  if (best === undefined) throw new Error('the trace holds no frame: nothing was drawn while it ran')
  return best
}

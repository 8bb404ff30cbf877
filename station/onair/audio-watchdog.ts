// Watches the audio process by what it reports 25 times a second: pure.
//
//   starting ──greeted, report──▶ running ──no report 500 ms──▶ silent ──report──▶ running
//                                    │                             └──no report 2.5 s──▶ condemned
//                                    └──reports come, an audio clock stands still 500 ms──▶ condemned
//   condemned ──died──▶ starting        any ──died──▶ starting (3 deaths within 60 s: `failing`, until it lived 60 s: `steady`)
//
// A clock that has not ticked yet gets longer: a null sink's first tick takes up to two seconds (DESIGN.md 3). When this process
// itself was held up, the time it could not listen does not count against the audio process.
import type { OutputId } from '../../shared/domain/ids.ts'
import type { MonotonicMs } from '../../shared/domain/time.ts'
import { assertNever } from '../../shared/domain/assert-never.ts'

export const silentAfterMs = 500
export const condemnSilentAfterMs = 2500
export const condemnStillAfterMs = 500
export const firstTickWithinMs = 4000
const deathsForFailing = 3
const deathWindowMs = 60_000
/** Ticks come every 50 ms: with neither tick nor report for so long this process was held up, and whichever comes first tells. */
const heldUpMs = 150

interface ClockWatch {
  readonly clockS: number
  readonly movedAtMs: number
  readonly ticked: boolean
}

export interface WatchdogState {
  readonly phase: 'starting' | 'running' | 'silent' | 'condemned'
  readonly lastReportMs: number
  /** When this process last took up anything. */
  readonly lastSeenMs: number
  readonly clocks: ReadonlyMap<OutputId, ClockWatch>
  /** When the process died lately, oldest first. */
  readonly deathsMs: readonly number[]
}

export type WatchdogEvent =
  | { readonly kind: 'tick'; readonly atMs: MonotonicMs }
  /** It has answered for the first time: from now on its reports are due. */
  | { readonly kind: 'greeted'; readonly atMs: MonotonicMs }
  | {
      readonly kind: 'report'
      readonly atMs: MonotonicMs
      readonly clocks: readonly { readonly outputId: OutputId; readonly clockS: number }[]
    }
  | { readonly kind: 'died'; readonly atMs: MonotonicMs }

export type WatchdogEffect =
  | { readonly kind: 'alarm' }
  | { readonly kind: 'clearAlarm' }
  | { readonly kind: 'kill'; readonly reason: 'clockStill' | 'noReports' }
  /** It dies again and again: something in what it plays may be the cause. */
  | { readonly kind: 'failing' }
  /** It was failing and has lived for a minute. */
  | { readonly kind: 'steady' }

export interface WatchdogStep {
  readonly state: WatchdogState
  readonly effects: readonly WatchdogEffect[]
}

export function watchdogStart(atMs: MonotonicMs): WatchdogState {
  return { phase: 'starting', lastReportMs: atMs, lastSeenMs: atMs, clocks: new Map(), deathsMs: [] }
}

export function watchdogStep(state: WatchdogState, event: WatchdogEvent): WatchdogStep {
  switch (event.kind) {
    case 'report':
      return onReport(fair(state, event.atMs), event.atMs, event.clocks)
    case 'tick':
      return onTick(fair(state, event.atMs), event.atMs)
    case 'greeted':
      return { state: state.phase === 'starting' ? { ...state, phase: 'running', lastReportMs: event.atMs } : state, effects: [] }
    case 'died':
      return onDeath(state, event.atMs)
    default:
      return assertNever(event)
  }
}

function onReport(state: WatchdogState, atMs: number, clocks: readonly { outputId: OutputId; clockS: number }[]): WatchdogStep {
  if (state.phase === 'condemned') return { state, effects: [] }
  const watched = new Map<OutputId, ClockWatch>()
  for (const { outputId, clockS } of clocks) {
    const before = state.clocks.get(outputId)
    if (before === undefined) watched.set(outputId, { clockS, movedAtMs: atMs, ticked: false })
    else if (before.clockS === clockS) watched.set(outputId, before)
    else watched.set(outputId, { clockS, movedAtMs: atMs, ticked: true })
  }
  const next = { ...state, lastReportMs: atMs, clocks: watched }
  const still = [...watched.values()].some(
    ({ movedAtMs, ticked }) => atMs - movedAtMs >= (ticked ? condemnStillAfterMs : firstTickWithinMs),
  )
  if (still) return { state: { ...next, phase: 'condemned' }, effects: [{ kind: 'alarm' }, { kind: 'kill', reason: 'clockStill' }] }
  return { state: { ...next, phase: 'running' }, effects: state.phase === 'silent' ? [{ kind: 'clearAlarm' }] : [] }
}

function onTick(state: WatchdogState, atMs: number): WatchdogStep {
  const quietMs = atMs - state.lastReportMs
  switch (state.phase) {
    case 'running':
      if (quietMs >= silentAfterMs) return { state: { ...state, phase: 'silent' }, effects: [{ kind: 'alarm' }] }
      return isOver(state, atMs) ? { state: { ...state, deathsMs: [] }, effects: [{ kind: 'steady' }] } : { state, effects: [] }
    case 'silent':
      if (quietMs < condemnSilentAfterMs) return { state, effects: [] }
      return { state: { ...state, phase: 'condemned' }, effects: [{ kind: 'kill', reason: 'noReports' }] }
    case 'starting':
    case 'condemned':
      return { state, effects: [] }
    default:
      return assertNever(state.phase)
  }
}

/** It died again and again, and the last time lies a minute back. */
function isOver({ deathsMs }: WatchdogState, atMs: number): boolean {
  const last = deathsMs.at(-1)
  return last !== undefined && deathsMs.length >= deathsForFailing && atMs - last >= deathWindowMs
}

/** Moves every reference by the time in which nothing could be heard, where there was such a time. */
function fair(state: WatchdogState, atMs: number): WatchdogState {
  const heldUp = atMs - state.lastSeenMs
  if (heldUp <= heldUpMs) return { ...state, lastSeenMs: atMs }
  const moved = (sinceMs: number) => Math.min(atMs, sinceMs + heldUp)
  const clocks = new Map([...state.clocks].map(([outputId, watch]) => [outputId, { ...watch, movedAtMs: moved(watch.movedAtMs) }]))
  return { ...state, lastSeenMs: atMs, lastReportMs: moved(state.lastReportMs), clocks }
}

function onDeath(state: WatchdogState, atMs: number): WatchdogStep {
  const deathsMs = [...state.deathsMs.filter((each) => atMs - each < deathWindowMs), atMs]
  const next: WatchdogState = { phase: 'starting', lastReportMs: atMs, lastSeenMs: state.lastSeenMs, clocks: new Map(), deathsMs }
  return { state: next, effects: deathsMs.length >= deathsForFailing ? [{ kind: 'failing' }] : [] }
}

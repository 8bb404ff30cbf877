// What the outputs say, put together for a tally and a countdown. Pure.
import type { MeterFrame } from '../../shared/rpc/contract.ts'
import type { AiredOutput } from './station-store.ts'

/** What one tally shows. Only `measured` ones are red. */
export type TallyKind = 'alert' | 'drill' | 'microphone' | 'programme' | 'unconfirmed' | 'held' | 'waiting' | 'off' | 'stopped'

export interface Tally {
  readonly kind: TallyKind
  /** True only when the station measured it on air: clock, level and carrier. */
  readonly red: boolean
  readonly title: string | null
  readonly outputs: readonly AiredOutput[]
}

function kindOf(output: AiredOutput): TallyKind {
  if (output.phase === 'stopped') return 'stopped'
  if (output.phase === 'awaitingResume') return 'waiting'
  if (output.phase === 'held') return 'held'
  if (output.onAir === 'off' && output.phase !== 'cutIn' && output.phase !== 'liveInput') return 'off'
  if (output.phase === 'cutIn') return output.cutIn?.mode === 'drill' ? 'drill' : 'alert'
  if (output.phase === 'liveInput') return 'microphone'
  return output.onAir === 'unconfirmed' ? 'unconfirmed' : 'programme'
}

function titleOf(output: AiredOutput): string | null {
  if (output.phase === 'cutIn') return output.cutIn?.title ?? null
  if (output.phase === 'awaitingResume') return output.awaiting?.title ?? null
  return output.now?.title ?? null
}

/** Outputs that do the same are one tally; others stand apart, the most serious first. */
export function talliesOf(outputs: readonly AiredOutput[]): readonly Tally[] {
  const tallies: { kind: TallyKind; red: boolean; title: string | null; outputs: AiredOutput[] }[] = []
  for (const output of outputs) {
    const kind = kindOf(output)
    const red = output.onAir === 'measured' && kind !== 'stopped' && kind !== 'waiting' && kind !== 'held'
    const title = titleOf(output)
    const same = tallies.find((each) => each.kind === kind && each.red === red && each.title === title)
    if (same === undefined) tallies.push({ kind, red, title, outputs: [output] })
    else same.outputs.push(output)
  }
  const rank: readonly TallyKind[] = ['alert', 'drill', 'stopped', 'microphone', 'waiting', 'held', 'programme', 'unconfirmed', 'off']
  return tallies.sort((a, b) => rank.indexOf(a.kind) - rank.indexOf(b.kind))
}

/** Milliseconds left of what plays, from the measured position where there is one; null = open end or nothing. */
export function leftMs(output: AiredOutput, frame: MeterFrame | null, nowMs: number): number | null {
  const now = output.now
  if (now === null) return null
  const measured = frame?.outputs.find((each) => each.outputId === output.outputId)?.positionMs ?? null
  if (measured !== null && now.durationMs !== null) return now.durationMs - measured
  return now.endsAtMs === null ? null : now.endsAtMs - nowMs
}

/** Length of an airing alert and how far it is, from the measured position. */
export function alertPositionMs(output: AiredOutput, frame: MeterFrame | null, nowMs: number): number | null {
  const measured = frame?.outputs.find((each) => each.outputId === output.outputId)?.alertMs ?? null
  if (measured !== null) return measured
  const started = output.cutIn?.outputs.find((each) => each.outputId === output.outputId)?.startedAtMs ?? null
  return started === null ? null : nowMs - started
}

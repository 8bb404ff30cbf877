// How an alert ranks, and what may follow it by itself. Pure.
import type { AlertView } from '../../shared/domain/alert.ts'

/** Disaster risk level from which nothing returns to music by itself (DESIGN 6). */
const holdAfterRisk = 3

type Risk = Pick<AlertView, 'evacuation' | 'riskLevel'>

/** 0–5: the disaster risk level; 5 for an evacuation. */
export function severityOf({ evacuation, riskLevel }: Risk): number {
  return evacuation ? 5 : (riskLevel ?? 0)
}

/** After it nothing returns to music by itself. */
export function isGrave({ evacuation, riskLevel }: Risk): boolean {
  return evacuation || (riskLevel ?? 0) >= holdAfterRisk
}

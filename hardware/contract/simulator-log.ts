// The record a simulated device keeps of what reached it and what it did. Bounded: a training district runs for days.
import type { Clock } from '../../shared/domain/clock.ts'
import type { SimulatorRecord } from './driver.ts'

const mostRecords = 20_000

export class SimulatorLog {
  readonly records: SimulatorRecord[] = []
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(what: string, detail: SimulatorRecord['detail']): void {
    this.records.push({ atMs: this.#clock.now(), what, detail })
    if (this.records.length > mostRecords) this.records.splice(0, mostRecords / 10)
  }
}

// The station's reconciler in its shortest form: plans and sends until the device's own words agree with the wish.
import type { Driver } from '../../hardware/contract/driver.ts'
import { until } from './until.ts'

/** @param observed must carry the time its reading began, so that what was read before the order is not taken for its effect. */
export async function bring<Desired, Observed extends { readonly atMs: number }, Command>(
  driver: Driver<Desired, Observed, Command>,
  desired: Desired,
  deadlineMs = 5000,
): Promise<void> {
  await until('a first observation', () => driver.observed !== null, deadlineMs)
  const signal = AbortSignal.timeout(deadlineMs)
  for (;;) {
    let answeredAtMs = 0
    for (const { command } of driver.plan(driver.observed, desired)) ({ answeredAtMs } = await driver.send(command, signal))
    await until('an observation made after the order', () => (driver.observed?.atMs ?? 0) >= answeredAtMs, deadlineMs)
    if (driver.plan(driver.observed, desired).length === 0) return
    signal.throwIfAborted()
  }
}

// A whole station on another wall clock (libfaketime); monotonic time stays as it is. The clock is moved while it runs.
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'

export interface FakedClock {
  /** For the station's environment. */
  readonly env: Readonly<Record<string, string>>
  /** Moves the station's clock to this much from ours, seconds. */
  offset(seconds: number): void
}

export function fakedClock(): FakedClock {
  const stamp = join(tmpdir(), `truc-song-faketime-${process.pid}`)
  const offset = (seconds: number) => writeFileSync(stamp, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}`)
  offset(0)
  return {
    env: { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: stamp, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' },
    offset,
  }
}

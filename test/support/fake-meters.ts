// Meters of a fake station: every output sounds unless it is stopped, 25 times a second.
import type { MeterFrame } from '../../shared/rpc/contract.ts'
import { sequence } from './fake-data.ts'
import type { FakeStation } from './fake-station.ts'

export async function* fakeMeters(station: FakeStation, signal: AbortSignal | undefined): AsyncGenerator<MeterFrame> {
  const next = sequence(11)
  while (signal?.aborted !== true) {
    const now = station.now()
    const level = () => {
      const db = -9 - next() * 10
      return { peakDb: [db, db - next() * 2] as [number, number], rmsDb: [db - 9, db - 10] as [number, number] }
    }
    const silent = { peakDb: [-120, -120] as [number, number], rmsDb: [-120, -120] as [number, number] }
    const cue = station.world.cue
    yield {
      atMs: now,
      outputs: station.world.onair.map((output) => ({
        outputId: output.outputId,
        level: output.phase === 'stopped' || output.phase === 'silent' || output.phase === 'awaitingResume' ? silent : level(),
        positionMs: output.now === null || output.phase === 'cutIn' ? null : now - output.now.startedAtMs,
        alertMs: output.cutIn === null ? null : now - (output.cutIn.outputs[0]?.startedAtMs ?? now),
      })),
      cue: cue === null ? null : { level: level(), positionMs: Math.min(cue.durationMs, now - cue.startedAtMs + cue.offsetMs) },
      inputs: [],
    }
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
}

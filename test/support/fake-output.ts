// One output as the fake station shows it: what the plan has on the air, with carriers of a district.
import type { CutInView } from '../../shared/domain/alert.ts'
import type { OnAirOutputView } from '../../shared/domain/onair.ts'
import type { PlannedItem } from '../../shared/domain/schedule.ts'
import { epochMs } from '../../shared/domain/time.ts'

export function fakeOutput(rows: readonly PlannedItem[], nowMs: number, outputId: string, name: string, empty: boolean): OnAirOutputView {
  const index = rows.findIndex((row) => row.state === 'onAir')
  const [previous, now, next] = [rows[index - 1], rows[index], rows[index + 1]]
  return {
    outputId: outputId as never,
    name,
    phase: empty ? 'silent' : 'programme',
    onAir: empty ? 'off' : 'measured',
    now:
      now === undefined
        ? null
        : {
            itemId: now.item.itemId,
            title: now.item.title,
            startedAtMs: now.startMs,
            endsAtMs: now.endMs,
            durationMs: now.item.durationMs,
            positionMs: nowMs - now.startMs,
            interruptedBy: null,
          },
    previous:
      previous === undefined
        ? null
        : { itemId: previous.item.itemId, title: previous.item.title, startedAtMs: previous.startMs, endReason: 'finished' },
    next: next === undefined ? null : { itemId: next.item.itemId, title: next.item.title, startMs: next.startMs, proven: true },
    openInputs: [],
    soundingInputs: [],
    hotKeysPlaying: [],
    cutIn: null,
    carriers: empty
      ? []
      : outputId === 'fm'
        ? [
            {
              deviceId: 'fm-1' as never,
              label: 'FM 64,2 MHz',
              kind: 'transmitter',
              state: 'up',
              measured: 28.6,
              setPoint: 30,
              reason: null,
            },
            {
              deviceId: 'fm-2' as never,
              label: 'FM 98,5 MHz – Khau Phạ',
              kind: 'transmitter',
              state: 'unknown',
              measured: null,
              setPoint: 60,
              reason: 'timeout',
            },
          ]
        : [
            {
              deviceId: 'wired' as never,
              label: 'Hữu tuyến 8 đường',
              kind: 'zones',
              state: 'up',
              measured: 5,
              setPoint: 8,
              reason: null,
            },
          ],
    stoppedSinceMs: null,
    awaiting: null,
    audio: { state: 'running', device: outputId === 'fm' ? 'Scarlett 2i2 – ra 1-2' : 'USB Audio – hữu tuyến', onBackup: false },
  }
}

/** A cut-in of yesterday, heard on both outputs to its end. */
export function fakeEarlierCutIn(now: number): CutInView {
  return {
    cutInId: 'cutin-old' as never,
    alertId: 'alert-4' as never,
    title: 'Cháy rừng tại Púng Luông',
    mode: 'live',
    via: 'screen',
    orderedAtMs: epochMs(now - 26 * 3_600_000),
    endedAtMs: epochMs(now - 26 * 3_600_000 + 95_000),
    outputs: ['fm', 'wired'].map((outputId) => ({
      outputId: outputId as never,
      phase: 'ended' as const,
      temperature: 'hot' as const,
      startedAtMs: epochMs(now - 26 * 3_600_000 + 18),
      latencyMs: 18.2,
      endReason: 'finished',
      interruptedTitle: 'Hòa tấu sáo Mông',
      carriers: [{ deviceId: 'fm-1', label: 'Máy phát FM 64,2 MHz', state: 'up' }],
    })),
  }
}

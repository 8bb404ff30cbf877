// The on-air machine's reading of what the audio process reports. Pure.
import type { AudioEvent } from '../../shared/audio-protocol.ts'
import type { OnAirEvent } from './onair-machine.ts'

/** The machine's reading of an audio event; null when it is of no concern to it. */
export function factOf(event: AudioEvent): OnAirEvent | null {
  switch (event.kind) {
    case 'itemStarted':
    case 'itemEnded':
    case 'itemResumed':
      return { kind: event.kind, itemId: event.itemId }
    case 'itemInterrupted':
      return { kind: 'itemInterrupted', itemId: event.itemId, by: event.by }
    case 'alertStarted':
    case 'alertBodyStarted':
      return { kind: event.kind, cutInId: event.cutInId }
    case 'alertEnded':
      return { kind: 'alertEnded', cutInId: event.cutInId, reason: event.reason }
    case 'inputClosed':
      return { kind: 'inputClosed', inputId: event.inputId }
    default:
      return null
  }
}

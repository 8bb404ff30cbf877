// Opens the audio context of one named device. The engine knows devices only by an id that is a hash of the moment and falls
// back silently to the system's default device when that id is unknown, so the label is looked up right before each opening
// and nothing is opened without a match. `{ type: 'none' }` is for training without a sound server only.
import { AudioContext, mediaDevices } from 'node-web-audio-api'
import { sampleRateHz } from '../shared/domain/levels.ts'

export type LatencyHint = 'balanced' | 'playback'

/** The device's context, running; null when no device has this label. Throws when the device cannot be opened at 48 kHz. */
export async function openDevice(label: string, latencyHint: LatencyHint): Promise<AudioContext | null> {
  const found = (await outputs()).find((device) => device.label === label)
  if (found === undefined) return null
  return checked(new AudioContext({ latencyHint, sampleRate: sampleRateHz, sinkId: found.deviceId } as AudioContextOptions), label)
}

/** Contexts that were given up: kept from the garbage collector, whose finalizer would wait for the dead sound server. */
export const abandoned: unknown[] = []

/** Whether a device of this label is there now. Costs some 20 ms of this thread. */
export async function isListed(label: string): Promise<boolean> {
  return (await outputs()).some((device) => device.label === label)
}

/** A context that renders into nothing, at the pace of the clock. */
export function openNowhere(latencyHint: LatencyHint): AudioContext {
  return new AudioContext({ latencyHint, sampleRate: sampleRateHz, sinkId: { type: 'none' } } as AudioContextOptions)
}

async function outputs(): Promise<MediaDeviceInfo[]> {
  return (await mediaDevices.enumerateDevices()).filter((device) => device.kind === 'audiooutput')
}

function checked(context: AudioContext, label: string): AudioContext {
  if (context.sampleRate === sampleRateHz) return context
  void context.close()
  throw new Error(`${label}: runs at ${context.sampleRate} Hz, ${sampleRateHz} wanted`)
}

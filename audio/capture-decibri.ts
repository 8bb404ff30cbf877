// Windows and macOS: reads an input through decibri, in 10 ms chunks.
import { Microphone } from 'decibri'
import { sampleRateHz } from '../shared/domain/levels.ts'

const chunkFrames = 480

/** As decibri lists it. */
export type CaptureDevice = ReturnType<typeof Microphone.devices>[number]

/** Passes s16le stereo on as it comes; a mono input sounds on both sides. Rejects with the reason. */
export async function captureDecibri(device: CaptureDevice, pass: (samples: Buffer) => void): Promise<void> {
  const microphone = await Microphone.open({
    device: device.id === '' ? device.index : { id: device.id },
    sampleRate: sampleRateHz,
    framesPerBuffer: chunkFrames,
    dtype: 'int16',
    channels: 2,
    channelMap: device.maxInputChannels >= 2 ? [0, 1] : [0, 0],
  })
  microphone.on('data', pass)
  await new Promise<void>((resolve, reject) => {
    microphone.once('error', reject)
    microphone.once('close', resolve)
  })
}

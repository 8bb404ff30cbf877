// Turns an item's source into a voice: air copy, live input, network relay, or silence.
import type { PlayItem } from '../shared/audio-protocol.ts'
import type { InputId } from '../shared/domain/ids.ts'
import { framesOfMs, horizonFrames, sliceFrames } from './frames.ts'
import { type LiveFeed, LiveVoice } from './live-voice.ts'
import type { OutputBus } from './output-bus.ts'
import { PcmVoice, pcmFileOf } from './pcm-voice.ts'
import type { PcmFile } from './pcm-file.ts'
import { RelayFeed } from './relay-feed.ts'
import { RelayVoice } from './relay-voice.ts'
import { SilentVoice } from './silent-voice.ts'
import type { Voice } from './voice.ts'

/** Behind the arrival of a sound card's samples: the collection of played sound alone holds the pipe up for 25 ms every 10 s (measured). */
export const inputDelayMs = 44

/** The configured inputs; null where there is no such input. */
export type InputFeeds = (inputId: InputId) => LiveFeed | null

/** What a voice tells while it plays. */
export interface VoiceReports {
  /** Frames that were silent because nothing was there in time. */
  onUnderrun(frames: number): void
  /** Something failed that does not end the item. */
  onFailure(message: string): void
  /** What failed works again. */
  onFailureOver(): void
}

/** An item made ready to start without waiting for the disk. */
export interface ReadyItem {
  readonly item: PlayItem
  readonly startFrame: number
  readonly file: PcmFile | null
}

/** Opens what the item needs; `primed` also reads its first slice. Throws when the air copy cannot be read. */
export async function makeReady(item: PlayItem, startFrame: number): Promise<ReadyItem> {
  if (item.source.kind !== 'pcm') return { item, startFrame, file: null }
  const file = pcmFileOf(item.source)
  try {
    await file.prime(startFrame, sliceFrames)
    return { item, startFrame, file }
  } catch (cause) {
    await file.close()
    throw cause
  }
}

/** Places the item on the audio clock. */
export function makeVoice(ready: ReadyItem, bus: OutputBus, startF: number, inputs: InputFeeds, reports: VoiceReports): Voice {
  const { source } = ready.item
  const common = {
    context: bus.context,
    destination: bus.music,
    startF,
    startFrame: ready.startFrame,
    ...reports,
    clockFrame: () => bus.clock.frame(),
  }
  switch (source.kind) {
    case 'pcm':
      return new PcmVoice({ ...common, source, file: ready.file ?? pcmFileOf(source) })
    case 'silence':
      return new SilentVoice(startF, ready.startFrame)
    case 'input': {
      const feed = inputs(source.inputId)
      if (feed === null) return new SilentVoice(startF, ready.startFrame, `input ${source.inputId} is not configured`)
      return new LiveVoice({ ...common, feed, gainDb: source.gainDb, delayFrames: framesOfMs(inputDelayMs) })
    }
    case 'stream': {
      const feed = new RelayFeed(source.url, reports.onFailure, reports.onFailureOver)
      return new RelayVoice({ ...common, feed, gainDb: source.gainDb })
    }
  }
}

/** Whether this item should be placed now: everything known is placed this far ahead. */
export function withinHorizon(startF: number, nowF: number): boolean {
  return startF < nowF + horizonFrames
}

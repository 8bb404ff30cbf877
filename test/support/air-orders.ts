// Orders for one output as tests give them, two alerts and a microphone.
import { expect } from 'vitest'
import type { LiveFeed } from '../../audio/live-voice.ts'
import type { AudioCommandOf, PlayItem } from '../../shared/audio-protocol.ts'
import type { CutInId, InputId } from '../../shared/domain/ids.ts'
import { AirRig, loadedAlert, output } from './air-rig.ts'

/** 4 s, no attention signal; 300 ms of attention and 500 ms of text. */
export const storm = loadedAlert('storm', 0, 4000)
export const flood = loadedAlert('flood', 300, 500)
export const mic = 'mic' as InputId
export const key = (jingle: PlayItem): AudioCommandOf<'playOver'> => {
  if (jingle.source.kind !== 'pcm') throw new Error(jingle.source.kind)
  const { path, frames } = jingle.source
  return { kind: 'playOver', ref: 'r', outputIds: [output], slot: 1, path, frames, gainDb: 0, duckDb: -12, loop: false }
}
export const opening = (mode: 'duck' | 'replace'): AudioCommandOf<'openInput'> => ({
  kind: 'openInput',
  ref: 'r',
  outputIds: [output],
  inputId: mic,
  gainDb: 0,
  mode,
  duckDb: -20,
  resume: null,
})
export const playing = (item: PlayItem): AudioCommandOf<'playNow'> => ({ kind: 'playNow', ref: 'r', outputId: output, item, fadeMs: 0 })
export const stopping = (cutInId: CutInId): AudioCommandOf<'stopAlert'> => ({ kind: 'stopAlert', ref: 'r', cutInId, outputIds: [output] })
export const proceeding = (cutInId: CutInId): AudioCommandOf<'proceedAlert'> => ({
  kind: 'proceedAlert',
  ref: 'r',
  cutInId,
  outputId: output,
})
/** A microphone that is there and says nothing, and how many listen to it. */
export function microphone() {
  let listeners = 0
  const feed: LiveFeed = {
    channels: 2,
    subscribe: () => {
      listeners++
      return () => void listeners--
    },
  }
  return { inputs: () => feed, listening: () => listeners }
}
export const silence = { item: null, alert: null, over: '', gate: 1, duckDb: 0 }
export const clear = { ...silence, item: 'music playing' }

/** The first item, called music, has been on air for a second. */
export async function onAir(first: PlayItem, options: ConstructorParameters<typeof AirRig>[0] = {}, queued: readonly PlayItem[] = []) {
  const air = new AirRig(options)
  air.output.programme.setQueue(1, [first, ...queued])
  await air.pass(1000)
  expect(air.now()).toEqual(clear)
  return air
}

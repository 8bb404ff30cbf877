// Frames of the audio clock: the one unit of time inside the audio process, 48,000 a second, counted by each context.
// Every buffer is scheduled on a boundary of the render quantum: only there does the engine copy samples unchanged (elsewhere
// it interpolates, and rounding can swallow a frame), so an item that begins in mid-quantum gets leading zeros instead.
import { sampleRateHz } from '../shared/domain/levels.ts'

/** Frames the engine renders at once. */
export const quantumFrames = 128
/** Frames of one scheduled buffer, about half a second; whole quanta. */
export const sliceFrames = 188 * quantumFrames
/** How far ahead everything known is scheduled, so that a blocked JS thread is not heard. */
export const horizonFrames = 3.5 * sampleRateHz
/** Fade that hides a cut. */
export const cutFadeFrames = 240
/** From an order to the first frame of something that was not prepared: room for its messages to reach the render thread. */
export const startLeadFrames = 8 * quantumFrames

/** Seconds of the audio clock, as the engine itself computes them: the same division gives the same double. */
export function secondsOf(frame: number): number {
  return frame / sampleRateHz
}

/** The engine takes times for equal that differ by 2^-26 of themselves (measured): half a frame here, 12 minutes after a context was opened. */
const blurredF = 2 ** 25
const quantumS = (1 / sampleRateHz) * quantumFrames

/**
 * When a source is told to start at a quantum boundary, seconds of the audio clock. Later than `blurredF` not before the end of the
 * quantum before as the engine adds that up: rounding may put it one double after the boundary, the source is looked at in that
 * quantum then, and from frame 2^26 on began one frame early, at two slices of five, a click each. One double late it is interpolated
 * instead of copied: less than −120 dB of difference.
 */
export function startSecondsOf(frame: number): number {
  if (frame < blurredF) return secondsOf(frame)
  return Math.max(secondsOf(frame), secondsOf(frame - quantumFrames) + quantumS)
}

export function framesOfMs(ms: number): number {
  return Math.round((ms * sampleRateHz) / 1000)
}

export function msOfFrames(frames: number): number {
  return (frames * 1000) / sampleRateHz
}

/** The last quantum boundary at or before this frame. */
export function quantumFloor(frame: number): number {
  return Math.floor(frame / quantumFrames) * quantumFrames
}

/** The first quantum boundary at or after this frame. */
export function quantumCeil(frame: number): number {
  return Math.ceil(frame / quantumFrames) * quantumFrames
}

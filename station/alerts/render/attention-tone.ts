// The attention signal: our own, so that it is mistaken for no other system's (not the EAS or EU-Alert pair, no siren
// sweep). 660 Hz and 880 Hz (a fourth apart) change every 0.2 s, each with its second harmonic, which horn loudspeakers and small
// receivers reproduce where the fundamental is weak. Each step holds a whole number of periods (132, 176), so every join,
// the loop of a cold cut-in included, passes through zero. 4.8 s.

export const toneRateHz = 48_000
const stepFrames = toneRateHz / 5
const steps = 24
const frequenciesHz = [660, 880] as const
const secondHarmonic = 0.35
/** Largest value of sin x + 0.35 sin 2x. */
const waveformPeak = 1.1747

/** Mono, ±1; the caller sets the level. */
export function attentionTone(): Float32Array {
  const tone = new Float32Array(stepFrames * steps)
  for (let frame = 0; frame < tone.length; frame++) {
    const step = Math.floor(frame / stepFrames)
    const phase = (2 * Math.PI * (frequenciesHz[step % 2] ?? 0) * (frame % stepFrames)) / toneRateHz
    tone[frame] = (Math.sin(phase) + secondHarmonic * Math.sin(2 * phase)) / waveformPeak
  }
  return tone
}

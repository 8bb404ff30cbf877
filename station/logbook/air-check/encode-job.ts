// What the encoder process is given, as its only argument, and what it answers, as one line on stdout.
export interface EncodeJob {
  readonly wavPath: string
  readonly opusPath: string
  readonly peaksPath: string
}

export interface EncodeResult {
  /** 0 = there was no whole sample in it. */
  readonly frames: number
  readonly bytes: number
  readonly sha256: string
  /** CPU time of the whole process, ms. */
  readonly cpuMs: number
}

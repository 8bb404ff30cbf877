// @echogarden/espeak-ng-emscripten has no types of its own; what is used of it, as measured (PROTOCOLS.md 5.1).
declare module '@echogarden/espeak-ng-emscripten' {
  export interface EspeakEvent {
    readonly type: string
    /** Place of the word in the text, counted from 1. */
    readonly text_position: number
    readonly word_length: number
    /** Milliseconds from the first sample. */
    readonly audio_position: number
  }
  export interface EspeakWorker {
    /** 0 = found; anything else is a voice that does not exist. */
    set_voice(name: string): number
    /** Words a minute. */
    set_rate(wordsPerMinute: number): void
    readonly samplerate: number
    /** Synchronous. The samples are a view of memory that is used again. */
    synthesize(text: string, onPart: (samples: Int16Array | null, events: readonly EspeakEvent[] | null) => void): void
  }
  interface EspeakModule {
    readonly eSpeakNGWorker: new () => Promise<EspeakWorker> | EspeakWorker
  }
  export default function load(): Promise<EspeakModule>
}

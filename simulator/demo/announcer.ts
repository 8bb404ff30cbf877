// The announcer of the demonstration programme: the same eSpeak NG voice the station ships, here only to make recordings.
// The package has no types; what is used of it is written down here.

interface EspeakWorker {
  /** 0 = found. */
  set_voice(name: string): number
  set_rate(wordsPerMinute: number): void
  readonly samplerate: number
  synthesize(text: string, onPart: (samples: Int16Array | null) => void): void
}
interface EspeakModule {
  readonly eSpeakNGWorker: new () => Promise<EspeakWorker> | EspeakWorker
}

/** A name in a variable: there is no declaration to resolve. */
const voicePackage: string = '@echogarden/espeak-ng-emscripten'

export interface Recording {
  /** Mono, −1…1. */
  readonly samples: Float32Array
  readonly rateHz: number
}

export interface Announcer {
  say(text: string): Recording
}

/** Half a second of quiet between paragraphs. */
const pauseS = 0.5

export async function loadAnnouncer(): Promise<Announcer> {
  const { default: load } = (await import(voicePackage)) as { default(): Promise<EspeakModule> }
  const engine = await new (await load()).eSpeakNGWorker()
  if (engine.set_voice('vi') !== 0) throw new Error('the Vietnamese voice is not in the package')
  engine.set_rate(160)
  return { say: (text) => ({ samples: speak(engine, text), rateHz: engine.samplerate }) }
}

function speak(engine: EspeakWorker, text: string): Float32Array {
  const parts: Float32Array[] = []
  for (const paragraph of text.split('\n')) {
    engine.synthesize(paragraph, (samples) => {
      if (samples !== null) parts.push(Float32Array.from(samples, (sample) => sample / 32_768))
    })
    parts.push(new Float32Array(Math.round(pauseS * engine.samplerate)))
  }
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

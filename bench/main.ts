// Runs one bench and prints one JSON object; without a name, the list. Exits 0 whether or not targets hold: a bench measures,
// tests judge. `--key value` overrides a length of the bench, such as `--runs 20`.
import { type AirCheckOptions, airCheckFull, runAirCheck } from './air-check.ts'
import { type ClickOptions, clickFull, runClickToAir } from './click-to-air.ts'
import { type CutInOptions, cutInFull, runCutIn } from './cut-in.ts'
import { type DurabilityOptions, durabilityFull, runDurability } from './durability.ts'
import { type IngestOptions, ingestFull, runIngestBench } from './ingest.ts'
import { type LogbookOptions, logbookFull, runLogbook } from './logbook.ts'
import { type MicOptions, micFull, runMic } from './mic.ts'
import { type RecoveryOptions, recoveryFull, runRecovery } from './recovery.ts'
import { type PlantOptions, plantFull, runPlant } from './plant.ts'
import { type ProvinceBenchOptions, provinceFull, runMediaRace, runProvince } from './province.ts'
import { machine, type Report, type Result } from './report.ts'
import { runSoak, type SoakOptions, soakFull } from './soak.ts'
import { runTamper, type TamperOptions, tamperFull } from './tamper.ts'
import { runUi, type UiOptions, uiFull } from './ui.ts'

interface Bench {
  readonly what: string
  /** Lengths of the full run; each can be overridden by name. */
  readonly lengths: Readonly<Record<string, number>>
  run(lengths: Readonly<Record<string, number>>): Promise<Result[]>
}

function bench<T extends { readonly [K in keyof T]: number }>(what: string, full: T, run: (options: T) => Promise<Result[]>): Bench {
  const lengths = full as Readonly<Record<string, number>>
  return { what, lengths, run: (given) => run({ ...full, ...given }) }
}

const benches: Readonly<Record<string, Bench>> = {
  'cut-in': bench<CutInOptions>('order over the API → sound, resume accuracy, STOP; Liquidsoap beside it', cutInFull, runCutIn),
  durability: bench<DurabilityOptions>(
    'kills, power cuts, failed and slow fsyncs: what was acknowledged is there',
    durabilityFull,
    runDurability,
  ),
  ingest: bench<IngestOptions>('files imported: × real time beside ffmpeg, loudness against it', ingestFull, runIngestBench),
  'click-to-air': bench<ClickOptions>('the red key held in Chromium → sound; early release; window killed', clickFull, runClickToAir),
  recovery: bench<RecoveryOptions>(
    'processes killed and stalled: what is heard, how soon it is back, what the logbook says',
    recoveryFull,
    runRecovery,
  ),
  soak: bench<SoakOptions>('programme for long, quiet and loaded: cost, flatness, discontinuities', soakFull, runSoak),
  plant: bench<PlantOptions>('devices on their wires: orders acknowledged and read back, losses found and recovered', plantFull, runPlant),
  province: bench<ProvinceBenchOptions>(
    'published → on the schedule, cost of asking, 10,000 items, media beside curl',
    provinceFull,
    async (options) => [...(await runProvince(options)), ...(await runMediaRace(options))],
  ),
  ui: bench<UiOptions>('the screens with everything moving: main-thread work per frame, long tasks', uiFull, runUi),
  'air-check': bench<AirCheckOptions>(
    'the recording of what was sent: cost, size, blocked thread, click → sound',
    airCheckFull,
    runAirCheck,
  ),
  logbook: bench<LogbookOptions>('a logbook of a million rows: a day, its differences, the search, the chain', logbookFull, runLogbook),
  tamper: bench<TamperOptions>(
    'every kind of row × every tampering, found and named; kill −9 restarts without a false alarm',
    tamperFull,
    runTamper,
  ),
  mic: bench<MicOptions>('line → programme: latency, and a line whose clock drifts', micFull, runMic),
}

function parseLengths(words: readonly string[], known: Readonly<Record<string, number>>): Record<string, number> {
  const lengths: Record<string, number> = {}
  for (let i = 0; i < words.length; i += 2) {
    const key = (words[i] ?? '').replace(/^--/, '')
    const value = Number(words[i + 1])
    if (!(key in known) || !Number.isFinite(value))
      throw new Error(`not understood: ${words[i]} ${words[i + 1] ?? ''}; known: ${Object.keys(known).join(', ')}`)
    lengths[key] = value
  }
  return lengths
}

const [name, ...words] = process.argv.slice(2)
const chosen = name === undefined ? undefined : benches[name]
if (name === undefined) {
  const list = Object.entries(benches).map(([bench, { what, lengths }]) => ({ bench, what, lengths }))
  process.stdout.write(`${JSON.stringify({ benches: list }, null, 2)}\n`)
} else if (chosen === undefined) {
  process.stderr.write(`no bench ${name}; there are: ${Object.keys(benches).join(', ')}\n`)
  process.exitCode = 2
} else {
  const about = machine()
  const results = await chosen.run(parseLengths(words, chosen.lengths))
  const report: Report = { bench: name, machine: about, results }
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
}

// The air-check: turns what the recorder has closed into Opus, one segment at a time, keeps the index by time, and lets go of the
// oldest when their time or the room is over. The recorder itself writes on in the audio process, whatever happens here. The wall
// clock alone lets go of little: one that is a year ahead until somebody corrects it must not cost the house its archive.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, rmdir, stat, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AirCheckBudget, AirCheckDay, AirCheckSegment, SegmentId } from '../../../shared/domain/air-check.ts'
import type { Clock, Timer } from '../../../shared/domain/clock.ts'
import { OperatorError } from '../../../shared/domain/errors.ts'
import type { OutputId } from '../../../shared/domain/ids.ts'
import type { Peaks } from '../../../shared/domain/library.ts'
import type { LogKind, LogRow } from '../../../shared/domain/logbook.ts'
import { addDays, type BroadcastDay, epochMs, startOfDay } from '../../../shared/domain/time.ts'
import { findGaps } from './gaps.ts'
import { bucketMs, TapeOverviews } from './overview.ts'
import { runEncoder } from './run-encoder.ts'
import { folderOf, isSegmentId, outputInName, parseSegmentName, type SegmentName } from './segment-name.ts'

export interface AirCheckPorts {
  readonly dataDir: string
  readonly outputIds: readonly OutputId[]
  readonly clock: Clock
  readonly keepDays: number
  /** null = as much as the disk takes, down to its reserve. */
  readonly maxBytes: number | null
  /** Rows that may explain a gap. */
  rows(fromMs: number, toMs: number): Promise<readonly LogRow[]>
  note(kind: LogKind, subject: string, measured: Record<string, unknown>): void
  /** Less room than the audio must be kept for (6 months): a person must make some. */
  onBudget(budget: AirCheckBudget, tooSmall: boolean): void
  onError(error: unknown): void
}

/** Where the bytes of a segment lie: a whole Ogg Opus file, or 48 kHz stereo PCM behind `skipBytes`. */
export type SegmentFile =
  | { readonly kind: 'opus'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'pcm'; readonly path: string; readonly bytes: number; readonly skipBytes: number }

/** The law of this house: audio is kept at least this long. */
export const leastKeepDays = 184
const roundMs = 30_000
/** A file nobody wrote to for this long is closed; the recorder writes three times a second. */
const closedAfterMs = 60_000
const wavHeaderBytes = 44
const wavBytesPerMs = 192
/** Room that stays for logbook and library. */
const reserveBytes = 2 * 1024 ** 3
/** 28 kbit/s and the container. */
const bytesPerOutputDay = 307_000_000
/** Of one boot, before its first day goes by age: NTP corrects a wrong clock long before. */
const firstByAgeMs = 3_600_000
/** Between two days that go by age. */
const byAgeEveryMs = 12 * 3_600_000
/** Before a tape that could not be encoded is tried again; twice as long after each failure. */
const firstRetryMs = 5 * 60_000
const longestRetryMs = 3_600_000

interface Stored extends SegmentName {
  readonly path: string
}

/** Monotonic, ms. */
interface Retry {
  readonly dueMs: number
  readonly pauseMs: number
}

export class AirCheckService {
  readonly #ports: AirCheckPorts
  readonly #tapeDir: string
  readonly #keptDir: string
  /** An empty file for each day that was let go of: what is missing there is told as that. */
  readonly #removedDir: string
  #timer: Timer | null = null
  #round: Promise<void> | null = null
  #closing = false
  /** Tapes that could not be encoded, by id. */
  readonly #failed = new Map<string, Retry>()
  /** Monotonic. */
  #nextByAgeMs: number
  #budget: AirCheckBudget
  readonly #abort = new AbortController()
  readonly #overviews = new TapeOverviews()

  constructor(ports: AirCheckPorts) {
    this.#ports = ports
    this.#nextByAgeMs = ports.clock.monotonic() + firstByAgeMs
    this.#tapeDir = join(ports.dataDir, 'recordings')
    this.#keptDir = join(this.#tapeDir, 'kept')
    this.#removedDir = join(this.#tapeDir, 'removed')
    const bytesPerDay = bytesPerOutputDay * ports.outputIds.length
    this.#budget = { usedBytes: 0, freeBytes: 0, bytesPerDay, daysLeft: 0, keepDays: ports.keepDays, oldestMs: null }
  }

  start(): void {
    this.#timer = this.#ports.clock.every(roundMs, () => this.#begin())
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#timer?.cancel()
    this.#abort.abort()
    await this.#round
  }

  /** One round: encode what is closed, let go of what is over. Public for tests, which do not wait for the clock. */
  async round(closedAfter = closedAfterMs): Promise<void> {
    for (const tape of await this.#closedTapes(closedAfter)) {
      if (this.#closing) return
      await this.#keep(tape)
    }
    await this.#makeRoom()
  }

  async day(day: BroadcastDay, outputId: OutputId): Promise<AirCheckDay> {
    const fromMs = startOfDay(day)
    const toMs = startOfDay(addDays(day, 1))
    const segments = await this.#segments(day, outputId, fromMs, toMs)
    const rows = await this.#ports.rows(fromMs - 3_600_000, toMs + 3_600_000)
    const first = segments[0]
    const removed = (await stat(join(this.#removedDir, day)).catch(() => null)) !== null
    // Before the station's first recording there is no gap; after the present there is none yet.
    const oldestMs = this.#budget.oldestMs ?? first?.fromMs ?? toMs
    const lastMs = Math.min(toMs, segments.at(-1)?.finished === false ? (segments.at(-1)?.toMs ?? toMs) : this.#ports.clock.now())
    return {
      day,
      outputId,
      segments: [...segments],
      gaps: removed
        ? findGaps(segments, [], fromMs, lastMs).map((gap) => ({ ...gap, reason: 'removed' as const }))
        : [...findGaps(segments, rows, Math.max(fromMs, Math.min(oldestMs, first?.fromMs ?? toMs)), lastMs)],
      budget: this.#budget,
    }
  }

  async file(segmentId: SegmentId): Promise<SegmentFile> {
    const { path, finished } = await this.#find(segmentId)
    if (finished !== null) return { kind: 'opus', path, bytes: finished.bytes }
    return { kind: 'pcm', path, bytes: await flushedBytes(path), skipBytes: wavHeaderBytes }
  }

  /** The overview of a segment; of one that is still the recorder's, as far as it is on the disk. */
  async peaks(segmentId: SegmentId): Promise<Peaks> {
    const { path, finished } = await this.#find(segmentId)
    const values =
      finished === null
        ? await this.#overviews.of(path, wavHeaderBytes, await flushedBytes(path))
        : new Int8Array(new Uint8Array(await readFile(path.replace(/\.opus$/, '.peaks'))).buffer)
    const pick = (offset: number) => Array.from({ length: values.length >> 1 }, (_, index) => (values[2 * index + offset] ?? 0) / 128)
    return { bucketMs, min: pick(0), max: pick(1) }
  }

  #begin(): void {
    this.#round ??= this.round()
      .catch((error: unknown) => this.#ports.onError(error))
      .finally(() => {
        this.#round = null
      })
  }

  async #segments(day: BroadcastDay, outputId: OutputId, fromMs: number, toMs: number): Promise<readonly AirCheckSegment[]> {
    const output = outputInName(outputId)
    const [before, kept, tapes] = await Promise.all([this.#kept(addDays(day, -1)), this.#kept(day), this.#tapes()])
    const known = new Map<string, AirCheckSegment>()
    for (const tape of tapes.filter((each) => each.output === output)) {
      const durationMs = Math.round((await flushedBytes(tape.path).catch(() => 0)) / wavBytesPerMs)
      known.set(tape.id, { segmentId: tape.id as SegmentId, fromMs: tape.fromMs, toMs: epochMs(tape.fromMs + durationMs), finished: false })
    }
    for (const segment of [...before, ...kept].filter((each) => each.output === output)) {
      const toAtMs = epochMs(segment.fromMs + (segment.finished?.durationMs ?? 0))
      known.set(segment.id, { segmentId: segment.id as SegmentId, fromMs: segment.fromMs, toMs: toAtMs, finished: true })
    }
    return [...known.values()].filter((each) => each.toMs > fromMs && each.fromMs < toMs).sort((a, b) => a.fromMs - b.fromMs)
  }

  async #find(segmentId: SegmentId): Promise<Stored> {
    const name = isSegmentId(segmentId) ? parseSegmentName(`${segmentId}.wav`) : null
    if (name === null) throw new OperatorError('NOT_FOUND', { segmentId })
    const kept = (await this.#kept(folderOf(name.fromMs))).find((each) => each.id === segmentId)
    const found = kept ?? (await this.#tapes()).find((each) => each.id === segmentId)
    if (found === undefined) throw new OperatorError('NOT_FOUND', { segmentId })
    return found
  }

  #tapes(): Promise<readonly Stored[]> {
    return listSegments(this.#tapeDir, '.wav')
  }

  #kept(day: BroadcastDay): Promise<readonly Stored[]> {
    return listSegments(join(this.#keptDir, day), '.opus')
  }

  /** What is to be encoded now: every tape that is closed, and one of those that failed, so that these keep nobody else back. */
  async #closedTapes(closedAfter: number): Promise<readonly Stored[]> {
    const tapes = [...(await this.#tapes())].sort((a, b) => a.fromMs - b.fromMs)
    for (const id of this.#failed.keys()) if (!tapes.some((tape) => tape.id === id)) this.#failed.delete(id)
    const now = Date.now()
    const closed: Stored[] = []
    for (const tape of tapes) {
      const newer = tapes.some((other) => other.output === tape.output && other.fromMs > tape.fromMs)
      const idleMs = now - ((await stat(tape.path).catch(() => null))?.mtimeMs ?? now)
      if (!this.#failed.has(tape.id) && idleMs > (newer ? Math.min(closedAfter, 5_000) : closedAfter)) closed.push(tape)
    }
    const due = tapes.find((tape) => (this.#failed.get(tape.id)?.dueMs ?? Number.POSITIVE_INFINITY) <= this.#ports.clock.monotonic())
    return due === undefined ? closed : [...closed, due]
  }

  /** Encoded, named by what it became, written down with its hash; only then the recorder's file goes. */
  async #keep(tape: Stored): Promise<void> {
    const folder = join(this.#keptDir, folderOf(tape.fromMs))
    try {
      await mkdir(folder, { recursive: true })
      const made = await runEncoder({ wavPath: tape.path, folder, id: tape.id }, this.#abort.signal)
      if (made !== null)
        this.#ports.note('recording.kept', `${tape.id}`, {
          fromMs: tape.fromMs,
          durationMs: made.durationMs,
          bytes: made.bytes,
          sha256: made.sha256,
        })
      await rm(tape.path, { force: true })
      this.#failed.delete(tape.id)
    } catch (error) {
      if (this.#closing) return
      // Kept as it is and tried again, for what was missing may have been room or a core; told once. The recorder lets go of it after
      // its own hours, and a person may still look.
      const before = this.#failed.get(tape.id)
      const pauseMs = before === undefined ? firstRetryMs : Math.min(longestRetryMs, 2 * before.pauseMs)
      this.#failed.set(tape.id, { dueMs: this.#ports.clock.monotonic() + pauseMs, pauseMs })
      if (before !== undefined) return
      this.#ports.note('recording.failed', tape.id, { reason: error instanceof Error ? error.message : String(error) })
      this.#ports.onError(error)
    }
  }

  /** Oldest day first: as many as the room takes, and of those that are older than they may be one in 12 h. */
  async #makeRoom(): Promise<void> {
    const days = (await readdir(this.#keptDir).catch(() => [] as string[])).filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name)).sort()
    const sizes: { day: BroadcastDay; bytes: number; fromMs: number }[] = []
    for (const name of days) {
      const day = name as BroadcastDay
      const segments = await this.#kept(day)
      const bytes = segments.reduce((sum, segment) => sum + (segment.finished?.bytes ?? 0), 0)
      sizes.push({ day, bytes, fromMs: Math.min(...segments.map((segment) => segment.fromMs), startOfDay(addDays(day, 1))) })
    }
    const disk = await statfs(this.#tapeDir).catch(() => null)
    let freeBytes = disk === null ? 0 : disk.bavail * disk.bsize
    let usedBytes = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
    const { clock, keepDays, maxBytes } = this.#ports
    const [wallMs, monotonicMs] = [clock.now(), clock.monotonic()]
    const noRoom = () => (maxBytes !== null && usedBytes > maxBytes) || freeBytes < reserveBytes / 4
    const tooOld = (day: BroadcastDay) => monotonicMs >= this.#nextByAgeMs && startOfDay(addDays(day, 1)) < wallMs - keepDays * 86_400_000
    for (let oldest = sizes[0]; disk !== null && sizes.length > 1 && oldest !== undefined; oldest = sizes[0]) {
      const forRoom = noRoom()
      if (!forRoom && !tooOld(oldest.day)) break
      if (!forRoom) this.#nextByAgeMs = monotonicMs + byAgeEveryMs
      sizes.shift()
      await this.#remove(oldest.day)
      usedBytes -= oldest.bytes
      freeBytes += oldest.bytes
    }
    const { bytesPerDay } = this.#budget
    const room = Math.min(
      Math.max(0, freeBytes - reserveBytes),
      maxBytes === null ? Number.POSITIVE_INFINITY : Math.max(0, maxBytes - usedBytes),
    )
    const daysLeft = Math.floor(room / bytesPerDay)
    const oldestMs = sizes[0] === undefined ? null : epochMs(sizes[0].fromMs)
    this.#budget = { usedBytes, freeBytes, bytesPerDay, daysLeft, keepDays, oldestMs }
    if (disk !== null) this.#ports.onBudget(this.#budget, daysLeft + Math.round(usedBytes / bytesPerDay) < leastKeepDays)
  }

  async #remove(day: BroadcastDay): Promise<void> {
    const folder = join(this.#keptDir, day)
    const names = await readdir(folder)
    await mkdir(this.#removedDir, { recursive: true })
    await writeFile(join(this.#removedDir, day), '')
    for (const name of names) await rm(join(folder, name), { force: true })
    await rmdir(folder)
    const hash = createHash('sha256').update(names.sort().join('\n')).digest('hex')
    this.#ports.note('recording.removed', day, { segments: names.filter((name) => name.endsWith('.opus')).length, sha256: hash })
  }
}

async function listSegments(folder: string, ending: string): Promise<readonly Stored[]> {
  const names = await readdir(folder).catch(() => [] as string[])
  return names.flatMap((name) => {
    const parsed = name.endsWith(ending) ? parseSegmentName(name) : null
    return parsed === null ? [] : [{ ...parsed, path: join(folder, name) }]
  })
}

/** Whole samples on the disk, bytes. The file may be ahead of its header; then it is read on after the next flush. */
async function flushedBytes(path: string): Promise<number> {
  const bytes = (await stat(path)).size - wavHeaderBytes
  return Math.max(0, bytes - (bytes % 4))
}

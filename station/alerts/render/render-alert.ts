// From what the operator wrote to the two files that would air: refusals first, then the words around the text, then the
// speech process. Everything made here is at −20 LUFS as it sounds from both channels (true peak ≤ −1 dBTP): 3 LU over
// the programme's −23, so that a warning is understood over rain and an open kitchen, and clipping none of the plant.
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { AlertDraft, AlertView } from '../../../shared/domain/alert.ts'
import type { Clock } from '../../../shared/domain/clock.ts'
import { OperatorError } from '../../../shared/domain/errors.ts'
import type { AlertId, CartId } from '../../../shared/domain/ids.ts'
import { clockText, dateText, type EpochMs } from '../../../shared/domain/time.ts'
import type { SpeechEngine } from '../speech/engine.ts'
import { drillReminderEveryMs, drillWords, refuseDenial } from './drill-rules.ts'
import { normaliseVi } from './normalise-vi.ts'
import { type Phrase, toPhrases } from './phrases.ts'
import type { RenderJob } from './render-job.ts'

/** Loudness of alerts and their attention signal, LUFS. */
export const alertLufs = -20
/**
 * Longest alert with its attention signal and all its readings, ms: 81 MB in the audio process, so that one on air, one armed after it
 * and a short correction fit there together.
 */
export const maxTotalMs = 14 * 60_000
/** A bulletin older than this begins with its time of issue; a fresh one ends with it (QĐ 18/2021: repeats restate it), ms. */
const staleAfterMs = 60 * 60_000
/** Renderings of one alert whose files are kept: the one that may still be armed or on air, and the new one. */
const keptRenderings = 2

export interface AlertRendererPorts {
  readonly speech: SpeechEngine
  readonly clock: Clock
  /** The station's data folder; files go to `alerts/<alertId>/` in it. */
  readonly dataDir: string
  /** Air copy of a recording, proven playable; throws an OperatorError where it is not. */
  recording(cartId: CartId): Promise<{ readonly path: string; readonly frames: number }>
  /** Voice for the words around a recording. */
  readonly voice: string
  /** Silence the audio process leaves between two readings, ms. */
  readonly gapMs: number
  /**
   * true: the body file holds all readings with "xin nhắc lại" between them, and is to be fired with `bodyRepeats: 1`.
   * false: it holds one reading, which the audio process repeats.
   */
  readonly joinReadings: boolean
}

export interface RenderedAlertFiles {
  readonly attentionPath: string | null
  readonly bodyPath: string
  readonly gainDb: number
  readonly audio: NonNullable<AlertView['audio']>
}

export type AlertRenderer = (alertId: AlertId, draft: AlertDraft, signal?: AbortSignal) => Promise<RenderedAlertFiles>

export function createAlertRenderer(ports: AlertRendererPorts): AlertRenderer {
  return async (alertId, draft, signal) => {
    const outDir = join(ports.dataDir, 'alerts', alertId)
    const job = await buildJob(ports, draft, outDir)
    const files = await ports.speech.run(job, signal)
    await removeOldRenderings(outDir)
    const repeats = ports.joinReadings ? 1 : draft.readings
    return {
      attentionPath: files.attentionPath,
      bodyPath: files.bodyPath,
      gainDb: 0,
      audio: {
        sha256: files.sha256,
        attentionMs: files.attentionMs,
        bodyMs: files.bodyMs,
        totalMs: files.attentionMs + files.bodyMs * repeats + ports.gapMs * (repeats - 1),
        integratedLufs: files.integratedLufs,
        truePeakDbtp: files.truePeakDbtp,
        spokenText: files.spokenText,
        peaks: [...files.peaks],
        words: files.words.map((word) => ({ ...word })),
      },
    }
  }
}

async function buildJob(ports: AlertRendererPorts, draft: AlertDraft, outDir: string): Promise<RenderJob> {
  const drill = draft.mode === 'drill'
  const { source } = draft
  if (drill) refuseDenial(source.kind === 'text' ? `${draft.title}\n${source.text}` : draft.title)
  const issued = issueWords(draft.issuedAtMs)
  const stale = draft.issuedAtMs !== null && ports.clock.now() - draft.issuedAtMs > staleAfterMs
  return {
    kind: 'render',
    voice: source.kind === 'text' ? source.voice : ports.voice,
    source:
      source.kind === 'text'
        ? { kind: 'phrases', phrases: textPhrases(source.text) }
        : { kind: 'pcm', ...(await ports.recording(source.cartId)) },
    before: [...(drill ? [phrase(drillWords.prefix)] : []), ...(stale ? issued : [])],
    after: [...(stale ? [] : issued), ...(drill ? [phrase(drillWords.last)] : [])],
    reminder: drill ? { phrase: phrase(drillWords.reminder), everyMs: drillReminderEveryMs } : null,
    readings: ports.joinReadings ? draft.readings : 1,
    between: phrase('Xin nhắc lại.'),
    attention: attentionOf(draft),
    outDir,
    targetLufs: alertLufs,
    maxTotalMs,
  }
}

function attentionOf(draft: AlertDraft): RenderJob['attention'] {
  if (!draft.attentionTone) return { kind: 'none' }
  return draft.mode === 'drill' ? { kind: 'spoken', phrase: phrase(drillWords.prefix) } : { kind: 'tone' }
}

function textPhrases(text: string): Phrase[] {
  const slot = /\{[^{}\n]{1,60}\}/.exec(text)
  if (slot) throw new OperatorError('INVALID_INPUT', { field: 'text', slot: slot[0] })
  const phrases = toPhrases(normaliseVi(text))
  if (phrases.length === 0) throw new OperatorError('TEXT_EMPTY', {})
  return phrases
}

function issueWords(issuedAtMs: EpochMs | null): Phrase[] {
  if (issuedAtMs === null) return []
  return [phrase(normaliseVi(`Tin phát lúc ${clockText(issuedAtMs).slice(0, 5)}, ngày ${dateText(issuedAtMs)}.`))]
}

function phrase(text: string): Phrase {
  return { text, pauseAfterMs: 700 }
}

/** File names carry no order, so the time of writing decides. */
async function removeOldRenderings(outDir: string): Promise<void> {
  const names = await readdir(outDir)
  const dated = await Promise.all(names.map(async (name) => ({ path: join(outDir, name), atMs: (await stat(join(outDir, name))).mtimeMs })))
  const bodies = dated.filter((file) => file.path.includes('body-')).sort((a, b) => b.atMs - a.atMs)
  const oldest = bodies[keptRenderings - 1]
  if (oldest === undefined) return
  // An attention file is finished before its body; a minute is more than a rendering takes apart from it.
  for (const file of dated) if (file.atMs < oldest.atMs - 60_000) await rm(file.path, { force: true })
}

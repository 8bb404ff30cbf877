// `media inspect FILE…`: what the library would make of a file, by the same process the import runs; nothing is kept.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { systemClock } from '../../shared/domain/clock.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import { defaultImportLimits, runIngest } from '../library/index.ts'
import { type Command, type ExitCode, printJson, refuseArguments } from './output.ts'

const longestMs = 6 * 3_600_000

export const mediaInspect: Command = {
  usage: 'media inspect FILE…',
  summary: 'decode and measure recordings as an import would, keeping nothing',
  async run(args, io) {
    if (args.length === 0) return refuseArguments(io, mediaInspect, 'at least one FILE is needed')
    let worst: ExitCode = 0
    for (const file of args) {
      const answer = await inspect(file)
      printJson(io, answer)
      if (answer.verdict === 'refused') worst = answer.code === 'NOT_FOUND' ? 2 : worst === 2 ? 2 : 1
    }
    return worst
  },
}

type Answer =
  | { readonly file: string; readonly verdict: 'accepted'; readonly [figure: string]: string | number | null }
  | { readonly file: string; readonly verdict: 'refused'; readonly code: string; readonly [detail: string]: string | number }

async function inspect(file: string): Promise<Answer> {
  const workDir = await mkdtemp(join(tmpdir(), 'truc-song-inspect-'))
  const { maxBytes, maxMemoryBytes, timeoutMs } = defaultImportLimits
  const nothing = () => undefined
  try {
    const job = { sourcePath: resolve(file), sourceIsPrivate: false, workDir, maxDurationMs: longestMs, maxBytes, maxMemoryBytes }
    const run = { timeoutMs, clock: systemClock, signal: new AbortController().signal, onHashed: nothing, onProgress: nothing }
    const { peaks, ...figures } = await runIngest(job, run)
    return { file, verdict: 'accepted', ...figures, peakBuckets: peaks.min.length }
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return { file, verdict: 'refused', ...error.detail, code: error.code }
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

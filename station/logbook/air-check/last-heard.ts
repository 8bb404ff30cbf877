// When an output was last heard, by the file its recorder was writing: the one witness that lived in the audio process.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type EpochMs, epochMs } from '../../../shared/domain/time.ts'
import { outputInName } from './segment-name.ts'

/** To a third of a second, which the recorder takes at a time. @param otherwiseMs nothing was recorded, or after this moment */
export async function lastHeardMs(dataDir: string, outputId: string, otherwiseMs: EpochMs): Promise<EpochMs> {
  const folder = join(dataDir, 'recordings')
  const names = await readdir(folder).catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
    throw cause
  })
  const mine = names.filter((name) => name.startsWith(`${outputInName(outputId)}_`) && name.endsWith('.wav'))
  const written = await Promise.all(mine.map(async (name) => (await stat(join(folder, name))).mtimeMs))
  return mine.length === 0 ? otherwiseMs : epochMs(Math.round(Math.min(otherwiseMs, Math.max(...written))))
}

// The training data folder: made, or emptied on request. Only a folder that carries the district's own mark is ever emptied,
// so that `--fresh --data` pointed at a real station's folder, or at somebody's home, removes nothing.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The district's state file doubles as its mark. */
export const districtFile = 'district.json'

/** Throws an Error a person can read when the folder is not a training district's. */
export function prepareDataFolder(dir: string, fresh: boolean): 'new' | 'kept' | 'emptied' {
  const holds = existsSync(dir) ? readdirSync(dir) : []
  if (holds.length > 0 && !existsSync(join(dir, districtFile))) {
    throw new Error(`${dir}: không phải thư mục tập huấn (không có ${districtFile}); không đụng tới. / not a training folder, left alone`)
  }
  if (fresh) for (const name of holds) rmSync(join(dir, name), { recursive: true, force: true })
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  // Marked before anything else is written, so that a start that failed half way does not lock its own folder.
  if (!existsSync(join(dir, districtFile))) writeFileSync(join(dir, districtFile), '{}\n')
  return fresh ? 'emptied' : holds.length === 0 ? 'new' : 'kept'
}

// A province's folder as a test looks at it: its files, and the rows that were laid down there.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RecordBatch, type StationRecord } from '../../shared/domain/province.ts'

/** Paths of all files below a folder; links are none. */
export function filesIn(folder: string): string[] {
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : []
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** Throws where a file of rows is not whole. A row whose batch was cut short may come twice. */
export function recordsIn(folder: string): StationRecord[] {
  return filesIn(join(folder, 'records'))
    .filter((path) => path.endsWith('.json'))
    .flatMap((path) => RecordBatch.parse(JSON.parse(readFileSync(path, 'utf8'))).records)
}

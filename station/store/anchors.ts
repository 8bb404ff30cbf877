// Heads of the logbook that are kept outside its rows: one sealed in the database, one in the file beside it, and those the province holds.
import { headsSetting, WitnessedHead } from '../../shared/domain/province.ts'
import type { Anchor } from '../logbook/index.ts'
import type { ReadConnection } from './connection.ts'
import { headFilePath, readHeadFile } from './head-file.ts'
import { createLogbookReader, sealedHead } from './logbook-reader.ts'
import { createSettingsReader } from './settings-repository.ts'

/** How the newest row agrees with what was sealed elsewhere. `absent`: no file, which a first start or a power cut explains. */
export type AnchorState =
  | { readonly state: 'agrees' }
  | { readonly state: 'absent' }
  | { readonly state: 'mismatch'; readonly reason: string }

/** Heads to verify the chain of this database against. A head file nobody can read counts as none here; `checkAnchor` reports it. */
export function collectAnchors(db: ReadConnection): Anchor[] {
  const inside = sealedHead(db)
  const file = readHeadFile(headFilePath(db.name))
  const anchors: Anchor[] = []
  if (inside !== null) anchors.push({ ...inside, where: 'the database head' })
  if (file !== null && file !== 'unreadable') anchors.push({ ...file, where: 'logbook-head.json' })
  anchors.push(...heldByTheProvince(db))
  return anchors
}

/** A database whose making was cut by a power failure has a logbook and no settings yet. */
function heldByTheProvince(db: ReadConnection): Anchor[] {
  if (db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'settings'`).get() === undefined) return []
  const told = WitnessedHead.array().safeParse(createSettingsReader(db).get(headsSetting))
  return told.success ? told.data.map(({ seq, hash }) => ({ seq, hash, where: 'the province' })) : []
}

/** The quick check at every start: only number and hash of the anchored rows are read, not what they say, and not the chain. */
export function checkAnchor(db: ReadConnection): AnchorState {
  const { head, headAt } = createLogbookReader(db)
  const newest = head()
  const inside = sealedHead(db)
  if (inside !== null && (inside.seq !== newest.seq || inside.hash !== newest.hash)) {
    return { state: 'mismatch', reason: `the database head is sealed at row ${inside.seq}, the newest row is ${newest.seq}` }
  }
  const file = readHeadFile(headFilePath(db.name))
  if (file === 'unreadable') return { state: 'mismatch', reason: 'logbook-head.json was not written by this program' }
  if (file === null) return { state: 'absent' }
  if (file.seq > newest.seq)
    return { state: 'mismatch', reason: `logbook-head.json is sealed at row ${file.seq}, the newest row is ${newest.seq}` }
  if (file.seq === 0) return { state: 'agrees' }
  if (headAt(file.seq)?.hash === file.hash) return { state: 'agrees' }
  return { state: 'mismatch', reason: `row ${file.seq} is not the row sealed in logbook-head.json` }
}

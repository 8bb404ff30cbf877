// The operator's own key map: the defaults with what was changed laid over them, checked for conflicts, kept in the
// browser. A stored map that no longer makes sense is dropped row by row, never as a whole.
import { chordProblem } from './chord.ts'
import { type ActionId, actionIds, defaultKeyMap, type KeyMap } from './actions.ts'

export type RemapProblem =
  | { readonly kind: 'conflict'; readonly with: ActionId }
  | { readonly kind: 'bareLetter' }
  | { readonly kind: 'inputMethod' }
  | { readonly kind: 'system' }

/** Why `chord` cannot be given to `action` in this map, null when it can. */
export function remapProblem(map: KeyMap, action: ActionId, chord: string): RemapProblem | null {
  const problem = chordProblem(chord)
  if (problem !== null) return { kind: problem }
  const taken = actionIds.find((id) => id !== action && map[id] === chord)
  return taken === undefined ? null : { kind: 'conflict', with: taken }
}

/** The stored map over the defaults; entries that are unknown, unusable or in conflict are left out. */
export function readKeyMap(stored: string | null): KeyMap {
  let map = defaultKeyMap()
  for (const [id, chord] of Object.entries(parseObject(stored))) {
    if (typeof chord !== 'string' || !isAction(id)) continue
    if (remapProblem(map, id, chord) === null) map = { ...map, [id]: chord }
  }
  return map
}

/** Only what differs from the defaults is stored. */
export function writeKeyMap(map: KeyMap): string {
  const defaults = defaultKeyMap()
  return JSON.stringify(Object.fromEntries(actionIds.filter((id) => map[id] !== defaults[id]).map((id) => [id, map[id]])))
}

function isAction(id: string): id is ActionId {
  return (actionIds as readonly string[]).includes(id)
}

function parseObject(text: string | null): Record<string, unknown> {
  if (text === null) return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch (error) {
    console.info('stored key map unreadable, defaults used', error)
    return {}
  }
}

// A JSON file of the station that carries its own signature, as its last member: what is signed is the file's text with that member cut
// out, so that any program can check it without spelling JSON as we do. Pure.
import type { StationKey } from './station-key.ts'

/** Bytes that a signature adds at most. */
export const signatureBytes = 512
const member = /,"signature":"([A-Za-z0-9_.-]{1,450})"\}$/

/** @param text JSON of an object that is not empty */
export function signedText(text: string, key: StationKey): string {
  return `${text.slice(0, -1)},"signature":"${key.sign(text)}"}`
}

/** Whether a file that says it is this station's was changed. One without our signature may be older, or the province's: it is not. */
export function wasChanged(text: string, key: StationKey): boolean {
  const found = member.exec(text)
  return found !== null && key.judge(`${text.slice(0, found.index)}}`, found[1] ?? '') === 'wrong'
}

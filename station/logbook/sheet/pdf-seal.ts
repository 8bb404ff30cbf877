// The seal inside a PDF, as PDF signatures do it: a place of fixed length in the document's information, blank while the whole file is
// hashed, then filled. Every other byte of the file counts, also what somebody appends to it.
import { BugError } from '../../../shared/domain/errors.ts'
import { badPaper, type PaperVerdict, readSeal, type Seal, sealText, sha256Of, verifyPaper } from './sheet-seal.ts'

const mark = 'TRUCSONGSEAL:'
const placeBytes = 4096

/** What the document's information carries until it is sealed. */
export const blankSeal = `${mark}${'0'.repeat(placeBytes)}`

export async function sealPdf(pdf: Buffer, seal: Seal): Promise<Buffer> {
  const at = placeOf(pdf)
  if (at === null) throw new BugError('the sheet has no place for its seal')
  const row = await seal({ format: 'pdf', sha256: sha256Of(pdf) })
  const hex = Buffer.from(sealText(row), 'utf8').toString('hex')
  if (hex.length > placeBytes) throw new BugError(`the seal of the sheet takes ${hex.length} bytes`)
  const sealed = Buffer.from(pdf)
  // Padded with spaces of JSON.
  sealed.write(hex.padEnd(placeBytes, '20'), at, 'latin1')
  return sealed
}

export function verifyPdf(pdf: Buffer): PaperVerdict {
  const at = placeOf(pdf)
  if (at === null) return badPaper('no seal, or more than one: not a day sheet of this program, or written anew by another')
  const row = readSeal(Buffer.from(pdf.toString('latin1', at, at + placeBytes), 'hex').toString('utf8'))
  if (row === null) return badPaper('the seal cannot be read: it was changed')
  const blank = Buffer.from(pdf)
  blank.fill('0', at, at + placeBytes, 'latin1')
  return { verdict: verifyPaper(row, { format: 'pdf', sha256: sha256Of(blank) }, 0), seal: row, reach: null }
}

/** Where the seal stands; null where it stands nowhere or twice, or is cut off. */
function placeOf(pdf: Buffer): number | null {
  const at = pdf.indexOf(mark, 0, 'latin1')
  if (at < 0 || pdf.indexOf(mark, at + 1, 'latin1') >= 0) return null
  const from = at + mark.length
  return /^[0-9a-f]+$/.test(pdf.toString('latin1', from, from + placeBytes)) && pdf.length > from + placeBytes ? from : null
}

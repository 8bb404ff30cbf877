// The files of a zip archive (what an .xlsx is), read strictly: a name twice, another method than deflate, or more than a spreadsheet of
// ours can hold is refused. Throws with the reason.
import { inflateRawSync } from 'node:zlib'

const endMark = Buffer.from('PK\u0005\u0006', 'latin1')
const entryMark = 0x02014b50
const localMark = 0x04034b50
const longestFileBytes = 256e6
const mostFiles = 500

export function zipFiles(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf(endMark)
  if (end < 0) throw new Error('not a spreadsheet: no archive')
  const count = zip.readUInt16LE(end + 10)
  if (count > mostFiles) throw new Error(`not a spreadsheet of ours: ${count} files`)
  const files = new Map<string, Buffer>()
  let at = zip.readUInt32LE(end + 16)
  for (let index = 0; index < count; index += 1) {
    if (zip.readUInt32LE(at) !== entryMark) throw new Error('the archive is damaged')
    const method = zip.readUInt16LE(at + 10)
    const packedBytes = zip.readUInt32LE(at + 20)
    const nameBytes = zip.readUInt16LE(at + 28)
    const name = zip.toString('utf8', at + 46, at + 46 + nameBytes)
    const local = zip.readUInt32LE(at + 42)
    if (zip.readUInt32LE(local) !== localMark) throw new Error('the archive is damaged')
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const packed = zip.subarray(from, from + packedBytes)
    if (files.has(name)) throw new Error(`the archive holds ${name} twice`)
    if (method !== 0 && method !== 8) throw new Error(`${name} is packed in a way we do not read`)
    files.set(name, method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: longestFileBytes }))
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return files
}

// The papers of a day as evidence: the spreadsheet with every kind of row × every way to tamper with its rows, by somebody who leaves
// the seal as it was and by somebody who seals it anew; the PDF with bytes changed all over it. Judged by `logbook verify`.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ChainVerdict, LogKind, LogRow } from '../shared/domain/logbook.ts'
import { sheetPdf } from '../station/logbook/sheet/sheet-pdf.ts'
import type { Seal } from '../station/logbook/sheet/sheet-seal.ts'
import { sheetXlsx } from '../station/logbook/sheet/sheet-xlsx.ts'
import { dayPaper, sealedOn } from '../test/support/day-paper.ts'
import { rewritings, tamperings } from '../test/support/tampering.ts'
import { type Result, result } from './report.ts'

export interface PaperMatrix {
  readonly folder: string
  readonly kinds: readonly LogKind[]
  readonly rows: readonly LogRow[]
  /** Where the row of a kind stands among them. */
  indexOf(kind: LogKind): number
  verdictOf(path: string, more: readonly string[]): Promise<ChainVerdict>
  /** Makes a logbook of these rows, as the station would have it; answers its folder. */
  logbookOf(rows: readonly LogRow[]): string
}

/** Bytes of the PDF that are changed, one at a time, evenly over it. */
const changedBytes = 200

class Tally {
  cells = 0
  found = 0
  named = 0

  /** @param firstBadSeq null = no row is concerned */
  count(verdict: ChainVerdict, firstBadSeq: number | null, words: string): void {
    this.cells += 1
    if (!verdict.ok) this.found += 1
    if (!verdict.ok && (firstBadSeq === null || verdict.firstBadSeq === firstBadSeq)) this.named += 1
    else process.stderr.write(`${words}: ${JSON.stringify(verdict)}, want row ${firstBadSeq}\n`)
  }

  results(name: string, untouched: boolean): Result[] {
    return [
      result(`tamper matrix, ${name}: cells`, this.cells, 'cells'),
      result(`tamper matrix, ${name}: found`, (this.found / this.cells) * 100, '%', { min: 100 }),
      result(`tamper matrix, ${name}: first bad row named`, (this.named / this.cells) * 100, '%', { min: 100 }),
      result(`tamper matrix, ${name}: untouched one called whole`, untouched ? 100 : 0, '%', { min: 100 }),
    ]
  }
}

export async function papers(matrix: PaperMatrix): Promise<Result[]> {
  return [...(await spreadsheets(matrix)), ...(await pdfs(matrix))]
}

async function spreadsheets({ folder, kinds, rows, indexOf, verdictOf, logbookOf }: PaperMatrix): Promise<Result[]> {
  const path = join(folder, 'phieu.xlsx')
  const put = async (paperRows: readonly LogRow[], seal: Seal) => writeFileSync(path, await sheetXlsx(dayPaper, paperRows, seal))
  const tally = new Tally()
  const [kept, sealing] = keeping(rows)
  await put(rows, sealing)
  const seal = kept()
  const against = ['--logbook', logbookOf([...rows, seal])]
  const untouched = (await verdictOf(path, against)).ok
  for (const kind of kinds) {
    const at = indexOf(kind)
    for (const [name, { rows: change, foundAfter }] of Object.entries(tamperings)) {
      await put(change(rows, at), () => Promise.resolve(seal))
      // Rows of which only the last are gone stand by themselves: the page they stood on is named, under the seal's own row.
      const wanted = name === 'truncate' ? seal.seq : at + 1 + foundAfter
      tally.count(await verdictOf(path, []), wanted, `${kind}, ${name}`)
    }
    for (const [name, change] of Object.entries(rewritings)) {
      const rewritten = change(rows, at)
      await put(rewritten, () => Promise.resolve(seal))
      tally.count(await verdictOf(path, []), seal.seq, `${kind}, ${name} and re-hash`)
      await put(rewritten, sealedOn(rewritten))
      tally.count(await verdictOf(path, against), rewritten.length + 1, `${kind}, ${name}, re-hash and seal anew`)
    }
  }
  return tally.results('spreadsheet', untouched)
}

async function pdfs({ folder, rows, verdictOf, logbookOf }: PaperMatrix): Promise<Result[]> {
  const path = join(folder, 'phieu.pdf')
  const tally = new Tally()
  const [kept, sealing] = keeping(rows)
  writeFileSync(path, await sheetPdf(dayPaper, sealing))
  const seal = kept()
  const against = ['--logbook', logbookOf([...rows, seal])]
  const untouched = (await verdictOf(path, against)).ok
  const clean = readFileSync(path)
  const judge = async (bytes: Uint8Array, words: string, firstBadSeq: number | null, more: readonly string[] = []) => {
    writeFileSync(path, bytes)
    tally.count(await verdictOf(path, more), firstBadSeq, `pdf, ${words}`)
  }
  for (let step = 0; step < changedBytes; step += 1) {
    const at = Math.floor(((step + 0.5) / changedBytes) * clean.length)
    await judge(clean.with(at, (clean[at] ?? 0) ^ 1), `byte ${at}`, null)
  }
  await judge(Buffer.concat([clean, Buffer.from('\n% thêm\n')]), 'something behind its end', seal.seq)
  await judge(clean.subarray(0, clean.length - 1), 'cut by a byte', seal.seq)
  const other = { ...dayPaper, station: { ...dayPaper.station, name: 'Đài khác' } }
  await judge(await sheetPdf(other, () => Promise.resolve(seal)), 'another paper under this seal', seal.seq)
  await judge(await sheetPdf(other, sealedOn(rows)), 'another paper, sealed anew', seal.seq, against)
  return tally.results('PDF', untouched)
}

/** A seal on top of these rows, and how to ask which it was. */
function keeping(rows: readonly LogRow[]): readonly [() => LogRow, Seal] {
  let kept: LogRow | null = null
  const sealing: Seal = async (content) => {
    kept = await sealedOn(rows)(content)
    return kept
  }
  const ask = () => {
    if (kept === null) throw new Error('no paper was made yet')
    return kept
  }
  return [ask, sealing]
}

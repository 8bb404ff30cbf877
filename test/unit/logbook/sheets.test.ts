// The papers of a day, made by the product's own worker: a PDF whose text and font are Vietnamese, a spreadsheet and a CSV in which
// nothing is a formula (X4), and a CSV that `logbook verify` believes only as long as nobody touched it.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inflateRawSync, inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type BroadcastDay, epochMs, startOfDay } from '../../../shared/domain/time.ts'
import { csvLine, csvRows, LogbookService, ReviewService, SheetService } from '../../../station/logbook/index.ts'
import type { DaySheet } from '../../../station/logbook/sheet/day-sheet.ts'
import { sheetPdf } from '../../../station/logbook/sheet/sheet-pdf.ts'
import { numberOf, wordsOf } from '../../../station/logbook/sheet/typed-cells.ts'
import { dayPaper, sealedOn } from '../../support/day-paper.ts'
import { logEntry } from '../../support/log-entries.ts'
import { jsonLines, runCli } from '../../support/run-cli.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openTestStore } from '../../support/test-store.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const day = '2026-08-01' as BroadcastDay
const shower = fileURLToPath(new URL('../../support/show_xlsx.py', import.meta.url))
const evil = ['=cmd|calc', '+1', '@SUM(A1)', '-2', "'=1", '\t=1', ' x', '"quoted", 1\r\n2', '']

async function setUp(other?: Pick<LogbookService, 'note'>) {
  const folder = temporaryFolder('sheets')
  const store = await openTestStore(folder)
  const clock = new VirtualClock(startOfDay(day) + 30 * 3_600_000)
  const logbook = new LogbookService({ store: store.logbook, bootId: 'boot-1', clock, onTrouble: (error) => expect.fail(error.message) })
  const review = new ReviewService({ store: { ...store.logbook, items: async () => [] }, logbook, clock, outputIds: ['main'] })
  for (const [index, subject] of [...evil, 'Bản tin “Nậm Có” – đường sạt lở'].entries()) {
    const airing = logEntry({
      kind: 'item.aired',
      phase: 'open',
      actionId: `item/main/x${index}/1`,
      atMs: startOfDay(day),
      subject,
      outputId: index === 0 ? '' : 'main',
    })
    await store.logbook.append(airing)
    await store.logbook.append({ ...airing, phase: 'close', measured: { reason: 'finished' } })
  }
  const sheets = new SheetService({
    station: {
      id: 'nam-co',
      name: 'Đài Nậm Có',
      place: ['Lào Cai'],
      training: true,
      outputs: [{ outputId: 'main', name: 'Chương trình' }],
    },
    review,
    logbook: other ?? logbook,
    clock,
    rows: store.logbook.rows,
    head: store.logbook.head,
  })
  return { folder, store, sheets, review }
}

/** Every deflated stream of a PDF, as text. */
function streamsOf(pdf: Buffer): string[] {
  const found: string[] = []
  for (let at = pdf.indexOf('stream\n'); at >= 0; at = pdf.indexOf('stream\n', at + 7)) {
    const end = pdf.indexOf('endstream', at)
    const bytes = pdf.subarray(at + 7, end)
    if (bytes[0] === 0x78) found.push(inflateSync(bytes, { finishFlush: 2 }).toString('latin1'))
  }
  return found
}

/** The words of each page, by each font's own map from glyph to character; what another font shows is noise in it. */
function shownIn(pdf: Buffer): string {
  const streams = streamsOf(pdf)
  const maps = streams.flatMap((stream) => {
    const [, list] = /beginbfrange\s*<0000> <[0-9a-f]+> \[([^\]]*)\]/.exec(stream) ?? []
    return list === undefined ? [] : [[...list.matchAll(/<([0-9a-f ]*)>/g)].map(([, hex = '']) => utf16(hex.replaceAll(' ', '')))]
  })
  // A word at a time is drawn, its space with it.
  const pages = streams.map((stream) => [...stream.matchAll(/\[([^\]]*)\] TJ/g)].map(([, glyphs = '']) => glyphs).join(' '))
  const words = (page: string, map: readonly string[]) =>
    [...page.matchAll(/<([0-9a-f]*)>/g)]
      .flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? [])
      .map((glyph) => map[Number.parseInt(glyph, 16)] ?? '')
      .join('')
  return maps.flatMap((map) => pages.map((page) => words(page, map))).join('\n')
}

function utf16(hex: string): string {
  return (hex.match(/.{4}/g) ?? []).map((unit) => String.fromCharCode(Number.parseInt(unit, 16))).join('')
}

/** Files of a zip by name; written for this test alone. */
function unzip(zip: Buffer): Map<string, string> {
  const files = new Map<string, string>()
  const count = zip.readUInt16LE(zip.lastIndexOf('PK\u0005\u0006') + 10)
  let at = zip.readUInt32LE(zip.lastIndexOf('PK\u0005\u0006') + 16)
  for (let index = 0; index < count; index += 1) {
    const [packed, nameBytes, extraBytes, noteBytes] = [
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
    ]
    const name = zip.toString('utf8', at + 46, at + 46 + nameBytes)
    const local = zip.readUInt32LE(at + 42)
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const data = zip.subarray(from, from + packed)
    files.set(name, (zip.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data)).toString('utf8'))
    at += 46 + nameBytes + extraBytes + noteBytes
  }
  return files
}

test('PDF: a Vietnamese font is embedded, every page is numbered, and the head of the chain is in it', async () => {
  const { sheets, store } = await setUp()
  const head = await store.logbook.head()
  const pdf = Buffer.from(await sheets.make(day, 'pdf', 'Lò Thị Mai'))
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  const text = pdf.toString('latin1')
  expect(text).toContain('BeVietnamPro')
  expect(text).toContain('/FontFile2')
  // The subject of the document, as UTF-16 or plain, names the head; the QR code is drawn from the same text.
  expect(text.replaceAll('\u0000', '')).toContain(`truc-song:1:nam-co:${day}:${head.seq}:${head.hash}`)
  // Glyph → character maps: the marks of Vietnamese are there to be searched and copied.
  const maps = streamsOf(pdf)
    .filter((stream) => stream.includes('beginbfrange') || stream.includes('beginbfchar'))
    .join()
  for (const letter of ['ậ', 'ó', 'ả', 'Đ', 'ạ', 'ở'])
    expect(maps.toLowerCase(), letter).toContain(letter.codePointAt(0)?.toString(16).padStart(4, '0'))
  const pages = (text.match(/\/Type \/Page\b(?!s)/g) ?? []).length
  expect(pages).toBeGreaterThanOrEqual(1)
  const shown = shownIn(pdf)
  for (let page = 1; page <= pages; page += 1) expect(shown, `page ${page}`).toContain(`Trang ${page}/${pages}`)
  expect(shown).toContain('Phiếu phát sóng ngày 01/08/2026')
})

test('PDF: the code and the line under it are those of this head; another head draws another code', async () => {
  const drawn = async (head: DaySheet['head']) => {
    const pdf = await sheetPdf({ ...dayPaper, head }, sealedOn([]))
    // The squares of the code, and what is written.
    return {
      squares: streamsOf(pdf).flatMap((stream) => stream.match(/^[\d.-]+ [\d.-]+ [\d.-]+ [\d.-]+ re$/gm) ?? []),
      shown: shownIn(pdf),
    }
  }
  const heads = [7, 8].map((seq) => ({ seq, hash: `${seq}`.repeat(64) }))
  const [one, other, again] = [await drawn(heads[0]!), await drawn(heads[1]!), await drawn(heads[0]!)]
  expect(one.squares.length).toBeGreaterThan(300)
  expect(again.squares).toEqual(one.squares)
  expect(other.squares).not.toEqual(one.squares)
  expect(one.shown).toContain(`hàng 7, mã ${'7'.repeat(64)}`)
})

test('a paper whose row could not be written is not handed out, of any kind', async () => {
  const { sheets } = await setUp({ note: () => Promise.resolve(null) })
  for (const format of ['pdf', 'xlsx', 'csv'] as const)
    await expect(sheets.make(day, format, 'Lò Thị Mai'), format).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
})

test('X4: spreadsheet cells are text by type; the CSV guards them and gives them back as they were', async () => {
  const { sheets, store } = await setUp()
  const files = unzip(Buffer.from(await sheets.make(day, 'xlsx', 'Lò Thị Mai')))
  const pages = [...files].filter(([name]) => /^xl\/worksheets\/sheet\d+\.xml$/.test(name)).map(([, xml]) => xml)
  expect(pages.length).toBe(7)
  for (const page of pages) {
    expect(page).not.toMatch(/<f[ >]/)
    expect(page).not.toMatch(/<c [^>]*t="(?:str|e)"/)
  }
  const csv = Buffer.from(await sheets.make(day, 'csv', 'Lò Thị Mai')).toString('utf8')
  for (const line of csv.split('\r\n')) for (const cell of line.split(',')) expect(cell).not.toMatch(/^"?\s*[=+@|]/)
  const back = [...csvRows(csv)].map((stored) => stored.row)
  const rows = await store.logbook.rows({ day })
  expect(back).toEqual(rows)
  for (const sign of ['=', '+', '-', '@', '|', '%', '\t', '\r', '＝', '＋', '－', '＠'])
    expect(csvLine({ ...rows[0]!, subject: `${sign}abc` }), JSON.stringify(sign)).toContain(`'${sign}abc`)
})

test('C7: the exported CSV verifies as it is, against the head of the paper; a changed, cut or reordered one does not', async () => {
  const { sheets, store, folder } = await setUp()
  // The paper is a row of its own that comes after those on it.
  const head = await store.logbook.head()
  const csv = Buffer.from(await sheets.make(day, 'csv', 'Lò Thị Mai')).toString('utf8')
  const verify = async (text: string, ...more: string[]) => {
    const path = join(folder, 'export.csv')
    writeFileSync(path, text)
    const answer = await runCli('logbook', 'verify', path, ...more)
    const [verdict] = jsonLines(answer)
    expect(answer.code).toBe(verdict.ok ? 0 : 1)
    return verdict
  }
  const kept = ['--head', `${head.seq}:${head.hash}`]
  const lines = csv.split(/(?<=\r\n)(?=\d)/)
  const [header = '', ...rest] = lines
  expect(await verify(csv, ...kept)).toMatchObject({ ok: true, rows: 20 })
  expect(await verify([header, ...rest.slice(4)].join(''), ...kept)).toMatchObject({ ok: true, rows: 16 })
  expect(await verify(csv.replace('sạt lở', 'thông xe'), ...kept)).toMatchObject({ ok: false, firstBadSeq: 19 })
  expect(await verify(csv.replace('01/08/2026', '02/08/2026'), ...kept)).toMatchObject({ ok: false, firstBadSeq: 1 })
  expect(await verify([header, ...rest.slice(0, -2)].join(''))).toMatchObject({ ok: true })
  expect(await verify([header, ...rest.slice(0, -2)].join(''), ...kept)).toMatchObject({ ok: false, firstBadSeq: 19 })
  expect(await verify([header, ...rest.toSpliced(3, 1)].join(''))).toMatchObject({ ok: false, firstBadSeq: 4 })
  expect(await verify('a,b,c\r\n1,2,3\r\n')).toMatchObject({ ok: false })
})

test('spreadsheet: a supervisor sees times, lengths and counts that can be sorted and added, and words as words', async () => {
  const { sheets, store, folder, review } = await setUp()
  const path = join(folder, 'phieu.xlsx')
  for (const [fromMs, lengthMs] of [
    [5 * 3_600_000, 90_000],
    [20 * 3_600_000 + 61_000, 26 * 3_600_000],
  ] as const) {
    const airing = logEntry({
      kind: 'item.aired',
      phase: 'open',
      actionId: `item/main/${fromMs}/1`,
      atMs: epochMs(startOfDay(day) + fromMs),
    })
    await store.logbook.append(airing)
    await store.logbook.append({ ...airing, phase: 'close', atMs: epochMs(airing.atMs + lengthMs), measured: { reason: 'finished' } })
  }
  await review.annotate(day, 'Đã xem lại.', null, 'Lò Thị Mai')
  writeFileSync(path, await sheets.make(day, 'xlsx', 'Lò Thị Mai'))
  const pages = ['Sai khác', 'Đã phát', 'Ghi chú', 'Nhật ký']
  const shown = JSON.parse(execFileSync('/usr/bin/python3', [shower, path, ...pages], { encoding: 'utf8' })) as Record<string, string[][][]>
  const line = (page: string, fromText: string) => shown[page]?.find((cells) => cells[0]?.[1] === fromText) ?? []
  const [time, length, count] = ['hh:mm:ss', '[h]:mm:ss', '0']
  expect(line('Sai khác', '05:00:00')).toEqual([
    ['time', '05:00:00', time],
    ['time', '05:01:30', time],
    ['str', 'Ngoài lịch', 'General'],
    ['str', 'Bản tin sáng', 'General'],
    // Ninety seconds: as words it stood there as 01:30, like half past one.
    ['timedelta', '0:01:30', length],
    ['str', 'chương trình', 'General'],
    ['str', 'Chương trình', 'General'],
    ['NoneType', 'None', 'General'],
  ])
  // A day ends at midnight.
  expect(line('Sai khác', '20:01:01')[4]).toEqual(['timedelta', '3:58:59', length])
  expect(line('Đã phát', '05:00:00').at(-1)).toEqual(['int', '21', count])
  expect(shown['Ghi chú']?.[1]?.slice(0, 2)).toEqual([
    ['datetime', '2026-08-02 06:00:00', 'dd/mm/yyyy hh:mm:ss'],
    ['str', 'Lò Thị Mai', 'General'],
  ])
  // The evidence is words to the last cell: nobody's spreadsheet rounds it.
  expect(new Set(shown['Nhật ký']?.flat().map(([type, , form]) => `${type} ${form}`))).toEqual(new Set(['str General', 'NoneType General']))
})

test('spreadsheet: what becomes a number is read back as the words it was made from; what cannot stays words', () => {
  const words = {
    time: ['00:00:00', '05:01:30', '23:59:59'],
    duration: ['00:00', '01:30', '1:00:00', '26:00:05'],
    moment: ['01/08/2026 00:00:00', '29/02/2028 23:59:59', '31/12/1999 12:34:56'],
    count: ['0', '7', '1234567'],
  } as const
  for (const kind of ['time', 'duration', 'moment', 'count'] as const) {
    // Rounded to what 15 figures hold, as some programs save it.
    const again = words[kind].map((text) => wordsOf(kind, Number((numberOf(kind, text) ?? Number.NaN).toPrecision(15))))
    expect(again).toEqual(words[kind])
    for (const text of ['', '−01:30', 'x', '5 phút']) expect(numberOf(kind, text)).toBeNull()
  }
})

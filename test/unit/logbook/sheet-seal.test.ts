// C6/C7 on papers: `logbook verify` on the PDF and the spreadsheet of a day as they were taken out, and after real tools changed them:
// openpyxl sets a cell, qpdf rewrites a page. Whoever seals the paper anew is found by the logbook or by a head kept elsewhere.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../shared/domain/clock.ts'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import { type BroadcastDay, epochMs, startOfDay } from '../../../shared/domain/time.ts'
import { logbookVerify } from '../../../station/cli/logbook-command.ts'
import { LogbookService, ReviewService, sealRow, SheetService } from '../../../station/logbook/index.ts'
import { readXlsx } from '../../../station/logbook/sheet/xlsx-pages.ts'
import { openStore } from '../../../station/store/index.ts'
import { logEntry } from '../../support/log-entries.ts'
import { jsonLines, runCli } from '../../support/run-cli.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const day = '2026-08-01' as BroadcastDay
const nextDay = '2026-08-02' as BroadcastDay
const editor = fileURLToPath(new URL('../../support/edit_xlsx.py', import.meta.url))
/** What texts from outside may hold, and what a spreadsheet spells otherwise. */
const subjects = [
  'Bản tin “Nậm Có”',
  'Thời tiết',
  'Dân ca',
  '=1+1',
  "'nháy",
  ' ',
  'hai\r\ndòng',
  'dòng\nhai',
  '<b>&amp;</b>',
  'x'.repeat(33_000),
  '\u0007 chuông',
  '',
]
/** Spelled `_x005F_x0041_` for Excel, which openpyxl 3.0 reads wrongly: on the day after, which it does not touch. */
const underscored = '_x0041_'

let folder = ''
let rows: LogRow[] = []
let made: LogRow[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'truc-song-seal-'))
  const store = await openStore({ path: join(folder, 'station.sqlite'), bootId: 'b', clock: systemClock })
  const clock = new VirtualClock(startOfDay(day) + 30 * 3_600_000)
  const logbook = new LogbookService({ store: store.logbook, bootId: 'b', clock, onTrouble: (error) => expect.fail(error.message) })
  const review = new ReviewService({ store: { ...store.logbook, items: async () => [] }, logbook, clock, outputIds: ['main'] })
  await store.logbook.append(logEntry({ atMs: epochMs(startOfDay(day) - 3_600_000), subject: 'hôm trước' }))
  for (const [index, subject] of subjects.entries()) {
    const airing = logEntry({
      kind: 'item.aired',
      phase: 'open',
      actionId: `item/main/${index}`,
      atMs: startOfDay(day),
      subject,
      actor: '',
    })
    await store.logbook.append(airing)
    // A row of another day between them, as a clock that was set leaves it.
    if (index === 3) await store.logbook.append(logEntry({ atMs: epochMs(0), subject: 'đồng hồ sai' }))
    await store.logbook.append({ ...airing, phase: 'close', measured: { reason: 'finished', ghiChu: subject } })
  }
  await store.logbook.append(logEntry({ atMs: epochMs(startOfDay(nextDay)), subject: underscored }))
  const station = { id: 'nam-co', name: 'Đài Nậm Có', place: [], training: false, outputs: [{ outputId: 'main', name: 'Chương trình' }] }
  const sheets = new SheetService({ station, review, logbook, clock, rows: store.logbook.rows, head: store.logbook.head })
  for (const format of ['pdf', 'xlsx'] as const)
    writeFileSync(join(folder, `phieu.${format}`), await sheets.make(day, format, 'Lò Thị Mai'))
  writeFileSync(join(folder, 'phieu.csv'), await sheets.make(day, 'csv', 'Giàng A Sử'))
  writeFileSync(join(folder, 'underscored.xlsx'), await sheets.make(nextDay, 'xlsx', 'x'))
  rows = await store.logbook.rows({ afterSeq: 0 })
  made = rows.filter((row) => row.kind === 'sheet.made' && row.subject === day)
  await logbook.note({ kind: 'operator.command', actor: 'x', outputId: null, subject: 'về sau' })
  await store.close()
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** In this process, but for one: starting the command line takes longer than what it does. */
async function verdictOf(path: string, ...more: readonly string[]): Promise<any> {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await logbookVerify.run([path, ...more], { out: (text) => void out.push(text), err: (text) => void err.push(text) })
  if (code === 2) return { code, err: err.join('') }
  const verdict = JSON.parse(out.join(''))
  expect(code).toBe(verdict.ok ? 0 : 1)
  return verdict
}

const headArgument = (row: LogRow | undefined) => ['--head', `${row?.seq}:${row?.hash}`]

test('taking a paper out is a row, with who did it and what it was, a CSV no less than a PDF', async () => {
  expect(made.map(({ actor, subject, measured }) => [actor, subject, measured?.['format']])).toEqual([
    ['Lò Thị Mai', day, 'pdf'],
    ['Lò Thị Mai', day, 'xlsx'],
    ['Giàng A Sử', day, 'csv'],
  ])
  const csv = readFileSync(join(folder, 'phieu.csv'))
  expect(made[2]?.measured?.['sha256']).toBe(createHash('sha256').update(csv).digest('hex'))
  expect(await verdictOf(join(folder, 'phieu.csv'))).toMatchObject({ ok: true })
})

test('a CSV that another program saved with other line ends or letters of two bytes says the same; a changed word is found', async () => {
  const csv = readFileSync(join(folder, 'phieu.csv'), 'utf8')
  const path = join(folder, 'again.csv')
  const utf16 = Buffer.from(csv.replaceAll('\r\n', '\n'), 'utf16le')
  const saved: readonly (string | Buffer)[] = [csv.replaceAll('\r\n', '\n').slice(1), utf16, Buffer.from(utf16).swap16()]
  for (const bytes of saved) {
    writeFileSync(path, bytes)
    expect(await verdictOf(path, '--logbook', folder)).toMatchObject({ ok: true, rows: 2 * subjects.length + 1 })
  }
  const twoLines = rows.find((row) => row.subject === 'hai\r\ndòng')
  for (const other of ['hai\ndòngg', 'hai\n\ndòng', 'haidòng', 'hai dòng']) {
    writeFileSync(path, csv.replaceAll('\r\n', '\n').replace('hai\ndòng', other))
    expect([other, await verdictOf(path)]).toMatchObject([other, { ok: false, firstBadSeq: twoLines?.seq }])
  }
  // Letters that the other program could not write are gone for good.
  writeFileSync(path, Buffer.from(csv, 'latin1'))
  expect(await verdictOf(path)).toMatchObject({ ok: false })
})

describe('PDF', () => {
  const paper = () => join(folder, 'phieu.pdf')

  test('as it was taken out it stands, by itself, against the logbook and against heads', async () => {
    const [seal] = made
    expect(await verdictOf(paper())).toMatchObject({ ok: true, headSeq: seal?.seq, headHash: seal?.hash })
    expect(await verdictOf(paper(), '--logbook', folder)).toMatchObject({ ok: true })
    expect(await verdictOf(paper(), ...headArgument(seal))).toMatchObject({ ok: true })
    expect(await verdictOf(paper(), ...headArgument(rows.find((row) => row.seq === (seal?.seq ?? 0) - 1)))).toMatchObject({ ok: true })
    expect(await verdictOf(paper(), ...headArgument(rows[2]))).toMatchObject({ code: 2, err: expect.stringContaining('says nothing') })
    execFileSync('qpdf', ['--check', paper()])
    const [line] = jsonLines(await runCli('logbook', 'verify', paper(), '--logbook', folder))
    expect(line).toMatchObject({ path: paper(), ok: true })
  })

  test('one glyph changed with qpdf is found', async () => {
    const open = execFileSync('qpdf', ['--qdf', '--object-streams=disable', paper(), '-'], { maxBuffer: 64e6 }).toString('latin1')
    // Glyphs of the embedded font in a page's own text: the first pair is exchanged for the second.
    const shown = /<([0-9a-f]{4})([0-9a-f]{4})[0-9a-f]*>/.exec(open.slice(open.indexOf('BT')))
    expect(shown).not.toBeNull()
    const [whole = '', first = '', second = ''] = shown ?? []
    const changed = join(folder, 'changed.pdf')
    const text = open.replace(whole, `<${second}${first}${whole.slice(9)}`)
    expect(text).not.toBe(open)
    writeFileSync(changed, execFileSync('fix-qdf', { input: Buffer.from(text, 'latin1'), maxBuffer: 64e6 }))
    execFileSync('qpdf', ['--check', changed])
    expect(await verdictOf(changed)).toMatchObject({ ok: false })
  })

  test('any one byte, and anything behind the end, is found', async () => {
    const bytes = readFileSync(paper())
    const changed = join(folder, 'byte.pdf')
    for (let step = 0; step < 12; step += 1) {
      const at = Math.floor((bytes.length / 12) * step) + 7
      const one = Buffer.from(bytes)
      one[at] = (one[at] ?? 0) ^ 1
      writeFileSync(changed, one)
      expect([at, await verdictOf(changed)]).toMatchObject([at, { ok: false }])
    }
    writeFileSync(changed, Buffer.concat([bytes, Buffer.from('\n% thêm\n')]))
    expect(await verdictOf(changed)).toMatchObject({
      ok: false,
      firstBadSeq: made[0]?.seq,
      reason: expect.stringContaining('changed after'),
    })
  })

  test('a paper that was sealed anew stands by itself, and is found by the logbook and by a head', async () => {
    const bytes = readFileSync(paper()).toString('latin1')
    const mark = 'TRUCSONGSEAL:'
    const from = bytes.indexOf(mark) + mark.length
    const blank = `${bytes.slice(0, from)}${'0'.repeat(4096)}${bytes.slice(from + 4096)}`.replace('/Producer', '/Producerr')
    const sha256 = createHash('sha256').update(Buffer.from(blank, 'latin1')).digest('hex')
    const forged = sealRow({ ...(made[0] as LogRow), measured: { format: 'pdf', sha256 } })
    const hex = Buffer.from(JSON.stringify(forged)).toString('hex').padEnd(4096, '20')
    const changed = join(folder, 'anew.pdf')
    writeFileSync(changed, Buffer.from(`${blank.slice(0, from)}${hex}${blank.slice(from + 4096)}`, 'latin1'))
    expect(await verdictOf(changed)).toMatchObject({ ok: true })
    const found = { ok: false, firstBadSeq: made[0]?.seq, reason: expect.stringContaining('sealed anew') }
    expect(await verdictOf(changed, '--logbook', folder)).toMatchObject(found)
    expect(await verdictOf(changed, ...headArgument(made[0]))).toMatchObject(found)
  })

  test('a PDF of somebody else is no day sheet', async () => {
    writeFileSync(join(folder, 'other.pdf'), '%PDF-1.4\n%%EOF\n')
    expect(await verdictOf(join(folder, 'other.pdf'))).toMatchObject({ ok: false, reason: expect.stringContaining('no seal') })
  })
})

describe('XLSX', () => {
  const paper = () => join(folder, 'phieu.xlsx')
  const edits = {
    save: ['save'],
    lineEnds: ['line-ends'],
    subject: ['set', 'Nhật ký', 'I2', 'khác'],
    hour: ['set', 'Nhật ký', 'C3', '05:00:00'],
    rowDeleted: ['delete-row', 'Nhật ký', 4],
    rowPutIn: ['insert-row', 'Nhật ký', 5],
    rowsExchanged: ['swap-rows', 'Nhật ký', 5, 6],
    title: ['set', 'Đã phát', 'D2', 'khác'],
    formula: ['set', 'Đã phát', 'D2', '=HYPERLINK("http://x";"y")'],
    cover: ['set', 'Phiếu', 'A3', 'Sai khác 0'],
    time: ['number', 'Đã phát', 'A2', 0.25],
    count: ['number', 'Đã phát', 'G2', 3],
    length: ['number', 'Sai khác', 'E2', 0.5],
    timeForm: ['form', 'Đã phát', 'A2', '"06:00:00"'],
    timeCut: ['form', 'Đã phát', 'A2', 'mm:ss'],
    wordForm: ['form', 'Phiếu', 'A3', ';;;"Không có sai khác."'],
    from1904: ['from-1904'],
    white: ['colour-form', 'Đã phát'],
    beside: ['set', 'Ghi chú', 'H20', 'đã duyệt'],
    besideSeal: ['set', 'Niêm phong', 'B2', 'x'],
    cutOff: ['delete-row', 'Nhật ký', 2 * subjects.length + 2],
    pageOut: ['drop-page', 'Ghi chú'],
    pageIn: ['add-page', 'Phụ lục'],
    noSeal: ['drop-page', 'Niêm phong'],
  } as const
  const edited = (name: keyof typeof edits) => join(folder, `${name}.xlsx`)
  beforeAll(() => {
    const input = JSON.stringify(Object.entries(edits).map(([name, edit]) => [join(folder, `${name}.xlsx`), ...edit]))
    execFileSync('/usr/bin/python3', [editor, paper()], { input })
  })

  test('as it was taken out it stands, and still after another program saved it', async () => {
    const seal = made[1]
    // From the day's first row to its last, the foreign one between them included, and the seal.
    const whole = { ok: true, rows: 2 * subjects.length + 2, headSeq: seal?.seq, headHash: seal?.hash }
    expect(await verdictOf(paper())).toMatchObject(whole)
    expect(await verdictOf(paper(), '--logbook', folder, ...headArgument(seal), ...headArgument(rows[4]))).toMatchObject(whole)
    expect(await verdictOf(edited('save'))).toMatchObject(whole)
    const shown = readXlsx(readFileSync(edited('lineEnds')), ({ value }) => String(value))
    const cells = shown.flatMap(({ lines }) => lines.flat())
    expect([cells.some((text) => text.includes('\r')), cells.includes('hai\ndòng')], 'no CR is left in it').toEqual([false, true])
    expect(await verdictOf(edited('lineEnds'), '--logbook', folder)).toMatchObject(whole)
  })

  test('texts that a spreadsheet would take for its own spelling come back as they were', async () => {
    expect(await verdictOf(join(folder, 'underscored.xlsx'), '--logbook', folder)).toMatchObject({ ok: true })
  })

  test.each([
    ['subject', 2],
    ['hour', 3],
    ['rowDeleted', 4],
    ['rowPutIn', 5],
    ['rowsExchanged', 5],
  ] as const)('%s: found, the first bad row named', async (name, firstBadSeq) => {
    expect(await verdictOf(edited(name))).toMatchObject({ ok: false, firstBadSeq })
  })

  test.each([
    ['title', 'Đã phát'],
    ['formula', 'Đã phát'],
    ['cover', 'Phiếu'],
    ['time', 'Đã phát'],
    ['count', 'Đã phát'],
    ['length', 'Sai khác'],
    ['timeForm', '“Từ” is shown in a form of its own'],
    ['timeCut', '“Từ” is shown in a form of its own'],
    ['wordForm', 'is shown in a form of its own'],
    ['from1904', '1904'],
    ['white', 'Đã phát'],
    ['beside', 'Ghi chú'],
    ['besideSeal', 'page of the seal'],
    ['cutOff', 'Nhật ký'],
    ['pageOut', 'Ghi chú'],
    ['pageIn', 'Phụ lục'],
    ['noSeal', 'no seal'],
  ] as const)('%s: found, the page named', async (name, named) => {
    expect(await verdictOf(edited(name))).toMatchObject({ ok: false, reason: expect.stringContaining(named) })
  })

  test('what is no spreadsheet, or a damaged one, is told as such', async () => {
    const broken = join(folder, 'broken.xlsx')
    writeFileSync(broken, readFileSync(paper()).subarray(0, 900))
    expect(await verdictOf(broken)).toMatchObject({ ok: false, reason: expect.stringContaining('not a spreadsheet') })
    writeFileSync(broken, 'không phải bảng tính')
    expect(await verdictOf(broken)).toMatchObject({ ok: false, reason: expect.stringContaining('not a spreadsheet') })
  })
})

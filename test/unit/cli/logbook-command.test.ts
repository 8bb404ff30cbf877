// `truc-song logbook verify|export` on real databases that somebody tampered with, over the command line.
import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { hashRow, type UnsealedRow } from '../../../station/logbook/index.ts'
import { openStore, type Store, storedRows } from '../../../station/store/index.ts'
import { systemClock } from '../../../shared/domain/clock.ts'
import { logEntry } from '../../support/log-entries.ts'
import { rewriteAll } from '../../support/rewrite-chain.ts'
import { jsonLines, runCli } from '../../support/run-cli.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openTestStore } from '../../support/test-store.ts'

/** A closed logbook of six rows. */
async function sixRows(): Promise<string> {
  const folder = temporaryFolder('cli')
  const store = await openStore({ path: join(folder, 'station.sqlite'), bootId: 'b', clock: systemClock })
  await writeSix(store)
  await store.close()
  return folder
}

async function writeSix(store: Store): Promise<void> {
  for (let index = 1; index <= 6; index += 1) await store.logbook.append(logEntry({ subject: `row ${index}`, measured: { index } }))
}

function tamper(folder: string, sql: string): void {
  const db = new Database(join(folder, 'station.sqlite'))
  db.exec(`DROP TRIGGER logbook_no_update; DROP TRIGGER logbook_no_delete; ${sql}`)
  db.close()
}

async function verdictOf(folder: string): Promise<any> {
  const answer = await runCli('logbook', 'verify', folder)
  const [verdict] = jsonLines(answer)
  expect(answer.code).toBe(verdict.ok ? 0 : 1)
  return verdict
}

const move = (from: number, to: number) => `UPDATE logbook SET seq = ${to} WHERE seq = ${from};`

describe('logbook verify', () => {
  it('says yes to an untouched logbook, by folder and by file, and leaves nothing beside it', async () => {
    const folder = await sixRows()
    const before = readdirSync(folder)
    expect(await verdictOf(folder)).toMatchObject({ path: folder, ok: true, rows: 6, headSeq: 6 })
    expect(await verdictOf(join(folder, 'station.sqlite'))).toMatchObject({ ok: true, rows: 6 })
    expect(readdirSync(folder)).toEqual(before)
  })

  it('reads a logbook that is being written, WAL and all', async () => {
    const folder = temporaryFolder('cli')
    const store = await openTestStore(folder)
    await writeSix(store)
    expect(await verdictOf(folder)).toMatchObject({ ok: true, rows: 6 })
    await store.logbook.append(logEntry())
    expect(await verdictOf(folder)).toMatchObject({ ok: true, rows: 7 })
  })

  it('reads a copy that carries its WAL, and finds a copy whose WAL was deleted short of its sealed head (S3)', async () => {
    const folder = temporaryFolder('cli')
    const store = await openTestStore(folder)
    await writeSix(store)
    const copy = temporaryFolder('cli')
    for (const name of ['station.sqlite', 'station.sqlite-wal', 'logbook-head.json']) copyFileSync(join(folder, name), join(copy, name))
    expect(await verdictOf(copy)).toMatchObject({ ok: true, rows: 6 })
    for (const name of ['station.sqlite-wal', 'station.sqlite-shm']) rmSync(join(copy, name), { force: true })
    const answer = await runCli('logbook', 'verify', copy)
    expect(answer.code).not.toBe(0)
  })

  it('finds a WAL that belongs to another database (S3)', async () => {
    const folder = await sixRows()
    const other = temporaryFolder('cli')
    const store = await openTestStore(other)
    await writeSix(store)
    copyFileSync(join(other, 'station.sqlite-wal'), join(folder, 'station.sqlite-wal'))
    expect((await runCli('logbook', 'verify', folder)).code).toBe(1)
    const reopened = await openTestStore(folder)
    expect(reopened.anchor).toMatchObject({ state: 'mismatch' })
  })

  it('finds nothing wrong where the last WAL frame is torn: what it held was not acknowledged (S3)', async () => {
    const folder = temporaryFolder('cli')
    const store = await openTestStore(folder)
    await writeSix(store)
    const copy = temporaryFolder('cli')
    for (const name of ['station.sqlite', 'station.sqlite-wal']) copyFileSync(join(folder, name), join(copy, name))
    const wal = join(copy, 'station.sqlite-wal')
    truncateSync(wal, statSync(wal).size - 100)
    expect(await verdictOf(copy)).toMatchObject({ ok: true, rows: 5 })
    copyFileSync(join(folder, 'logbook-head.json'), join(copy, 'logbook-head.json'))
    expect(await verdictOf(copy)).toMatchObject({ ok: false, firstBadSeq: 6 })
  })

  it.each([
    ['an edited subject', `UPDATE logbook SET subject = 'forged' WHERE seq = 3`, 3],
    ['an edited measurement', `UPDATE logbook SET measured = '{"index":4}' WHERE seq = 3`, 3],
    ['a measurement spelled otherwise', `UPDATE logbook SET measured = '{ "index": 3 }' WHERE seq = 3`, 3],
    ['a measurement that is no JSON', `UPDATE logbook SET measured = 'x' WHERE seq = 3`, 3],
    ['a late mark taken off or put on', 'UPDATE logbook SET late = 1 - late WHERE seq = 5', 5],
    ['a row taken out', 'DELETE FROM logbook WHERE seq = 4', 4],
    ['a row taken out and the rest moved up', `DELETE FROM logbook WHERE seq = 4; ${move(5, 4)} ${move(6, 5)}`, 4],
    [
      'a row put in',
      `${move(6, 7)} INSERT INTO logbook SELECT 6, 'x', boot_id, kind, phase, action_id, at_ms, monotonic_ms, written_at_ms, actor, output_id, subject, planned, sent, measured, late, prev_hash, hash FROM logbook WHERE seq = 5`,
      6,
    ],
    ['two rows exchanged', `${move(2, 99)} ${move(3, 2)} ${move(99, 3)}`, 2],
    ['the tail cut off', 'DELETE FROM logbook WHERE seq > 4', 5],
    ['everything deleted', 'DELETE FROM logbook', 1],
  ])('names the first bad row: %s', async (_what, sql, firstBadSeq) => {
    const folder = await sixRows()
    tamper(folder, sql)
    expect(await verdictOf(folder)).toMatchObject({ ok: false, firstBadSeq, reason: expect.any(String) })
  })

  it('finds a tail that was cut off together with the head in the database, by the head beside it', async () => {
    const folder = await sixRows()
    tamper(folder, `DELETE FROM logbook WHERE seq > 4; UPDATE logbook_head SET seq = 4, hash = (SELECT hash FROM logbook WHERE seq = 4)`)
    expect(await verdictOf(folder)).toMatchObject({ ok: false, firstBadSeq: 5, reason: expect.stringContaining('logbook-head.json') })
  })

  it('finds a newest row that was edited and hashed anew, by the heads', async () => {
    const folder = await sixRows()
    const db = new Database(join(folder, 'station.sqlite'))
    const columns = db.prepare('SELECT * FROM logbook WHERE seq = 6').get() as any
    const forged: UnsealedRow = {
      ...logEntry({ subject: 'forged', measured: { index: 6 } }),
      seq: 6,
      entryId: columns.entry_id,
      bootId: columns.boot_id,
      writtenAtMs: columns.written_at_ms,
      prevHash: columns.prev_hash,
    }
    db.close()
    tamper(folder, `UPDATE logbook SET subject = 'forged', hash = '${hashRow(forged)}' WHERE seq = 6`)
    expect(await verdictOf(folder)).toMatchObject({ ok: false, firstBadSeq: 6, reason: expect.stringContaining('sealed') })
  })

  it('names a row on a page that is damaged', async () => {
    const folder = temporaryFolder('cli')
    const store = await openStore({ path: join(folder, 'station.sqlite'), bootId: 'b', clock: systemClock })
    await Promise.all(Array.from({ length: 400 }, () => store.logbook.append(logEntry({ subject: 'x'.repeat(200) }))))
    await store.close()
    const path = join(folder, 'station.sqlite')
    const bytes = readFileSync(path)
    // A page of the logbook itself: the index of the search is no evidence.
    const page = Math.floor(bytes.lastIndexOf('Trực ban') / 4096)
    bytes.fill(0xff, page * 4096, (page + 1) * 4096)
    writeFileSync(path, bytes)
    expect(await verdictOf(folder)).toMatchObject({ ok: false, firstBadSeq: expect.any(Number) })
  })

  it('reads evidence on a medium that cannot be written', async () => {
    const folder = await sixRows()
    chmodSync(join(folder, 'station.sqlite'), 0o444)
    chmodSync(folder, 0o555)
    const verdict = await verdictOf(folder)
    chmodSync(folder, 0o755)
    expect(verdict).toMatchObject({ ok: true, rows: 6 })
  })

  it('answers 2 where there is nothing to ask, and with the usage where it was asked wrongly', async () => {
    expect(await runCli('logbook', 'verify', '/no/such/place')).toMatchObject({ code: 2, out: '' })
    expect(await runCli('logbook', 'verify')).toMatchObject({
      code: 2,
      err: expect.stringContaining('usage: truc-song logbook verify PATH'),
    })
    expect(await runCli('logbook', 'burn')).toMatchObject({ code: 2, err: expect.stringContaining('no such command: logbook burn') })
    expect(await runCli('--help')).toMatchObject({ code: 0, err: expect.stringContaining('device probe') })
  })
})

describe('logbook verify FILE.csv --logbook DIR', () => {
  it('finds the first row of an export that was hashed anew, which is whole in itself', async () => {
    const folder = await sixRows()
    const file = join(temporaryFolder('cli'), 'rows.csv')
    const verified = async (...more: string[]) => {
      const answer = await runCli('logbook', 'verify', file, ...more)
      return { code: answer.code, ...jsonLines(answer)[0] }
    }
    writeFileSync(file, (await runCli('logbook', 'export', folder)).out)
    expect(await verified('--logbook', folder)).toMatchObject({ code: 0, ok: true, rows: 6 })
    const forged = await sixRows()
    copyFileSync(join(folder, 'station.sqlite'), join(forged, 'station.sqlite'))
    const db = new Database(join(forged, 'station.sqlite'))
    db.exec('DROP TRIGGER logbook_no_update; DROP TRIGGER logbook_no_delete')
    const rows = [...storedRows(db)].flatMap(({ row }) => row ?? [])
    rewriteAll(
      forged,
      db,
      rows.map((row) => (row.seq === 3 ? { ...row, subject: 'forged' } : row)),
    )
    db.close()
    writeFileSync(file, (await runCli('logbook', 'export', forged)).out)
    expect(await verified()).toMatchObject({ code: 0, ok: true })
    expect(await verified('--logbook', folder)).toMatchObject({ code: 1, ok: false, firstBadSeq: 3 })
    expect(await verified('--logbook', '/no/such/place')).toMatchObject({ code: 2 })
  })
})

describe('logbook export', () => {
  it('X4: writes no cell that a spreadsheet would take for a formula', async () => {
    const folder = temporaryFolder('cli')
    const store = await openStore({ path: join(folder, 'station.sqlite'), bootId: 'b', clock: systemClock })
    const attacks = ['=cmd|"/c calc"!A1', '+1+1', '-2+3', '@SUM(1)', '\t=1', '\r=1', ' =1', '|x', '＝1']
    for (const subject of attacks) await store.logbook.append(logEntry({ subject, actor: subject }))
    await store.logbook.append(logEntry({ subject: 'Bản tin, "sáng"\nhai dòng' }))
    await store.close()
    const { code, out } = await runCli('logbook', 'export', folder)
    expect(code).toBe(0)
    const rows = parseCsv(out)
    expect(rows[0]?.slice(0, 3)).toEqual(['\uFEFFseq', 'date', 'time'])
    expect(rows).toHaveLength(1 + attacks.length + 1)
    const subject = rows[0]!.indexOf('subject')
    expect(rows.slice(1).map((row) => row[subject])).toEqual([...attacks.map((attack) => `'${attack}`), 'Bản tin, "sáng"\nhai dòng'])
    for (const cell of rows.slice(1).flat()) expect(cell).not.toMatch(/^\s*[=+\-@|＝]/)
  })
})

/** RFC 4180, written for this test alone. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g
  for (const match of text.matchAll(cells)) {
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

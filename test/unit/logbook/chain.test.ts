import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import { type Anchor, emptyHead, genesisHash, hashRow, sealRow, type StoredRow, verifyChain } from '../../../station/logbook/index.ts'
import { logEntry } from '../../support/log-entries.ts'

function chainOf(length: number): LogRow[] {
  const rows: LogRow[] = []
  let prevHash = genesisHash
  for (let seq = 1; seq <= length; seq += 1) {
    const entry = logEntry({ subject: `row ${seq}`, measured: { peakDbfs: -seq } })
    const row = sealRow({ ...entry, seq, entryId: `e${seq}`, bootId: 'b', writtenAtMs: entry.atMs, prevHash })
    rows.push(row)
    prevHash = row.hash
  }
  return rows
}

const verify = (rows: readonly LogRow[], anchors: readonly Anchor[] = []) =>
  verifyChain(
    rows.map((row): StoredRow => ({ row, fault: null })),
    anchors,
  )

describe('hash chain', () => {
  it('stands on a genesis with a name', () => {
    expect(genesisHash).toBe(createHash('sha256').update('truc-song logbook genesis v1').digest('hex'))
    expect(verify([])).toEqual({ ok: true, rows: 0, headSeq: 0, headHash: genesisHash })
    expect(emptyHead).toEqual({ seq: 0, hash: genesisHash })
  })

  it('hashes SHA-256 over the canonical JSON of everything but the hash: a vector worked by hand', () => {
    const row = sealRow({ ...logEntry(), seq: 1, entryId: 'e', bootId: 'b', writtenAtMs: logEntry().atMs, prevHash: genesisHash })
    const text = `{"actionId":null,"actor":"Trực ban","atMs":1785546000000,"bootId":"b","entryId":"e","kind":"operator.command","late":false,"measured":null,"monotonicMs":1234.5678,"outputId":"main","phase":"note","planned":null,"prevHash":"${genesisHash}","sent":null,"seq":1,"subject":"Bản tin sáng","writtenAtMs":1785546000000}`
    expect(row.hash).toBe(createHash('sha256').update(text).digest('hex'))
    expect(hashRow(row)).toBe(row.hash)
  })

  it('accepts an untouched chain and gives its head', () => {
    const rows = chainOf(5)
    expect(verify(rows)).toEqual({ ok: true, rows: 5, headSeq: 5, headHash: rows[4]!.hash })
  })

  it('names the row of any single edit, whatever the field', () => {
    const rows = chainOf(12)
    const fields = Object.keys(rows[0]!).filter((name) => name !== 'seq') as (keyof LogRow)[]
    fc.assert(
      fc.property(fc.nat(11), fc.constantFrom(...fields), (index, field) => {
        const changed = rows.map((row, at) => (at === index ? ({ ...row, [field]: 'forged' } as LogRow) : row))
        const verdict = verify(changed)
        expect(verdict).toMatchObject({ ok: false, firstBadSeq: index + 1 })
      }),
    )
  })

  it('names the gap where a row was taken out, whatever row', () => {
    const rows = chainOf(12)
    fc.assert(
      fc.property(fc.nat(10), (index) => {
        expect(verify(rows.filter((_, at) => at !== index))).toMatchObject({ ok: false, firstBadSeq: index + 1 })
      }),
    )
  })

  it('finds a row that was put in and everything behind it renumbered', () => {
    const rows = chainOf(6)
    const inserted = sealRow({ ...rows[2]!, seq: 4, entryId: 'forged', prevHash: rows[2]!.hash })
    const renumbered = [...rows.slice(0, 3), inserted, ...rows.slice(3).map((row) => ({ ...row, seq: row.seq + 1 }))]
    expect(verify(renumbered)).toMatchObject({ ok: false, firstBadSeq: 5 })
  })

  it('finds two rows that changed places', () => {
    const rows = chainOf(6)
    const swapped = [...rows.slice(0, 2), { ...rows[3]!, seq: 3 }, { ...rows[2]!, seq: 4 }, ...rows.slice(4)]
    expect(verify(swapped)).toMatchObject({ ok: false, firstBadSeq: 3 })
  })

  it('finds a tail that was cut off by a head kept elsewhere, and only so', () => {
    const rows = chainOf(6)
    const cut = rows.slice(0, 4)
    expect(verify(cut)).toMatchObject({ ok: true })
    const verdict = verify(cut, [{ ...emptyHead, seq: 6, hash: rows[5]!.hash, where: 'logbook-head.json' }])
    expect(verdict).toMatchObject({ ok: false, firstBadSeq: 5, reason: expect.stringContaining('logbook-head.json') })
  })

  it('finds a chain that was written anew from some row on by a head kept elsewhere', () => {
    const rows = chainOf(6)
    const forged: LogRow[] = rows.slice(0, 2)
    for (const row of rows.slice(2)) forged.push(sealRow({ ...row, subject: 'forged', prevHash: forged.at(-1)!.hash }))
    expect(verify(forged)).toMatchObject({ ok: true })
    expect(verify(forged, [{ seq: 6, hash: rows[5]!.hash, where: 'the day sheet' }])).toMatchObject({ ok: false, firstBadSeq: 6 })
  })

  it('lets rows stand that came after the sealed head', () => {
    const rows = chainOf(6)
    expect(verify(rows, [{ seq: 4, hash: rows[3]!.hash, where: 'logbook-head.json' }])).toMatchObject({ ok: true, headSeq: 6 })
  })
})

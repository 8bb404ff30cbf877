// The province as a folder, on real files: what the station tells is laid down whole or not at all, the heads that lie there come back as
// the server's would, and a stick that is locked, full, damaged or pulled out is said by its code and is no row lost.
import { execFileSync, spawn } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { flattenedVerify, importJWK } from 'jose'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../shared/domain/clock.ts'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import { type WitnessedHead, WitnessedHeads } from '../../../shared/domain/province.ts'
import { FolderAdapter } from '../../../station/province/folder-adapter.ts'
import { createLink } from '../../../station/province/index.ts'
import { readStationKey, stationKey } from '../../../station/province/station-key.ts'
import { sealedRows } from '../../support/log-entries.ts'
import { filesIn, recordsIn } from '../../support/province-folder.ts'
import { folderSettings, linkSettings, openProvinceStation, openTestLink } from '../../support/province-station.ts'
import { ProvinceServer } from '../../support/province-server.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { manifestOf, signingKey, signManifest } from '../../support/signed-manifests.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { testStationKey } from '../../support/test-station-key.ts'
import { until } from '../../support/until.ts'

const key = signingKey()
const ours = stationKey(testStationKey)
const signedHere = (folder: string) => {
  writeFileSync(join(folder, 'manifest.jws'), signManifest(key, manifestOf(Date.now())))
  return folder
}
const stick = () => signedHere(temporaryFolder('stick'))
const settingsOf = (folder: string) => folderSettings(folder, temporaryFolder('own'), [{ kid: key.kid, publicKey: key.publicKey }])
const linkTo = (folder: string) => openTestLink(settingsOf(folder))
/** Without its worker. */
const adapterAt = (folder: string, stationId = 'rig') => {
  const adapter = new FolderAdapter(folder, stationId, ours)
  const deliver = (records: readonly LogRow[]) => adapter.deliver(`${records[0]?.entryId}-${records.length}`, JSON.stringify({ records }))
  return { deliver, heads: () => adapter.heads() }
}
const short = (heads: readonly WitnessedHead[]) => heads.map(({ seq, hash }) => `${seq} ${hash}`)
const headsFile = (folder: string) => join(folder, 'heads', 'rig.json')
const airedOn = (folder: string) => recordsIn(folder).filter((row) => row.kind === 'item.aired')
/** A small disk of its own over this folder, where this user may mount one. */
function mounted(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', folder], { stdio: 'ignore' })
    onTestFinished(() => void execFileSync('umount', ['-l', folder]))
    return true
  } catch {
    return false
  }
}

describe('the witness in the folder', () => {
  it('C6: told the same rows, a folder and a server answer the same heads, those of a chain written anew among them', async () => {
    const server = await ProvinceServer.start(temporaryFolder('province'))
    onTestFinished(() => server.stop())
    const folder = stick()
    const links = [openTestLink(linkSettings(server, temporaryFolder('own'))), linkTo(folder)]
    const first = sealedRows(6)
    const second = sealedRows(4, { bootId: 'boot-2', fromSeq: 7, prevHash: first.at(-1)?.hash ?? '' })
    const anew = sealedRows(3, { bootId: 'boot-3', fromSeq: 10, prevHash: 'f'.repeat(64), subject: 'viết lại' })
    for (const link of links) for (const rows of [first, second, anew]) expect(await link.deliver(rows)).toBe('committed')
    const [byServer = [], byFolder = []] = await Promise.all(links.map((link) => link.heads()))
    expect(short(byServer)).toEqual(expect.arrayContaining(short([...first.slice(-1), ...second.slice(-1)] as unknown as WitnessedHead[])))
    expect(short(byFolder).sort()).toEqual(short(byServer).sort())
    // The list alone is what the server would answer, and it is enough: the rows may be carried away; and so are the rows without it.
    expect(WitnessedHeads.parse(JSON.parse(readFileSync(headsFile(folder), 'utf8'))).heads.at(-1)?.hash).toBe(anew.at(-1)?.hash)
    renameSync(join(folder, 'heads'), join(folder, 'heads-away'))
    expect(short(await linkTo(folder).heads()).sort()).toEqual(short(byServer).sort())
  })

  it('another boot follows no head of the one before it; what was told first stays, other words for it beside it', async () => {
    const folder = stick()
    const rows = sealedRows(3)
    await adapterAt(folder).deliver(rows)
    const again = adapterAt(folder)
    await again.deliver(rows)
    expect(recordsIn(folder)).toHaveLength(3)
    const changed = sealedRows(3).map((row, index) => (index === 1 ? { ...row, hash: 'a'.repeat(64) } : row))
    await again.deliver(changed)
    expect(recordsIn(folder)).toHaveLength(6)
    expect(short(await again.heads())).toEqual(expect.arrayContaining([`2 ${rows[1]?.hash}`, `2 ${'a'.repeat(64)}`]))
    await adapterAt(folder).deliver(sealedRows(2, { bootId: 'boot-2', fromSeq: 4, prevHash: 'b'.repeat(64) }))
    expect(WitnessedHeads.parse(JSON.parse(readFileSync(headsFile(folder), 'utf8'))).heads.map(({ seq }) => seq)).toEqual([3, 5])
  })

  it('two stations whose names differ only in signs share no file', async () => {
    const folder = stick()
    for (const stationId of ['xã/A', 'xã.A', '../rig']) await adapterAt(folder, stationId).deliver(sealedRows(1, { bootId: stationId }))
    expect(readdirSync(join(folder, 'records'))).toHaveLength(3)
    expect(filesIn(join(folder, 'heads'))).toHaveLength(3)
  })

  it('a list that is none is refused by its code and laid aside; the rows tell the heads, and a file that is torn tells nothing', async () => {
    const folder = stick()
    const rows = sealedRows(4)
    await adapterAt(folder).deliver(rows)
    for (const junk of ['{"heads":[{"seq":0', '[]', `{"heads":"${'x'.repeat(300_000)}"}`]) {
      writeFileSync(headsFile(folder), junk)
      await expect(adapterAt(folder).heads()).rejects.toMatchObject({ code: 'damaged', message: expect.stringContaining('rig.json') })
      expect(readFileSync(`${headsFile(folder)}.damaged`, 'utf8')).toBe(junk)
      expect(short(await adapterAt(folder).heads())).toEqual([`4 ${rows[3]?.hash}`])
    }
    const [day = ''] = readdirSync(join(folder, 'records', 'rig'))
    writeFileSync(join(folder, 'records', 'rig', day, '0000000009-torn.json'), '{"records":[{"seq":9')
    expect(short(await adapterAt(folder).heads())).toEqual([`4 ${rows[3]?.hash}`])
  })

  it('a link that somebody put in the way of a file is not followed', async () => {
    const folder = stick()
    const secret = join(temporaryFolder('elsewhere'), 'station.sqlite')
    writeFileSync(secret, 'precious')
    mkdirSync(join(folder, 'heads'))
    for (const name of ['rig.json', 'rig.json.part']) symlinkSync(secret, join(folder, 'heads', name))
    const link = adapterAt(folder)
    await expect(link.deliver(sealedRows(1))).rejects.toMatchObject({ code: 'damaged' })
    expect(await link.deliver(sealedRows(1))).toBe('committed')
    expect(readFileSync(secret, 'utf8')).toBe('precious')
    expect(lstatSync(headsFile(folder)).isFile()).toBe(true)
  })
})

it('N9: killed −9 between, every batch that was answered lies in the folder whole, and nothing there is half', async () => {
  const folder = stick()
  const random = seededRandom(9)
  const answered: string[] = []
  for (let boot = 1; boot <= 6; boot += 1) {
    const writer = spawn(process.execPath, [join(import.meta.dirname, '../../support/folder-writer-process.ts'), folder, String(boot)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const gone = new Promise((resolve) => writer.once('close', resolve))
    const wanted = 1 + random.below(12)
    let told = 0
    createInterface({ input: writer.stdout }).on('line', (line) => {
      answered.push(line)
      told += 1
      if (told === wanted) setTimeout(() => writer.kill('SIGKILL'), random.next() * 6)
    })
    await gone
    expect(told).toBeGreaterThanOrEqual(wanted)
    WitnessedHeads.parse(JSON.parse(readFileSync(headsFile(folder), 'utf8')))
  }
  const rows = recordsIn(folder)
  for (const batch of answered) expect([batch, rows.filter((row) => row.bootId === batch).length]).toEqual([batch, 3])
  const heads = (await adapterAt(folder).heads()).map(({ hash }) => hash)
  expect(rows.filter((row) => heads.includes(row.hash)).length).toBeGreaterThanOrEqual(6)
})

describe('what the station signs in the folder', () => {
  /** As a province checks it, that knows nothing of our code: whether it is signed by the key that lies beside it. */
  const isSigned = async (folder: string, path: string) => {
    const { publicKey, kid } = JSON.parse(readFileSync(join(folder, 'stations', 'rig.json'), 'utf8')) as Record<'publicKey' | 'kid', string>
    const [, content = '', head = '', signature = ''] =
      /^(.*),"signature":"([^".]+)\.\.([^".]+)"\}$/s.exec(readFileSync(path, 'utf8')) ?? []
    const payload = Buffer.from(`${content}}`).toString('base64url')
    const theirs = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: publicKey }, 'EdDSA')
    const { protectedHeader } = await flattenedVerify({ protected: head, payload, signature }, theirs, { algorithms: ['EdDSA'] })
    expect(protectedHeader).toEqual({ alg: 'EdDSA', kid, typ: 'truc-song-station+jws' })
    expect(kid).toBe(ours.kid)
  }
  const rowsFile = (folder: string) => filesIn(join(folder, 'records'))[0] ?? ''
  const change = (path: string, from: string, to: string) => writeFileSync(path, readFileSync(path, 'utf8').replace(from, to))

  it('C6: rows and heads are signed by the key that lies beside them; changed, a file is laid aside and said', async () => {
    const folder = stick()
    const rows = sealedRows(4)
    expect(await linkTo(folder).deliver(rows)).toBe('committed')
    for (const path of [rowsFile(folder), headsFile(folder)]) await isSigned(folder, path)
    for (const path of [rowsFile(folder), headsFile(folder)]) {
      const right = readFileSync(path, 'utf8')
      change(path, rows[3]?.hash ?? '', 'e'.repeat(64))
      await expect(isSigned(folder, path)).rejects.toThrow()
      await expect(adapterAt(folder).heads()).rejects.toMatchObject({ code: 'damaged' })
      expect(filesIn(folder)).toContain(`${path}.damaged`)
      writeFileSync(path, right)
      expect(short(await adapterAt(folder).heads())).toEqual([`4 ${rows[3]?.hash}`])
    }
  })

  it('C6: a list without our signature, of an older program or the province’s own, is a witness all the same', async () => {
    const folder = stick()
    await adapterAt(folder).deliver(sealedRows(2))
    const heads = [{ seq: 1, hash: 'c'.repeat(64), heldAtMs: 1 }]
    writeFileSync(headsFile(folder), JSON.stringify({ heads }))
    expect(short(await adapterAt(folder).heads())).toContain(`1 ${'c'.repeat(64)}`)
    const stranger = stationKey(await readStationKey(join(temporaryFolder('key'), 'station-key.pem')))
    const text = JSON.stringify({ heads })
    writeFileSync(headsFile(folder), `${text.slice(0, -1)},"signature":"${stranger.sign(text)}"}`)
    expect(short(await adapterAt(folder).heads())).toContain(`1 ${'c'.repeat(64)}`)
  })

  it('its key is made once, for its owner’s eyes; one that is no key is laid aside for a new one', async () => {
    const path = join(temporaryFolder('key'), 'province', 'station-key.pem')
    const made = await readStationKey(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await readStationKey(path)).toBe(made)
    writeFileSync(path, '')
    const anew = await readStationKey(path)
    expect([anew === made, readFileSync(`${path}.damaged`, 'utf8')]).toEqual([false, ''])
    expect(stationKey(anew).kid).toMatch(/^[0-9a-f]{16}$/)
  })
})

describe('a stick', () => {
  const stationAt = async (folder: string) => {
    const settings = settingsOf(folder)
    const station = await openProvinceStation({
      folder: temporaryFolder('province-area'),
      clock: systemClock,
      config: { province: { adapter: 'folder', folder } },
      openLink: (events) => createLink(settings, events),
    })
    await station.service.start()
    const outbox = () => station.service.slice().outbox
    /** Until this is so; the pauses between attempts are cut short by looking at the folder again, as in life. */
    const becomes = async (what: string, is: () => boolean) => {
      const rung = setInterval(() => station.service.pullNow(), 300)
      await until(what, is, 20_000).finally(() => clearInterval(rung))
    }
    const unwritable = () => station.alarms.views().some((alarm) => alarm.code === 'PROVINCE_FOLDER_UNWRITABLE')
    return { station, outbox, becomes, unwritable }
  }

  it('that is not there when the station starts is said at once, with its place, and ends when it is', async () => {
    const folder = join(temporaryFolder('mount'), 'tinh')
    const { station, becomes } = await stationAt(folder)
    const said = () => station.alarms.views().filter((alarm) => alarm.code.startsWith('PROVINCE'))
    await becomes('it is said', () => said().length > 0)
    expect(said()).toMatchObject([{ code: 'PROVINCE_FOLDER_ABSENT', params: { folder } }])
    mkdirSync(folder)
    signedHere(folder)
    await becomes('it is here', () => station.service.slice().link.state === 'ok')
    expect(said()).toEqual([])
    expect(station.raised.filter((alarm) => alarm.code === 'PROVINCE_FOLDER_ABSENT')).toHaveLength(1)
  })

  it('N1: pulled out, nothing is told to the empty place it leaves; back in, every row is there once', async () => {
    const folder = stick()
    const { station, outbox, becomes } = await stationAt(folder)
    await station.note({ kind: 'item.aired', subject: 'trước' })
    await becomes('told', () => outbox().waiting === 0 && airedOn(folder).length === 1)
    while ((await station.store.outbox.next(1)).length > 0) await becomes('told', () => outbox().waiting === 0)
    renameSync(folder, `${folder}-out`)
    mkdirSync(folder)
    for (let row = 0; row < 5; row += 1) await station.note({ kind: 'item.aired', subject: `rút ${row}` })
    await becomes(
      'the link is away',
      () => station.service.slice().link.state === 'unreachable' && outbox().reason === 'unreachable' && outbox().waiting >= 5,
    )
    expect(readdirSync(folder)).toEqual([])
    renameSync(folder, `${folder}-place`)
    renameSync(`${folder}-out`, folder)
    await becomes('told', () => outbox().waiting === 0 && outbox().reason === null)
    // A row whose batch was cut short may lie in two files: its id is one.
    expect([...new Map(airedOn(folder).map((row) => [row.entryId, row.subject])).values()].sort()).toEqual([
      ...Array.from({ length: 5 }, (_, row) => `rút ${row}`),
      'trước',
    ])
    renameSync(`${folder}-place`, `${folder}-out`)
  })

  it('S6: locked against writing it brings its orders, says so by one alarm with a remedy, and takes the rows when it is unlocked', async (context) => {
    const folder = temporaryFolder('stick')
    if (!mounted(folder)) return context.skip('mounting a tmpfs is not allowed here')
    signedHere(folder)
    execFileSync('mount', ['-o', 'remount,ro', folder])
    const { station, outbox, becomes, unwritable } = await stationAt(folder)
    await station.note({ kind: 'item.aired', subject: 'khoá ghi' })
    await becomes('it is said', () => outbox().reason === 'readOnly' && outbox().waiting > 0 && station.service.slice().link.state === 'ok')
    expect(unwritable()).toBe(true)
    await expect(adapterAt(folder).deliver(sealedRows(1))).rejects.toMatchObject({
      code: 'readOnly',
      message: expect.stringMatching(/EROFS.*records/),
    })
    expect(await adapterAt(folder).heads()).toEqual([])
    execFileSync('mount', ['-o', 'remount,rw', folder])
    await becomes('told', () => outbox().waiting === 0 && !unwritable())
    expect(station.raised.filter((alarm) => alarm.code === 'PROVINCE_FOLDER_UNWRITABLE')).toHaveLength(1)
    expect(airedOn(folder).map((row) => row.subject)).toEqual(['khoá ghi'])
  })

  it('S5: full, it is said; a half of a file is never read as one, and with room again it goes on', async (context) => {
    const folder = temporaryFolder('stick')
    if (!mounted(folder)) return context.skip('mounting a tmpfs is not allowed here')
    signedHere(folder)
    const link = adapterAt(folder)
    await link.deliver(sealedRows(1))
    const rows = sealedRows(200, { fromSeq: 2 })
    writeFileSync(join(folder, 'filler'), Buffer.alloc(150_000))
    await expect(link.deliver(rows)).rejects.toMatchObject({ code: 'noRoom' })
    expect(filesIn(join(folder, 'records'))).toHaveLength(1)
    expect(recordsIn(folder)).toHaveLength(1)
    writeFileSync(join(folder, 'filler'), '')
    expect(await link.deliver(rows)).toBe('committed')
    expect(recordsIn(folder)).toHaveLength(201)
  })
})

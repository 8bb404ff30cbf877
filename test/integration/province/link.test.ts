// The link against a real province that misbehaves on demand: no spliced byte, nothing believed that is not proven, one small question
// where nothing changed.
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { MediaRef, ProvinceItem } from '../../../shared/domain/province.ts'
import { epochMs } from '../../../shared/domain/time.ts'
import type { Link } from '../../../station/province/index.ts'
import type { TrustMemory } from '../../../station/province/trust.ts'
import { countingProxy } from '../../support/counting-proxy.ts'
import { linkSettings, openTestLink } from '../../support/province-station.ts'
import { ProvinceServer } from '../../support/province-server.ts'
import { bulletinOf, manifestOf, signingKey, signManifest } from '../../support/signed-manifests.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

let province: ProvinceServer
const home = mkdtempSync(join(tmpdir(), 'truc-song-province-'))
beforeAll(async () => {
  province = await ProvinceServer.start(home)
})
afterAll(async () => {
  await province.stop()
  rmSync(home, { recursive: true, force: true })
})
const right = {
  latencyMs: 0,
  cutEveryBytes: null,
  wrongRange: false,
  longerBody: false,
  portal: false,
  signing: 'right',
  clockSkewMs: 0,
  loseAnswers: 0,
} as const
beforeEach(() => province.turn(right))

const at = (stationId = 'rig') => ({ stationId, nowMs: epochMs(Date.now()), clockTrusted: true })
const pull = async (link: Link, memory: TrustMemory | null = null, known = memory !== null) => {
  const items: ProvinceItem[] = []
  const outcome = await link.pull({ memory, known, at: at() }, (chunk) => items.push(...chunk))
  return { outcome, items }
}
const memoryOf = async (link: Link): Promise<TrustMemory> => {
  const { outcome } = await pull(link)
  if (outcome.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(outcome)}`)
  return outcome.memory
}
const bulletin = (itemId: string) => bulletinOf(itemId, Date.now())

describe('N4: media through a line that is cut', () => {
  const bytes = randomBytes(1_500_000)
  let ref: MediaRef
  beforeAll(async () => {
    ref = await province.addMedia(bytes, 'ban-tin.wav')
  })
  const fetching = () => {
    const folder = temporaryFolder('media')
    return { folder, link: openTestLink(linkSettings(province, folder)), visible: () => readdirSync(join(folder, 'province', 'media')) }
  }

  it('N4: cut at every 64 KiB it arrives whole, and is visible only then', async () => {
    await province.turn({ cutEveryBytes: 65_536 })
    const { link, visible } = fetching()
    const outcome = await link.media(ref)
    if (outcome.kind !== 'here') throw new Error(outcome.message)
    expect(createHash('sha256').update(readFileSync(outcome.path)).digest('hex')).toBe(ref.sha256)
    expect(visible()).toEqual([ref.sha256])
  })

  it('N4: a part that is not the one asked for is never spliced in', async () => {
    const { link, folder, visible } = fetching()
    await province.turn({ cutEveryBytes: 300_000, wrongRange: true })
    await expect(link.media(ref)).rejects.toMatchObject({ code: expect.stringMatching(/range|unreachable/) })
    expect(visible().filter((name) => !name.endsWith('.part'))).toEqual([])
    await province.turn({ cutEveryBytes: null, wrongRange: false })
    const outcome = await link.media(ref)
    expect(outcome.kind).toBe('here')
    expect(readFileSync(join(folder, 'province', 'media', ref.sha256)).equals(bytes)).toBe(true)
  })

  it('N4: a file replaced midway, and a longer body, are thrown away', async () => {
    const other = await province.addMedia(randomBytes(1_500_000), 'khac.wav')
    const { link, visible } = fetching()
    await province.turn({ cutEveryBytes: 400_000 })
    const half = link.media(ref)
    await province.admin('POST', `media/${ref.sha256}/replace`, { by: other.sha256 })
    await expect(half).rejects.toMatchObject({ code: 'changed' })
    await province.admin('POST', `media/${ref.sha256}/replace`, { by: null })
    await province.turn({ cutEveryBytes: null, longerBody: true })
    await expect(link.media(ref)).rejects.toMatchObject({ code: 'changed' })
    expect(visible().filter((name) => !name.endsWith('.part'))).toEqual([])
    await province.turn({ longerBody: false })
    expect((await link.media(ref)).kind).toBe('here')
  })

  it('N4: what is being brought is not swept away, whatever else is', async () => {
    const { link, folder, visible } = fetching()
    mkdirSync(join(folder, 'province', 'media'), { recursive: true })
    writeFileSync(join(folder, 'province', 'media', 'f'.repeat(64)), 'nobody waits for it')
    // Its answer does not come while this test lasts.
    await province.turn({ latencyMs: 60_000 })
    const coming = expect(link.media(ref)).rejects.toMatchObject({ code: 'unreachable' })
    await expect.poll(visible, { timeout: 10_000 }).toContain(`${ref.sha256}.part`)
    await link.sweepMedia([])
    expect(visible()).toEqual([`${ref.sha256}.part`])
    link.stopMedia(ref.sha256)
    await coming
    await link.sweepMedia([])
    expect(visible()).toEqual([])
  })

  it('N4, X5: bytes with another hash are refused for good, whatever the file is called', async () => {
    const folder = temporaryFolder('folder-province')
    mkdirSync(join(folder, 'media'))
    writeFileSync(join(folder, 'media', ref.sha256), randomBytes(ref.bytes))
    const own = temporaryFolder('media')
    const link = openTestLink(linkSettings(province, own, { adapter: 'folder', folder }))
    const named = { ...ref, name: '../../../CON.' }
    expect(await link.media(named)).toMatchObject({ kind: 'wrong' })
    expect(readdirSync(join(own, 'province', 'media')).filter((name) => !name.endsWith('.part'))).toEqual([])
  })
})

describe('what is not proven is not believed', () => {
  it.each([
    ['X2: alg none', { signing: 'algNone' }, { kind: 'refused', reason: 'algorithm', version: null }],
    ['X2: a key that is not pinned', { signing: 'unknownKey' }, { kind: 'refused', reason: 'unknownKey', version: null }],
    ['N7: expired', { signing: 'expired' }, { kind: 'refused', reason: 'expired' }],
    ['N8: rolled back', { signing: 'rolledBack' }, { kind: 'refused', reason: 'rolledBack', version: 1 }],
    ['N8: the same version told twice', { signing: 'equivocating' }, { kind: 'refused', reason: 'equivocation' }],
  ] as const)('%s', async (_what, knobs, outcome) => {
    const link = openTestLink(linkSettings(province, temporaryFolder('link')))
    await province.publish([bulletin('a')])
    const memory = await memoryOf(link)
    await province.turn(knobs)
    expect((await pull(link, memory)).outcome).toMatchObject(outcome)
    await province.turn(right)
    await province.publish([bulletin('a')])
    expect((await pull(link, memory)).outcome.kind).toBe('accepted')
  })

  it('N2: a portal that answers everything with 200, a cut manifest, a slow one', async () => {
    const link = openTestLink(linkSettings(province, temporaryFolder('link')))
    await province.publish([bulletin('portal')])
    await province.turn({ portal: true })
    await expect(pull(link)).rejects.toMatchObject({ code: 'portal' })
    await expect(link.deliver([])).rejects.toMatchObject({ code: 'portal' })
    await province.turn({ portal: false, cutEveryBytes: 100 })
    await expect(pull(link)).rejects.toMatchObject({ code: 'unreachable' })
    await province.turn({ cutEveryBytes: null, latencyMs: 300 })
    expect((await pull(link)).outcome.kind).toBe('accepted')
  })

  it('N11: another authority, or another name, is nobody; a clock far ahead is not believed', async () => {
    const stranger = openTestLink(linkSettings(province, temporaryFolder('link'), { ca: null }))
    await expect(pull(stranger)).rejects.toMatchObject({ code: 'tls' })
    const unknown = openTestLink(linkSettings(province, temporaryFolder('link'), { token: 'x' }))
    await expect(pull(unknown)).rejects.toMatchObject({ code: 'refused' })
    const link = openTestLink(linkSettings(province, temporaryFolder('link')))
    await province.turn({ clockSkewMs: 3_600_000 })
    await province.publish([bulletin('ahead')])
    expect((await pull(link)).outcome).toMatchObject({ kind: 'refused', reason: 'notYetValid' })
  })

  it('a folder is believed by the same keys', async () => {
    const key = signingKey()
    const folder = temporaryFolder('folder-province')
    const link = openTestLink(
      linkSettings(province, temporaryFolder('link'), {
        adapter: 'folder',
        folder,
        trustedKeys: [{ kid: key.kid, publicKey: key.publicKey }],
      }),
    )
    await expect(pull(link)).rejects.toMatchObject({ code: 'unreachable' })
    writeFileSync(join(folder, 'manifest.jws'), signManifest(key, manifestOf(Date.now(), { items: [bulletin('usb')] })))
    const { outcome, items } = await pull(link)
    expect(outcome.kind).toBe('accepted')
    expect(items.map((item) => item.itemId)).toEqual(['usb'])
    writeFileSync(join(folder, 'manifest.jws'), signManifest({ ...signingKey(), kid: key.kid }, manifestOf(Date.now(), { version: 2 })))
    expect((await pull(link)).outcome).toMatchObject({ kind: 'refused', reason: 'signature' })
  })
})

describe('what it costs', () => {
  it('nothing new is one conditional request of under 1 kB; what changed alone is handed on', async () => {
    const { port, bytes, close } = await countingProxy(new URL(province.ready.url).port)
    onTestFinished(close)
    const link = openTestLink(linkSettings(province, temporaryFolder('link'), { url: `https://127.0.0.1:${port}` }))
    await province.publish([bulletin('one'), bulletin('two')])
    const memory = await memoryOf(link)
    await pull(link, memory)
    const before = bytes()
    expect((await pull(link, memory)).outcome).toEqual({ kind: 'unchanged' })
    expect(bytes() - before).toBeLessThanOrEqual(1024)
    expect(bytes() - before).toBeGreaterThan(100)
    await province.publish([bulletin('two')])
    const { outcome, items } = await pull(link, memory)
    expect(outcome).toMatchObject({ kind: 'accepted', all: null, gone: [] })
    expect(items.map((item) => item.itemId)).toEqual(['two'])
  })
})

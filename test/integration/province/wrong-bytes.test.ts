// A recording whose bytes are not those that were ordered, in a real folder, on virtual time: never visible, said by one alarm, asked for
// again after a while and over a restart, and used as soon as the province has put the right one in its place.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Store } from '../../../station/store/index.ts'
import { bootWithStick, folderSettings } from '../../support/province-station.ts'
import { bulletinOf, manifestOf, signingKey, signManifest } from '../../support/signed-manifests.ts'
import { going, minute } from '../../support/stub-province.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

it('N4: is refused with one alarm, tried again over a restart, and used when it is right', { timeout: 60_000 }, async () => {
  const clock = new VirtualClock()
  const key = signingKey()
  const stick = temporaryFolder('stick')
  const right = Buffer.from('đúng lời tỉnh viết')
  const media = { sha256: createHash('sha256').update(right).digest('hex'), bytes: right.length, mimeType: 'audio/wav', name: 'a.wav' }
  const file = join(stick, 'media', media.sha256)
  mkdirSync(join(stick, 'media'))
  writeFileSync(file, Buffer.alloc(right.length, 'sai'))
  writeFileSync(
    join(stick, 'manifest.jws'),
    signManifest(key, manifestOf(clock.now(), { items: [bulletinOf('a', clock.now(), { media })] })),
  )
  const settings = folderSettings(stick, temporaryFolder('own'), [{ kid: key.kid, publicKey: key.publicKey }])
  const boot = async (store?: Store) => {
    const station = await bootWithStick(clock, stick, settings, store)
    const shown = () => station.service.slice().incoming.find((one) => one.item.itemId === 'a')
    const said = () => station.raised.filter((alarm) => alarm.code === 'PROVINCE_MEDIA_WRONG')
    return { station, shown, said }
  }
  const visible = () => readdirSync(settings.mediaFolder).filter((name) => !name.endsWith('.part'))

  const first = await boot()
  await going(clock, 'it is refused', () => first.shown()?.state === 'mediaRefused')
  expect(first.shown()).toMatchObject({ reason: 'wrongHash', media: [{ haveBytes: 0, cartId: null, refused: 'wrongHash' }] })
  await clock.advance(10 * minute)
  expect([visible(), first.station.imported.size, first.said().length]).toEqual([[], 0, 1])
  await first.station.service.close()

  const second = await boot(first.station.store)
  await going(clock, 'it is asked for again', () => second.said().length === 1 && second.shown() !== undefined)
  expect([visible(), second.station.imported.size, second.shown()?.state]).toEqual([[], 0, 'mediaRefused'])
  writeFileSync(file, right)
  await going(clock, 'it is right', () => second.shown()?.state === 'offered')
  expect(second.station.imported.get(media.sha256)?.equals(right)).toBe(true)
  expect(second.shown()).toMatchObject({ reason: null, media: [{ refused: null }] })
  await going(clock, 'the alarm ends', () => !second.station.alarms.has('PROVINCE_MEDIA_WRONG', 'province'))
})

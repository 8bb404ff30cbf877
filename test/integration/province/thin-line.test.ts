// N3: an emergency with a large recording over a line that carries next to nothing: the words are there at once, what the station has
// already needs no line, and the recording comes after.
import { createHash, randomBytes } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../shared/domain/clock.ts'
import type { Cart } from '../../../shared/domain/library.ts'
import { createLink } from '../../../station/province/index.ts'
import { ProvinceServer } from '../../support/province-server.ts'
import { linkSettings, openProvinceStation } from '../../support/province-station.ts'
import { bulletinOf } from '../../support/signed-manifests.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { thinLine } from '../../support/thin-line.ts'
import { until } from '../../support/until.ts'

const megabytes = 40 * 1024 * 1024

it('N3: 16 kbit/s and an alert of 40 MB: text and what is stored here first, the recording after', { timeout: 90_000 }, async () => {
  const province = await ProvinceServer.start(temporaryFolder('province'))
  const line = await thinLine(Number(new URL(province.ready.url).port), 16_000 / 8)
  onTestFinished(async () => {
    line.close()
    await province.stop()
  })
  const large = await province.addMedia(randomBytes(megabytes), 'lu-lon.wav')
  const stored = Buffer.from('còi báo đã có ở đài')
  const known = { sha256: createHash('sha256').update(stored).digest('hex'), bytes: stored.length, mimeType: 'audio/wav', name: 'coi.wav' }
  const { revision: _one, ...flood } = bulletinOf('lu', Date.now(), { class: 'emergency', text: 'Nước lên nhanh.', media: large })
  const { revision: _two, ...siren } = bulletinOf('coi', Date.now(), { class: 'emergency', text: '', media: known })
  await province.publish([flood, siren])

  const folder = temporaryFolder('province-area')
  const settings = linkSettings(province, folder, { url: `https://127.0.0.1:${line.port}` })
  const station = await openProvinceStation({ folder, clock: systemClock, openLink: (events) => createLink(settings, events) })
  station.carts.set(known.sha256, { cartId: 'cart-coi', sha256: known.sha256, frames: 48_000 } as Cart)
  await station.service.start()
  const card = (itemId: string) => [...station.alerts.values()].find((one) => one.origin?.provinceItemId === itemId)
  await until('both cards are open', () => card('lu') !== undefined && card('coi') !== undefined, 30_000)
  expect(card('lu')?.source).toMatchObject({ kind: 'text', text: 'Nước lên nhanh.' })
  expect(card('coi')?.source).toEqual({ kind: 'file', cartId: 'cart-coi' })
  expect(line.bytes()).toBeLessThan(60_000)
  expect(station.service.slice().media).toMatchObject({ waiting: 1, wantedBytes: megabytes })

  line.widen()
  await until('the recording is here', () => station.imported.has(large.sha256), 40_000)
  expect(station.imported.get(large.sha256)).toHaveLength(megabytes)
  // Nobody's words are exchanged for it by themselves; a person may.
  expect(card('lu')?.source.kind).toBe('text')
  await until('it is offered', () => station.service.slice().media.waiting === 0, 10_000)
  await station.service.openCard('lu', 'recording')
  expect(card('lu')?.source).toMatchObject({ kind: 'file' })
})

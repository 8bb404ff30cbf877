// What is urgent does not wait behind what is large: over a real line with a real province, an emergency's recording takes the line from
// a download that is on it, and that one goes on later by Range where it was.
import { createHash, randomBytes } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../shared/domain/clock.ts'
import { createLink } from '../../../station/province/index.ts'
import { ProvinceServer } from '../../support/province-server.ts'
import { linkSettings, openProvinceStation } from '../../support/province-station.ts'
import { bulletinOf } from '../../support/signed-manifests.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { thinLine } from '../../support/thin-line.ts'
import { until } from '../../support/until.ts'

const largeBytes = 8 * 1024 * 1024
const urgentBytes = 100 * 1024
/** So much of the large one is here when the urgent one comes. */
const hereBytes = 1024 * 1024
/** Handshakes, heads, TLS and manifests; and what was under way when the line was taken. */
const overheadBytes = 512 * 1024

it('an emergency and a priority recording take the line from a large one, which goes on where it was', { timeout: 90_000 }, async () => {
  const province = await ProvinceServer.start(temporaryFolder('province'))
  const line = await thinLine(Number(new URL(province.ready.url).port), 2 * 1024 * 1024)
  onTestFinished(async () => {
    line.close()
    await province.stop()
  })
  const send = async (itemId: string, bytes: Buffer, change: object) => {
    const media = await province.addMedia(bytes, `${itemId}.wav`)
    const { revision: _counted, ...item } = bulletinOf(itemId, Date.now(), { text: '', media, ...change })
    await province.publish([item])
    return media
  }
  const bytes = randomBytes(largeBytes)
  const large = await send('dai', bytes, {})
  const folder = temporaryFolder('province-area')
  const settings = linkSettings(province, folder, { url: `https://127.0.0.1:${line.port}` })
  const { service, imported } = await openProvinceStation({
    folder,
    clock: systemClock,
    openLink: (events) => createLink(settings, events),
  })
  await service.start()
  const here = () => service.slice().media.haveBytes
  await until('a part of the large one is here', () => here() >= hereBytes, 30_000)

  const before = line.bytes()
  const priority = await send('uu-tien', randomBytes(urgentBytes), { class: 'priority' })
  const emergency = await send('lu', randomBytes(urgentBytes), { class: 'emergency' })
  service.pullNow()
  await until('the urgent ones are here', () => imported.has(emergency.sha256) && imported.has(priority.sha256), 30_000)
  expect(imported.has(large.sha256)).toBe(false)
  expect(line.bytes() - before).toBeLessThan(2 * urgentBytes + overheadBytes)
  expect([...imported.keys()]).toEqual([emergency.sha256, priority.sha256])
  expect(here()).toBeGreaterThanOrEqual(hereBytes)

  line.widen()
  await until('the large one is here', () => imported.has(large.sha256), 30_000)
  expect(
    createHash('sha256')
      .update(imported.get(large.sha256) ?? '')
      .digest('hex'),
  ).toBe(large.sha256)
  expect(imported.get(large.sha256)?.equals(bytes)).toBe(true)
  // Nothing came twice.
  expect(line.bytes()).toBeLessThan(largeBytes + 2 * urgentBytes + overheadBytes)
})

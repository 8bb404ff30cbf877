// What lies on its way here and nobody waits for any more, in a real folder, by the real worker: it leaves the disk; what is still wanted
// does not (what is being brought at this moment: link.test.ts).
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Store } from '../../../station/store/index.ts'
import { bootWithStick, folderSettings } from '../../support/province-station.ts'
import { bulletinOf, manifestOf, signingKey, signManifest } from '../../support/signed-manifests.ts'
import { going, media } from '../../support/stub-province.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

it('N4: of an earlier boot, or of an item that was taken back, it is removed; begun and still wanted, it stays as far as it is', async () => {
  const clock = new VirtualClock()
  const key = signingKey()
  const stick = temporaryFolder('stick')
  const settings = folderSettings(stick, temporaryFolder('own'), [{ kid: key.kid, publicKey: key.publicKey }])
  const lies = () => readdirSync(settings.mediaFolder).sort()
  const part = (name: string) => `${media(name).sha256}.part`
  // Recordings that the stick does not hold yet: what is here of them waits for the rest.
  const publish = (version: number, ...names: string[]) => {
    const items = names.map((name) => bulletinOf(name, clock.now(), { media: media(name) }))
    writeFileSync(join(stick, 'manifest.jws'), signManifest(key, manifestOf(clock.now(), { version, items })))
  }
  const boot = (store?: Store) => bootWithStick(clock, stick, settings, store)
  publish(1, 'stays', 'taken-back')
  const first = await boot()
  await going(clock, 'both are waited for', () => first.service.slice().media.waiting === 2)
  await first.service.close()
  mkdirSync(settings.mediaFolder, { recursive: true })
  for (const name of [part('stays'), part('taken-back'), part('of-yesterday'), media('whole').sha256, 'note.txt'])
    writeFileSync(join(settings.mediaFolder, name), name.slice(0, 3))

  const { service } = await boot(first.store)
  const state = (itemId: string) => service.slice().incoming.find((one) => one.item.itemId === itemId)?.state
  const unknown = [part('of-yesterday'), media('whole').sha256]
  await going(clock, 'what nobody knows is gone', () => unknown.every((name) => !lies().includes(name)))
  expect(lies()).toEqual([part('stays'), part('taken-back'), 'note.txt'].sort())

  publish(2, 'stays')
  await going(clock, 'it is taken back', () => state('taken-back') === 'withdrawn')
  await going(clock, 'its part is gone', () => !lies().includes(part('taken-back')))
  expect(lies()).toEqual([part('stays'), 'note.txt'].sort())
  expect(readFileSync(join(settings.mediaFolder, part('stays')), 'utf8')).toBe(part('stays').slice(0, 3))
})

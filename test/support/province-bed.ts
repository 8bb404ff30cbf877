// A province with its doorbell and a whole station in step with it, real processes both, for all tests of one file.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { IncomingView, ProvinceItem, ProvinceSlice } from '../../shared/domain/province.ts'
import { ProvinceServer } from './province-server.ts'
import { StationRig } from './station-rig.ts'

export interface ProvinceBed {
  /** Where the province keeps its things; gone after the last test. */
  readonly home: string
  /** Both from the first test on. */
  readonly province: ProvinceServer
  readonly rig: StationRig
  slice(): Promise<ProvinceSlice>
  incoming(itemId: string): Promise<IncomingView | undefined>
  /** A bulletin, written at the province. */
  write(form: object): Promise<ProvinceItem>
}

export function provinceBed(): ProvinceBed {
  const home = mkdtempSync(join(tmpdir(), 'truc-song-province-'))
  let both: { readonly province: ProvinceServer; readonly rig: StationRig } | null = null
  const open = () => {
    if (both === null) throw new Error('the bed is made before the first test of the file, not before')
    return both
  }
  const slice = () => open().rig.station.api<ProvinceSlice>('GET', '/province')
  beforeAll(async () => {
    const province = await ProvinceServer.start(home, { doorbell: true })
    both = { province, rig: await StationRig.open({ config: { province: province.config() } }) }
    await both.rig.until('the doorbell is heard', 20_000, async () => {
      const { link, doorbell } = await slice()
      return link.state === 'ok' && doorbell.state === 'listening'
    })
  })
  afterAll(async () => {
    await both?.rig.close()
    await both?.province.stop()
    rmSync(home, { recursive: true, force: true })
  })
  return {
    home,
    get province() {
      return open().province
    },
    get rig() {
      return open().rig
    },
    slice,
    incoming: async (itemId) => (await slice()).incoming.find((one) => one.item.itemId === itemId),
    write: (form) => open().province.admin<ProvinceItem>('POST', 'bulletins', { mode: 'live', ...form }),
  }
}

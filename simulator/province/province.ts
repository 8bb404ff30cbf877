// A province in operation: its memory, its keys, its two doors (HTTPS for stations, a page on loopback for a person) and its doorbell.
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:net'
import { join } from 'node:path'
import { type MediaRef, type ProvinceItem, ProvinceItem as ProvinceItemSchema } from '../../shared/domain/province.ts'
import { createApi } from './api.ts'
import { type Doorbell, startDoorbell } from './broker.ts'
import { openIdentity, openToken } from './identity.ts'
import { Knobs, rightKnobs } from './knobs.ts'
import { Manifests } from './manifests.ts'
import { filledIn } from './page-refusal.ts'
import { createPage } from './page-server.ts'
import { loadPorts, savePorts } from './ports.ts'
import { ProvinceStore } from './province-store.ts'
import { Speaker } from './speaker.ts'

export interface ProvinceOptions {
  readonly dataDir: string
  readonly stations: readonly { readonly id: string; readonly name: string }[]
  /** false: no doorbell even where a broker could be had. */
  readonly doorbell: boolean
  /** Bearer token of the page. */
  readonly token: string
}

/** What is printed, and what a station's configuration is written from. */
export interface ProvinceReady {
  readonly url: string
  readonly caFile: string
  readonly tokenFiles: Readonly<Record<string, string>>
  readonly trustedKeys: readonly { readonly kid: string; readonly publicKey: string }[]
  /** null = no broker is installed here. */
  readonly mqttUrl: string | null
  readonly page: { readonly url: string; readonly token: string }
}

export interface Province {
  readonly ready: ProvinceReady
  close(): Promise<void>
}

/** Without its revision: every publication is a new one. */
export type ItemDraft = ProvinceItem extends infer I ? (I extends ProvinceItem ? Omit<I, 'revision'> : never) : never

/** What the page and the tests can ask of it. */
export interface ProvinceDesk {
  readonly store: ProvinceStore
  readonly name: string
  readonly url: string
  readonly mqttUrl: string | null
  version(): number
  knobs(): Knobs
  turn(change: Readonly<Record<string, unknown>>): Knobs
  publish(drafts: readonly ItemDraft[]): Promise<ProvinceItem[]>
  withdraw(itemId: string): Promise<ProvinceItem | null>
  speak(text: string, name: string): Promise<MediaRef>
  /** Other bytes under the address of these. */
  replace(sha256: string, by: string | null): void
  ring(): Promise<void>
}

const name = 'Hệ thống thông tin nguồn tỉnh (tập huấn)'

export async function startProvince(options: ProvinceOptions): Promise<Province> {
  const folder = options.dataDir
  const store = new ProvinceStore(folder)
  const identity = await openIdentity(join(folder, 'identity'))
  const manifests = new Manifests(store, identity, { id: 'tap-huan', name })
  const speaker = new Speaker(store)
  const tokens = new Map<string, string>()
  const tokenFiles: Record<string, string> = {}
  for (const { id, name: stationName } of options.stations) {
    store.addStation(id, stationName)
    const { token, file } = openToken(join(folder, 'identity'), id)
    tokens.set(id, token)
    tokenFiles[id] = file
  }
  let knobs = rightKnobs
  const replaced = new Map<string, string>()
  const ports = loadPorts(folder)
  const doorbell: Doorbell | null = options.doorbell ? await startDoorbell(folder, ports.mqtt) : null
  const turn = (change: Readonly<Record<string, unknown>>) => {
    const before = knobs.certificate
    knobs = filledIn(Knobs, { ...knobs, ...change })
    if (knobs.certificate !== before) {
      // Whoever is connected was shown the other one.
      api.setSecureContext({ ...identity.tls[knobs.certificate], minVersion: 'TLSv1.2' })
      api.closeAllConnections()
    }
    return knobs
  }
  const ring = async () => {
    for (const stationId of tokens.keys()) await doorbell?.ring(stationId, manifests.version)
  }
  const api: ReturnType<typeof createApi> = createApi({
    store,
    manifests,
    tls: identity.tls.right,
    tokens,
    replaced,
    knobs: () => knobs,
    turn,
  })
  const url = `https://127.0.0.1:${await listen(api, ports.https)}`
  const publish = async (drafts: readonly ItemDraft[]): Promise<ProvinceItem[]> => {
    const items = drafts.map((draft) => ProvinceItemSchema.parse({ ...draft, revision: (store.item(draft.itemId)?.revision ?? 0) + 1 }))
    store.put(items)
    manifests.changed()
    await ring()
    return items
  }
  const desk: ProvinceDesk = {
    store,
    name,
    url,
    mqttUrl: doorbell?.url ?? null,
    version: () => manifests.version,
    knobs: () => knobs,
    turn,
    publish,
    async withdraw(itemId) {
      const item = store.item(itemId)
      if (item === null) return null
      const [withdrawn] = await publish([{ ...item, withdrawn: true }])
      return withdrawn ?? null
    },
    speak: (text, title) => speaker.speak(text, title),
    replace(sha256, by) {
      if (by === null) replaced.delete(sha256)
      else replaced.set(sha256, by)
    },
    ring,
  }
  const page = createPage(desk, options.token)
  const pagePort = await listen(page, ports.page)
  savePorts(folder, { https: portOf(api), page: pagePort, mqtt: doorbell?.port ?? 0 })
  return {
    ready: {
      url,
      caFile: identity.caFile,
      tokenFiles,
      trustedKeys: [{ kid: identity.signing.kid, publicKey: identity.signing.publicKey }],
      mqttUrl: doorbell?.url ?? null,
      page: { url: `http://127.0.0.1:${pagePort}`, token: options.token },
    },
    async close() {
      await doorbell?.close()
      for (const server of [api, page]) {
        server.closeAllConnections()
        await new Promise<void>((resolve) => server.close(() => resolve()))
      }
      store.close()
    },
  }
}

/** At its remembered port, or at any when that is taken. */
async function listen(server: Server, port: number): Promise<number> {
  const attempt = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  await attempt(port).catch((cause: unknown) => (port === 0 ? Promise.reject(cause) : attempt(0)))
  return portOf(server)
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

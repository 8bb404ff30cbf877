// Gives the training station something to broadcast, over its outside doors: recordings on its first day, a rundown on every
// day that has none. What a person planned is left alone. Started by `npm start`; a process of its own, so that making the
// recordings takes nothing from the launcher.
//   node simulator/demo/main.ts --data DIR [--first]
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Cart } from '../../shared/domain/library.ts'
import type { RundownItemDraft } from '../../shared/domain/schedule.ts'
import { dayOf, type EpochMs } from '../../shared/domain/time.ts'
import { loadAnnouncer } from './announcer.ts'
import { makeChime } from './chime.ts'
import { type DemoName, type DemoRecording, demoRecordings, demoRows } from './programme.ts'
import { StationClient } from './station-client.ts'
import { makeJingle, makeTune, tuneRateHz } from './tune.ts'
import { wavFile } from './wav.ts'

const { values } = parseArgs({ options: { data: { type: 'string' }, first: { type: 'boolean', default: false } } })
if (values.data === undefined) {
  process.stderr.write('node simulator/demo/main.ts --data DIR [--first]\n')
  process.exit(2)
}
const dataDir = resolve(values.data)
/** Its presence says that this district was given a demonstration programme. */
const mark = join(dataDir, 'demo.json')
/** On the first keys; the others stay free for the station's own. */
const hotKeyNames = ['dai-hieu.wav', 'nhac-nen.wav', 'chuong-bao-gio.wav', 'chuong-thong-bao.wav', 'chuong-het-thong-bao.wav'] as const

if (values.first || existsSync(mark)) await provide()

async function provide(): Promise<void> {
  const station = await StationClient.of(dataDir)
  const carts = await recordings(station)
  writeFileSync(mark, `${JSON.stringify(Object.fromEntries([...carts].map(([name, cart]) => [name, cart.cartId])))}\n`)
  const today = dayOf(Date.now() as EpochMs)
  if ((await station.day(today)).items.length > 0) return
  for (const [index, name] of hotKeyNames.entries()) {
    const cart = carts.get(name)
    if (cart !== undefined) await station.assignHotKey(index + 1, cart.cartId, name === 'nhac-nen.wav')
  }
  for (const row of demoRows(Date.now(), (name) => carts.get(name)?.durationMs ?? 60_000)) {
    const cart = carts.get(row.name)
    if (cart !== undefined) await station.addRow(today, draft(cart, row.start as RundownItemDraft['start']))
  }
}

/** Those the library has already, and the missing ones made now. */
async function recordings(station: StationClient): Promise<Map<DemoName, Cart>> {
  const present = await station.carts()
  const carts = new Map<DemoName, Cart>()
  for (const recording of demoRecordings) {
    const known = present.find((cart) => cart.originalName === recording.name)
    carts.set(
      recording.name,
      known ?? (await station.upload(await record(recording), recording.name, recording.title, recording.contentType)),
    )
  }
  return carts
}

async function record({ sound }: DemoRecording): Promise<Buffer> {
  switch (sound.kind) {
    case 'tune':
      return wavFile(makeTune(sound), 2, tuneRateHz)
    case 'chime':
      return wavFile(makeChime(sound), 2, tuneRateHz)
    case 'jingle':
      return wavFile(makeJingle(), 2, tuneRateHz)
    case 'speech': {
      const { samples, rateHz } = (await loadAnnouncer()).say(sound.text)
      return wavFile(samples, 1, rateHz)
    }
  }
}

function draft(cart: Cart, start: RundownItemDraft['start']): RundownItemDraft {
  const { cartId, contentType, durationMs, title } = cart
  const source =
    contentType === 'fill'
      ? ({ kind: 'fill', cartId } as const)
      : contentType === 'jingle'
        ? ({ kind: 'jingle', cartId } as const)
        : ({ kind: 'file', cartId } as const)
  return { title, contentType, source, start, durationMs, crossfadeMs: null, resume: null, outputIds: [] }
}

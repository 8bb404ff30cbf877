import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StationConfig } from '../../../shared/config.ts'
import { levelOf } from '../../../simulator/district/level-tap.ts'
import { loadState, saveState } from '../../../simulator/district/state.ts'
import { writeTrainingConfig } from '../../../simulator/district/training-config.ts'
import type { VirtualDevice } from '../../../simulator/district/virtual-device.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'truc-song-district-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

function device(id: string, transport: string): VirtualDevice {
  const config = { driver: 'soft-desk', transport, label: id, simulated: true, outputs: [], options: {} }
  return { id, config, record: [], knobs: () => ({}), turn: () => Promise.resolve(), close: () => Promise.resolve() }
}

describe("the training station's configuration", () => {
  const path = () => join(folder, 'config.json')
  const written = () => StationConfig.parse(JSON.parse(readFileSync(path(), 'utf8')))

  it('is one the station takes, with two outputs, sound devices and every virtual device', () => {
    writeTrainingConfig(path(), [device('tx-fm', 'tcp://127.0.0.1:1000')], true, null)
    const config = written()
    expect(config.outputs.map(({ id, device }) => [id, device])).toEqual([
      ['fm', 'Truc Song FM'],
      ['wired', 'Truc Song huu tuyen'],
    ])
    expect(config.outputs[0]?.levelProbe).toEqual({ deviceId: 'desk-1', channel: 'ch/15', minDb: -50 })
    expect(config.audio.cueDevice).toBe('Truc Song nghe thu')
    expect(config.audio.inputs.map(({ id, kind }) => [id, kind])).toEqual([['mic-1', 'microphone']])
    expect(config.devices.map(({ id, transport, simulated }) => [id, transport, simulated])).toEqual([
      ['tx-fm', 'tcp://127.0.0.1:1000', true],
    ])
  })

  it('without sound names no sound device', () => {
    writeTrainingConfig(path(), [], false, null)
    const config = written()
    expect([config.audio.cueDevice, ...config.outputs.map((output) => output.device)]).toEqual([null, null, null])
    expect(config.audio.inputs).toEqual([])
    expect(config.outputs[0]?.levelProbe).toBeNull()
  })

  it("keeps a trainer's changes and follows the devices to their new addresses", () => {
    writeTrainingConfig(path(), [device('tx-fm', 'tcp://127.0.0.1:1000'), device('relay-1', 'tcp://127.0.0.1:1001')], true, null)
    const edited = JSON.parse(readFileSync(path(), 'utf8'))
    edited.station.name = 'Đài của tôi'
    edited.devices = edited.devices.filter((one: { id: string }) => one.id !== 'relay-1')
    edited.devices[0].label = 'Máy phát số 1'
    edited.schedule = { rewindMs: 8000 }
    writeFileSync(path(), JSON.stringify(edited))
    writeTrainingConfig(path(), [device('tx-fm', 'tcp://127.0.0.1:2000'), device('relay-1', 'tcp://127.0.0.1:2001')], false, null)
    const config = written()
    expect(config.station.name).toBe('Đài của tôi')
    expect(config.schedule.rewindMs).toBe(8000)
    expect(config.devices.map(({ id, transport, label }) => [id, transport, label])).toEqual([
      ['tx-fm', 'tcp://127.0.0.1:2000', 'Máy phát số 1'],
    ])
    expect(config.outputs.map((output) => output.device)).toEqual([null, null])
  })

  it('names the province of the district, and leaves alone one that a trainer chose', () => {
    const province = {
      url: 'https://127.0.0.1:1',
      caFile: '/ca.pem',
      tokenFiles: { 'tap-huan': '/token' },
      trustedKeys: [{ kid: 'k', publicKey: 'A'.repeat(43) }],
      mqttUrl: 'mqtt://127.0.0.1:2',
    }
    writeTrainingConfig(path(), [], false, province)
    const first = StationConfig.parse(JSON.parse(readFileSync(path(), 'utf8')))
    expect(first.province).toMatchObject({
      adapter: 'http',
      url: province.url,
      tokenFile: '/token',
      mqttUrl: province.mqttUrl,
      pollIntervalS: 60,
    })
    writeTrainingConfig(path(), [], false, { ...province, url: 'https://127.0.0.1:3', mqttUrl: null })
    expect(StationConfig.parse(JSON.parse(readFileSync(path(), 'utf8'))).province).toMatchObject({
      url: 'https://127.0.0.1:3',
      mqttUrl: null,
    })
    const own = { ...first, province: { ...first.province, adapter: 'folder', folder: '/usb' } }
    writeFileSync(path(), JSON.stringify(own))
    writeTrainingConfig(path(), [], false, province)
    expect(StationConfig.parse(JSON.parse(readFileSync(path(), 'utf8'))).province).toMatchObject({ adapter: 'folder', folder: '/usb' })
  })

  it('that was broken by hand is not overwritten', () => {
    writeFileSync(path(), '{"outputs": 3}')
    expect(() => writeTrainingConfig(path(), [], true, null)).toThrow()
    expect(readFileSync(path(), 'utf8')).toBe('{"outputs": 3}')
  })
})

describe("the district's state", () => {
  it('is made when missing and read again', () => {
    const path = join(folder, 'district.json')
    const first = loadState(path)
    expect(first).toEqual({ version: 1, ports: {}, fm: { powerSetW: 100, frequencyKhz: 64_200 } })
    saveState(path, { ...first, ports: { fm: 4711 } })
    expect(loadState(path).ports).toEqual({ fm: 4711 })
  })

  it('of a newer version is refused', () => {
    writeFileSync(join(folder, 'district.json'), '{"version":2}')
    expect(() => loadState(join(folder, 'district.json'))).toThrow()
  })
})

describe('a measured level', () => {
  it('is that of the samples', () => {
    const square = Buffer.alloc(1600)
    for (let i = 0; i < 800; i++) square.writeInt16LE(i % 2 === 0 ? 16_384 : -16_384, i * 2)
    expect(levelOf(square)).toBeCloseTo(-6.02, 2)
    expect(levelOf(Buffer.alloc(1600))).toBe(-96)
    expect(levelOf(Buffer.alloc(0))).toBe(-96)
  })
})

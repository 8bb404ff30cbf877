// `truc-song device probe` against a simulated transmitter on a real socket, and `truc-song media inspect` on real files.
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createTransmitterSimulator } from '../../hardware/transmitters/ecreso-crown/simulator.ts'
import { jsonLines, runCli } from '../support/run-cli.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function dataFolder(address: string): string {
  const folder = temporaryFolder('probe')
  const device = { id: 'fm', driver: 'crown-fme', transport: address, options: { onAirThresholdW: 10 } }
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ station: { id: 'x', name: 'x' }, devices: [device] }))
  return folder
}

it('device probe says what the transmitter says of itself, and the transmitter was told nothing', async () => {
  const simulator = await createTransmitterSimulator({ wire: { kind: 'tcp' }, model: 'crown', powerSetW: 120 })
  onTestFinished(() => simulator.close())
  const answer = await runCli('device', 'probe', 'fm', '--data', dataFolder(simulator.address))
  expect(jsonLines(answer)).toMatchObject([
    { id: 'fm', via: 'wire', status: { state: 'online' }, observed: { carrierOn: false, powerSetW: 120 } },
  ])
  expect(answer.code).toBe(0)
  expect(simulator.requests).toBeGreaterThan(0)
  expect(simulator.record.filter((entry) => /set|write|order/i.test(entry.what))).toEqual([])
})

it('device probe answers 1 for a device that is silent, 2 for one that is not configured', async () => {
  const simulator = await createTransmitterSimulator({ wire: { kind: 'tcp' }, model: 'crown' })
  onTestFinished(() => simulator.close())
  simulator.faults.silent = true
  const folder = dataFolder(simulator.address)
  const answer = await runCli('device', 'probe', 'fm', '--data', folder)
  expect(answer.code).toBe(1)
  expect(jsonLines(answer)[0].status.state).not.toBe('online')
  expect(await runCli('device', 'probe', 'am', '--data', folder)).toMatchObject({ code: 2, err: expect.stringContaining('there are: fm') })
})

it('device probe asks a running station and leaves the wire alone', async () => {
  const simulator = await createTransmitterSimulator({ wire: { kind: 'tcp' }, model: 'crown' })
  onTestFinished(() => simulator.close())
  const asked: (string | undefined)[] = []
  const station = createServer((request, answer) => {
    asked.push(`${request.url} ${request.headers.authorization}`)
    answer.end(JSON.stringify([{ deviceId: 'fm', status: { state: 'online', sinceMs: 1, lastHeardAt: 1 } }]))
  })
  await new Promise<void>((resolve) => station.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void station.close())
  const folder = dataFolder(simulator.address)
  const { port } = station.address() as AddressInfo
  writeFileSync(join(folder, 'station.json'), JSON.stringify({ url: `http://127.0.0.1:${port}`, token: 'secret' }))
  const answer = await runCli('device', 'probe', 'fm', '--data', folder)
  expect(jsonLines(answer)).toMatchObject([{ id: 'fm', via: 'station', status: { state: 'online' } }])
  expect(asked).toEqual(['/api/v1/devices Bearer secret'])
  expect(simulator.requests).toBe(0)
})

it('media inspect measures what is sound, and says why what is not is refused', async () => {
  const folder = temporaryFolder('media')
  const good = join(folder, 'tone.wav')
  const bad = join(folder, 'not-audio.mp3')
  writeFileSync(good, toneWav(2))
  writeFileSync(bad, 'this is text')
  const answer = await runCli('media', 'inspect', good, bad)
  expect(answer.code).toBe(1)
  expect(jsonLines(answer)).toMatchObject([
    { file: good, verdict: 'accepted', frames: 96_000, truePeakDbtp: expect.closeTo(-6.02, 1) },
    { file: bad, verdict: 'refused', code: 'MEDIA_UNKNOWN_FORMAT' },
  ])
})

/** 440 Hz at half of full scale, 48 kHz mono, 16 bit. */
function toneWav(seconds: number): Buffer {
  const samples = Int16Array.from({ length: 48_000 * seconds }, (_, n) => Math.round(16_384 * Math.sin((2 * Math.PI * 440 * n) / 48_000)))
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(36 + samples.byteLength, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(48_000, 24)
  header.writeUInt32LE(96_000, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(samples.byteLength, 40)
  return Buffer.concat([header, Buffer.from(samples.buffer)])
}

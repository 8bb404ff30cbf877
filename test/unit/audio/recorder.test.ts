// A recorder that could not write says so once, and says when sound reaches the disk again.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Recorder } from '../../../audio/recorder.ts'
import type { OutputId } from '../../../shared/domain/ids.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ts-recorder-'))
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(dir, { recursive: true, force: true })
})

test('a failure is told, and its end when a block is written', async () => {
  const told: string[] = []
  const folder = join(dir, 'tape')
  await writeFile(folder, 'in the way')
  const tap: any = { connect: () => undefined }
  const context: any = { createScriptProcessor: () => tap, sampleRate: 48_000, currentTime: 0 }
  const say = (what: string) => () => void told.push(what)
  const recorder = new Recorder(folder, 'fm' as OutputId, 1, say('failed'), say('writes'))
  recorder.connect(context, { connect: () => undefined } as any)
  const block = () => {
    context.currentTime += 16_384 / 48_000
    const samples = new Float32Array(16_384)
    tap.onaudioprocess({ playbackTime: context.currentTime, inputBuffer: { numberOfChannels: 2, getChannelData: () => samples } })
  }
  block()
  await vi.waitFor(() => expect(told).toEqual(['failed']))
  await rm(folder)
  block()
  expect(told).toEqual(['failed'])
  vi.setSystemTime(Date.now() + 31_000)
  block()
  await vi.waitFor(() => expect(told).toEqual(['failed', 'writes']))
  block()
  await recorder.close()
  expect(told).toEqual(['failed', 'writes'])
  expect((await readdir(folder)).length).toBeGreaterThan(0)
})

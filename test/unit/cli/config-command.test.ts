import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkConfig } from '../../../shared/config.ts'
import { jsonLines, runCli } from '../../support/run-cli.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const station = { id: 'mcc', name: 'Đài huyện' }
const keysOf = (value: unknown) => {
  const checked = checkConfig(value)
  return checked.ok ? [] : checked.problems.map((problem) => problem.key)
}

describe('a wrong key names itself', () => {
  it.each([
    ['unknown, at the top', { station, statoin: {} }, ['statoin']],
    ['unknown, inside', { station: { ...station, nmae: 'x' } }, ['station.nmae']],
    ['missing', { station: { id: 'x' } }, ['station.name']],
    ['recordings kept for less than six months', { station, audio: { airCheck: { keepDays: 183 } } }, ['audio.airCheck.keepDays']],
    ['malformed, in a list', { station, devices: [{ id: 'd', driver: 'x', transport: 'foo' }] }, ['devices.0.transport']],
    [
      'used twice',
      {
        station,
        outputs: [
          { id: 'a', name: 'A' },
          { id: 'a', name: 'B' },
        ],
      },
      ['outputs.1.id'],
    ],
    [
      'pointing nowhere',
      { station, devices: [{ id: 'd', driver: 'soft-desk', transport: 'soft:', outputs: ['nowhere'] }] },
      ['devices.0.outputs'],
    ],
    [
      'H12: a cue that is a programme device',
      { station, audio: { cueDevice: 'Loa' }, outputs: [{ id: 'a', name: 'A', backupDevice: 'Loa' }] },
      ['audio.cueDevice'],
    ],
  ])('%s', (_what, config, keys) => {
    expect(keysOf(config)).toEqual(keys)
  })

  it('and a right one gets its defaults', () => {
    expect(checkConfig({ station })).toMatchObject({ ok: true, config: { outputs: [{ id: 'main' }], alerts: { liveFiring: false } } })
  })
})

describe('config check', () => {
  const check = async (text: string) => {
    const file = join(temporaryFolder('config'), 'config.json')
    writeFileSync(file, text)
    const answer = await runCli('config', 'check', file)
    return { code: answer.code, ...jsonLines(answer)[0] }
  }

  it('answers 0 for a good file and 1 with every wrong key for a bad one', async () => {
    expect(await check(JSON.stringify({ station }))).toMatchObject({ code: 0, ok: true })
    expect(await check(JSON.stringify({ station, hotkeys: [], schedul: {} }))).toMatchObject({
      code: 1,
      ok: false,
      problems: [{ key: 'hotkeys' }, { key: 'schedul' }],
    })
  })

  it('knows the drivers and their options', async () => {
    const device = { id: 'fm', driver: 'crown-fme', transport: 'tcp://127.0.0.1:1', options: { onAirTreshold: 1 } }
    expect(await check(JSON.stringify({ station, devices: [device] }))).toMatchObject({
      code: 1,
      problems: [{ key: expect.stringContaining('devices.fm.options') }],
    })
    expect(await check(JSON.stringify({ station, devices: [{ ...device, driver: 'crown' }] }))).toMatchObject({
      code: 1,
      problems: [{ key: 'devices.fm.driver' }],
    })
  })

  it('says where JSON ends, and answers 2 for a file that is not there', async () => {
    expect(await check('{"station": {')).toMatchObject({ code: 1, problems: [{ key: '', problem: expect.stringContaining('not JSON') }] })
    expect(await runCli('config', 'check', '/no/such/file')).toMatchObject({ code: 2, out: '' })
  })
})

// `npm start` as a person runs it, on an empty training district: the control room answers, a second start finds the first,
// and whatever ends it leaves no process behind.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { untilAsked } from '../../support/until-asked.ts'

const root = join(import.meta.dirname, '../../..')
/** Generous: a start is installs, builds and a dozen processes, and the machine of the tests may be doing other things. */
const readyWithinMs = 120_000
const testWithinMs = 300_000
const throughNpm = '--through-npm'
const goneWithinMs = 20_000
vi.setConfig({ testTimeout: testWithinMs, hookTimeout: testWithinMs })

let folder = ''
const running: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'truc-song-start-'))
})

afterEach(async () => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  await nothingLeft()
  rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 })
})

/** Starts; resolves with the printed address, or rejects with everything that was said. */
function start(...words: string[]): { child: ChildProcess; address: Promise<string>; ended: Promise<number | null>; said: () => string } {
  const options = ['--data', join(folder, 'data'), '--no-open', '--quiet', ...words.filter((word) => word !== throughNpm)]
  const [command, ...first] = words.includes(throughNpm) ? ['npm', 'start', '--'] : [process.execPath, 'start.mjs']
  const child = spawn(command ?? '', [...first, ...options], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  let said = ''
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const address = new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no address in time:\n${said}`)), readyWithinMs)
    const look = (bytes: Buffer) => {
      said += bytes.toString()
      const found = /control room: (\S+)\n/.exec(said)?.[1]
      if (found === undefined) return
      clearTimeout(late)
      resolve(found)
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    void ended.then((code) => {
      clearTimeout(late)
      reject(new Error(`ended with ${code}:\n${said}`))
    })
  })
  // A start that is meant to fail has no address, and nobody waits for one.
  address.catch(() => undefined)
  return { child, address, ended, said: () => said }
}

const inTouchWithinMs = 20_000

/** Command lines of processes that carry this test's folder, ours excepted. */
async function processesHere(): Promise<string[]> {
  const found: string[] = []
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (line.includes(folder)) found.push(line.replaceAll('\0', ' '))
  }
  return found
}

async function nothingLeft(): Promise<void> {
  let left: string[] = []
  await untilAsked(
    'nothing left behind',
    async () => {
      left = await processesHere()
      return left.length === 0 ? true : null
    },
    goneWithinMs,
  ).catch(() => expect(left).toEqual([]))
}

it('opens the control room on the training district; a second start finds it; Ctrl+C ends all of it', async () => {
  const first = start('--fresh')
  const address = new URL(await first.address)
  const page = await fetch(new URL('/', address))
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('<div id=')

  const code = new URLSearchParams(address.hash.slice(1)).get('code')
  const exchange = () =>
    fetch(new URL('/api/v1/session/exchange', address), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: address.origin },
      body: JSON.stringify({ code }),
    })
  const opened = await exchange()
  expect(opened.ok).toBe(true)
  const cookie = opened.headers.get('set-cookie') ?? ''
  expect(cookie).toContain('HttpOnly')
  const info = await (await fetch(new URL('/api/v1/station', address), { headers: { cookie: cookie.split(';')[0] ?? '' } })).json()
  expect(info).toMatchObject({ training: true, outputs: [{ outputId: 'fm' }, { outputId: 'wired' }] })
  expect((await exchange()).ok).toBe(false)
  const province = await untilAsked(
    'the station is in touch with its province',
    async () => {
      const answer = await fetch(new URL('/api/v1/province', address), { headers: { cookie: cookie.split(';')[0] ?? '' } })
      const slice = (await answer.json()) as { link: { state: string } }
      return slice.link.state === 'ok' ? slice : null
    },
    inTouchWithinMs,
  )
  expect(province).toMatchObject({ adapter: 'http', refusal: null, manifest: { items: 0 } })
  expect(first.said()).toMatch(/the province's page: http:\/\/127\.0\.0\.1:\d+\/#/)

  const second = start()
  const again = new URL(await second.address)
  expect(again.origin).toBe(address.origin)
  expect(again.hash).not.toBe(address.hash)
  expect(await second.ended).toBe(0)

  const fresh = start('--fresh')
  expect(await fresh.ended).toBe(1)
  expect(fresh.said()).toContain('--fresh')

  first.child.kill('SIGINT')
  expect(await first.ended).toBe(0)
  await nothingLeft()
})

it.each(['npm', 'start.mjs', 'the launcher', 'the station'] as const)('kill -9 of %s', async (victim) => {
  const { child, address, ended } = start('--fresh', ...(victim === 'npm' ? [throughNpm] : []))
  const origin = new URL(await address).origin
  const pids = JSON.parse(readFileSync(join(folder, 'data', 'launch.json'), 'utf8')) as { launcher: number; station: number }
  if (victim === 'the station') {
    process.kill(pids.station, 'SIGKILL')
    await isServedAgain(origin, pids.station)
    child.kill('SIGTERM')
  } else if (victim === 'the launcher') process.kill(pids.launcher, 'SIGKILL')
  else child.kill('SIGKILL')
  await ended
  await nothingLeft()
})

it('broadcasts on its first day: real recordings, a rundown, and a carrier that is measured', async () => {
  const { child, address, ended } = start()
  const origin = new URL(await address).origin
  const token = (await readFile(join(folder, 'data', 'token'), 'utf8')).trim()
  const outputs = async () => {
    const answer = await fetch(`${origin}/api/v1/onair`, { headers: { authorization: `Bearer ${token}` } })
    return (await answer.json()) as { outputId: string; onAir: string; now: { title: string } | null; carriers: { state: string }[] }[]
  }
  await untilAsked(
    'FM on air, measured',
    async () => {
      const fm = (await outputs()).find((output) => output.outputId === 'fm')
      return fm?.onAir === 'measured' && fm.now !== null && fm.carriers.every(({ state }) => state === 'up') ? fm : null
    },
    readyWithinMs,
  )
  const library = await fetch(`${origin}/api/v1/library`, { headers: { authorization: `Bearer ${token}` } })
  expect(((await library.json()) as { title: string }[]).map(({ title }) => title)).toContain('Đài hiệu')
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  await nothingLeft()
})

/** Resolves when another station answers at the same address. */
async function isServedAgain(origin: string, before: number): Promise<void> {
  const ask = async () => {
    const { pid } = JSON.parse(await readFile(join(folder, 'data', 'station.json'), 'utf8')) as { pid: number }
    const answers = await fetch(`${origin}/healthz`).then(
      (answer) => answer.arrayBuffer().then(() => true),
      () => false,
    )
    return pid !== before && answers ? true : null
  }
  await untilAsked('the station back', ask, readyWithinMs)
}

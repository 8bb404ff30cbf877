// Which recording has the line: the most urgent class takes it from a lesser one, waits for no pause and no import; what came with other
// bytes is told once and asked for again, ever more seldom.
import { expect, it } from 'vitest'
import { OperatorError } from '../../../shared/domain/errors.ts'
import type { Cart } from '../../../shared/domain/library.ts'
import type { MediaRef } from '../../../shared/domain/province.ts'
import type { DiskLevel } from '../../../station/health/index.ts'
import { LinkError } from '../../../station/province/adapter.ts'
import type { MediaOutcome } from '../../../station/province/link-protocol.ts'
import { MediaQueue } from '../../../station/province/media-queue.ts'
import type { ProvincePorts } from '../../../station/province/ports.ts'
import { media } from '../../support/stub-province.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const hour = 3_600_000

/** A link and a library that do as they are told, one call after the other. */
function bed() {
  const clock = new VirtualClock()
  const carts = new Map<string, Cart>()
  const asked: string[] = []
  const stopped: string[] = []
  const told: string[] = []
  const alarms: string[] = []
  const discarded: string[] = []
  const onLine = new Map<string, { readonly name: string; readonly answer: PromiseWithResolvers<MediaOutcome> }>()
  const imports = new Map<string, PromiseWithResolvers<void>>()
  const disk = { level: 'ok' as DiskLevel }
  /** Everything that was called is worked on. */
  const settled = () => clock.advance(0)
  const link = {
    media(ref: MediaRef) {
      asked.push(ref.name)
      const answer = Promise.withResolvers<MediaOutcome>()
      onLine.set(ref.sha256, { name: ref.name, answer })
      return answer.promise
    },
    stopMedia: (sha256: string) => void stopped.push(onLine.get(sha256)?.name ?? '?'),
  }
  const ports = {
    clock,
    random: () => 0.5,
    diskLevel: () => disk.level,
    onChanged: () => undefined,
    discard: (path: string) => Promise.resolve(void discarded.push(path)),
    trouble: { warn: () => undefined, error: () => undefined },
    alarms: { set: (on: boolean, code: string, _subject: string, { title }: { title: string }) => alarms.push(`${on} ${code} ${title}`) },
    library: {
      bySha256: (sha256: string) => carts.get(sha256) ?? null,
      async importFile(path: string, name: string) {
        const work = imports.get(name)
        if (work !== undefined) await work.promise
        const cart = { cartId: `cart-${name}`, sha256: path } as unknown as Cart
        carts.set(path, cart)
        return cart
      },
    },
  } as unknown as ProvincePorts
  const queue = new MediaQueue(
    ports,
    link,
    (_sha256, cartId) => told.push(`here ${cartId}`),
    (_sha256, why) => told.push(`refused ${why}`),
  )
  const one = (name: string) => onLine.get(media(name).sha256)?.answer
  return {
    clock,
    queue,
    asked,
    stopped,
    told,
    alarms,
    discarded,
    imports,
    disk,
    settled,
    want: (name: string, rank: number) => queue.want({ ref: media(name), title: name, contentType: 'speech', rank }),
    comes: (name: string) => (one(name)?.resolve({ kind: 'here', path: media(name).sha256 }), settled()),
    comesWrong: (name: string) => (one(name)?.resolve({ kind: 'wrong', message: 'other bytes' }), settled()),
    fails: (name: string, code: 'unreachable' | 'refused') => (one(name)?.reject(new LinkError(code, code)), settled()),
  }
}

it.each([
  ['an emergency', 0, 'a priority bulletin', 1, true],
  ['an emergency', 0, 'a normal bulletin', 3, true],
  ['a priority bulletin', 1, 'a session', 2.0017, true],
  ['a session', 2.0017, 'a normal bulletin', 3, true],
  ['a session', 2.0016, 'a later one', 2.0017, false],
  ['an emergency', 0, 'another', 0, false],
  ['a normal bulletin', 3, 'an emergency', 0, false],
])('%s (%d) takes the line from %s (%d): %s', async (_what, rank, _other, otherRank, takes) => {
  const { want, fails, comes, asked, stopped, settled } = bed()
  want('first', otherRank)
  want('second', rank)
  await settled()
  expect(stopped).toEqual(takes ? ['first'] : [])
  if (takes) await fails('first', 'unreachable')
  else await comes('first')
  expect(asked).toEqual(['first', 'second'])
  if (!takes) return
  // It gave way and did nothing wrong: it goes on as soon as the line is free.
  await comes('second')
  expect(asked).toEqual(['first', 'second', 'first'])
})

it('what gave way and was whole by then is taken as it is', async () => {
  const { want, comes, asked, told } = bed()
  want('first', 3)
  want('second', 0)
  await comes('first')
  await comes('second')
  expect([asked, told]).toEqual([
    ['first', 'second'],
    ['here cart-first', 'here cart-second'],
  ])
})

it('an emergency waits neither for a pause of the link nor for an import; a normal one waits for both', async () => {
  const { want, fails, comes, asked, imports, settled } = bed()
  want('gone', 3)
  await fails('gone', 'unreachable')
  want('normal', 3)
  expect(asked).toEqual(['gone'])
  want('urgent', 0)
  expect(asked).toEqual(['gone', 'urgent'])
  imports.set('urgent', Promise.withResolvers())
  await comes('urgent')
  expect(asked).toEqual(['gone', 'urgent'])
  want('more', 0)
  expect(asked).toEqual(['gone', 'urgent', 'more'])
  await comes('more')
  expect(asked).toEqual(['gone', 'urgent', 'more'])
  imports.get('urgent')?.resolve()
  await settled()
  expect(asked).toEqual(['gone', 'urgent', 'more', 'normal'])
})

it('what nothing needs any more leaves the line, and is no failure', async () => {
  const { want, fails, asked, stopped, queue } = bed()
  want('first', 3)
  want('second', 3)
  queue.forget(media('first').sha256)
  expect(stopped).toEqual(['first'])
  await fails('first', 'unreachable')
  expect(asked).toEqual(['first', 'second'])
  expect(queue.summary.waiting).toBe(1)
})

it('what nothing needs any more and was whole by then is thrown away, not imported; wanted anew it is brought anew', async () => {
  const { want, comes, asked, told, discarded, queue } = bed()
  const { sha256 } = media('first')
  want('first', 3)
  queue.forget(sha256)
  expect(queue.busy, 'until the line has let go of it').toEqual([sha256])
  await comes('first')
  expect([told, discarded, queue.busy]).toEqual([[], [sha256], []])
  want('first', 3)
  queue.forget(sha256)
  want('first', 3)
  await comes('first')
  expect([asked, told]).toEqual([['first', 'first', 'first'], []])
  await comes('first')
  expect(told).toEqual(['here cart-first'])
})

it('other bytes are told once, with one alarm, and asked for again ever more seldom, whatever the link does; mended, it is here', async () => {
  const { clock, want, comes, comesWrong, asked, told, alarms, queue, settled } = bed()
  want('song', 3)
  await comesWrong('song')
  expect([told, alarms]).toEqual([['refused wrongHash'], ['true PROVINCE_MEDIA_WRONG song']])
  const times: number[] = []
  for (const began = clock.monotonic(); times.length < 9; ) {
    queue.wake()
    const before = asked.length
    await clock.advance(60_000)
    if (asked.length === before) continue
    times.push(Math.round((clock.monotonic() - began) / 60_000))
    await comesWrong('song')
  }
  // A minute, two, four … and then once an hour.
  expect(times.slice(0, 6)).toEqual([1, 3, 7, 15, 31, 63])
  expect((times[8] ?? 0) - (times[7] ?? 0)).toBe(60)
  expect(told).toEqual(['refused wrongHash'])
  expect(queue.haveBytes(media('song').sha256)).toBe(0)
  await clock.advance(hour)
  await comes('song')
  await settled()
  expect(told).toEqual(['refused wrongHash', 'here cart-song'])
  expect(alarms.at(-1)).toBe('false PROVINCE_MEDIA_WRONG ')
})

it('what is wanted anew while its bytes are wrong is told so as well; given up, the alarm ends', async () => {
  const { want, comesWrong, told, alarms, queue } = bed()
  want('song', 3)
  await comesWrong('song')
  want('song', 3)
  expect(told).toEqual(['refused wrongHash', 'refused wrongHash'])
  queue.forget(media('song').sha256)
  expect(alarms.at(-1)).toBe('false PROVINCE_MEDIA_WRONG ')
})

it.each([
  ['low', 0, true],
  ['low', 1, false],
  ['low', 3, false],
  ['full', 0, false],
] as const)('while the disk is %s, what has rank %d is brought: %s; all is when there is room again', async (level, rank, brought) => {
  const { clock, disk, want, asked } = bed()
  disk.level = level
  want('tin', rank)
  await clock.advance(hour)
  expect(asked).toEqual(brought ? ['tin'] : [])
  disk.level = 'ok'
  await clock.advance(10 * 60_000)
  expect(asked).toEqual(['tin'])
})

/** Imports that fail until a test says otherwise, each at once. */
const failing = async (error: () => OperatorError, times: number) => {
  const rig = bed()
  const { clock, imports, want, comes, asked } = rig
  want('song', 3)
  for (let time = 1; time <= times; time++) {
    const work = Promise.withResolvers<void>()
    work.promise.catch(() => undefined)
    imports.set('song', work)
    for (let waited = 0; asked.length < time && waited < hour; waited += 1000) await clock.advance(1000)
    work.reject(error())
    await comes('song')
  }
  imports.delete('song')
  return rig
}

it.each([
  ['a file that could not be opened', () => new OperatorError('NOT_FOUND', { reason: 'EACCES' }), 30],
  ['a decoder that died', () => new OperatorError('MEDIA_CORRUPT', { reason: 'the decoder died (SIGKILL)', died: 'SIGKILL' }), 5],
  ['a decoder that was too slow', () => new OperatorError('INGEST_TIMEOUT', { afterS: 900 }), 5],
])('%s is a fault of this computer and passes: the file is tried again where it lies, and is here', async (_what, error, times) => {
  const { clock, asked, told, discarded, comes } = await failing(error, times)
  expect([told, discarded]).toEqual([[], []])
  for (let waited = 0; asked.length <= times && waited < hour; waited += 1000) await clock.advance(1000)
  await comes('song')
  expect(told).toEqual(['here cart-song'])
})

it('what kills its decoder each time is refused after a while; a verdict on what is in it at once', async () => {
  const died = await failing(() => new OperatorError('MEDIA_CORRUPT', { reason: 'the decoder died (1)', died: '1' }), 8)
  await died.clock.advance(hour)
  expect([died.told, died.discarded.length, died.asked.length]).toEqual([['refused MEDIA_CORRUPT'], 1, 8])
  expect(died.clock.monotonic(), 'a passing want of memory is over by then').toBeGreaterThan(hour + 120_000)
  const corrupt = await failing(() => new OperatorError('MEDIA_CORRUPT', { at: '00:01' }), 1)
  await corrupt.clock.advance(hour)
  expect([corrupt.told, corrupt.discarded.length, corrupt.asked.length]).toEqual([['refused MEDIA_CORRUPT'], 1, 1])
})

it('a file that cannot be imported holds up none behind it', async () => {
  const { want, comes, asked, told, clock } = await failing(() => new OperatorError('NOT_FOUND', { reason: 'EACCES' }), 12)
  want('other', 3)
  await clock.advance(2000)
  expect(asked.at(-1)).toBe('other')
  await comes('other')
  expect(told).toEqual(['here cart-other'])
})

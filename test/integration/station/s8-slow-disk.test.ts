// S8: every fsync takes 3 s. Cut-in, STOP and the polling of devices keep their figures; what could not be on the disk in
// time is marked *ghi muộn*. Compared with the same orders on the same machine with the disk as it is, one after the other.
import { afterEach, expect, test } from 'vitest'
import { StationRig } from '../../support/station-rig.ts'

let rig: StationRig
afterEach(() => rig.close())

interface Figures {
  readonly fireMs: number
  readonly stopMs: number
  readonly polls: number
}

/** Times of answers at the outside door, and requests the transmitter understood in three seconds. */
async function figures(alertId: string): Promise<Figures> {
  const before = rig.transmitter.requests
  const startedMs = performance.now()
  const cutInId = await rig.fire(alertId)
  const fireMs = performance.now() - startedMs
  await rig.until(
    'the alert is confirmed by the audio process',
    3000,
    async () => (await rig.output('fm')).cutIn?.outputs[0]?.startedAtMs != null,
  )
  await rig.until('three seconds have passed', 4000, () => performance.now() - startedMs > 3000)
  const polls = rig.transmitter.requests - before
  const stopAtMs = performance.now()
  await rig.station.api('POST', '/onair/stop', {})
  const stopMs = performance.now() - stopAtMs
  await rig.until('every output is stopped', 2000, async () => (await rig.outputs()).every((output) => output.phase === 'stopped'))
  await rig.station.api('POST', '/onair/reopen', {})
  await rig.until('the airing is over', 5000, async () => (await rig.outputs()).every((output) => output.phase !== 'cutIn'))
  expect(cutInId).toMatch(/^cut-/)
  return { fireMs, stopMs, polls }
}

test('S8: with every fsync delayed by 3 s, cut-in, STOP and polling do not wait, and late rows say so', async () => {
  rig = await StationRig.open()
  const alertId = await rig.armedAlert(20)
  const quick = await figures(alertId)
  await rig.station.stop()
  await rig.restart([
    'strace',
    '-f',
    '--seccomp-bpf',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    'trace=fsync,fdatasync',
    '-e',
    'inject=fsync,fdatasync:delay_exit=3000000',
  ])
  await rig.until('the transmitter answers', 5000, async () =>
    (await rig.station.api<{ deviceId: string; status: { state: string } }[]>('GET', '/devices')).some(
      (device) => device.deviceId === 'tx' && device.status.state === 'online',
    ),
  )
  // The audio process was ready long before the store: what it said then is not lost.
  expect((await rig.output('fm')).audio).toMatchObject({ state: 'running', device: expect.any(String) })
  // Arming waits for its row by right; firing must not.
  await rig.until('the alert is armed', 30_000, async () => {
    const armed = await rig.station.api<{ state: string }>('POST', `/alerts/${alertId}/arm`, {})
    return armed.state === 'armed'
  })
  const slow = await figures(alertId)
  expect(slow.fireMs).toBeLessThan(Math.max(250, quick.fireMs * 5))
  expect(slow.stopMs).toBeLessThan(Math.max(250, quick.stopMs * 5))
  expect(slow.polls).toBeGreaterThan(quick.polls / 2)
  await rig.until('late rows are marked', 20_000, async () =>
    (await rig.rows()).some((row) => row.late && (row.kind === 'cutin' || row.kind === 'stop')),
  )
})

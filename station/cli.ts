// `truc-song <command>` (bin/truc-song.js starts it on the Node this project ships). Only constructs: the commands are in cli/.
// Besides station/main.ts the only place that sees the driver registry, loaded by the two commands that need it.
import { writeSync } from 'node:fs'
import { systemClock } from '../shared/domain/clock.ts'
import { OperatorError } from '../shared/domain/errors.ts'
import { configCheck, deviceProbe, runCommandLine } from './cli/index.ts'

// Synchronous, so that nothing is lost when the process ends with its exit code.
const io = { out: (text: string) => writeAll(1, text), err: (text: string) => writeAll(2, text) }

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8')
  for (let done = 0; done < bytes.length; ) done += writeSome(fd, bytes, done)
}

/** A pipe whose reader is slow may be full and not block: then wait a little and go on. */
function writeSome(fd: number, bytes: Buffer, from: number): number {
  try {
    return writeSync(fd, bytes, from)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    return 0
  }
}

const say = (level: string) => (message: string, fields?: Record<string, unknown>) =>
  io.err(`${JSON.stringify({ level, message, ...fields })}\n`)
const log = { info: () => undefined, warn: say('warn'), error: say('error') }

const probe = deviceProbe(async (device, heard) => {
  const { createDriver } = await import('../hardware/registry.ts')
  const { createWireHub } = await import('../hardware/transport/wire-hub.ts')
  const sink = { onStatus: heard, onObserved: heard, onDeskEvent: () => undefined, onSurfaceEvent: () => undefined }
  return createDriver(device, { clock: systemClock, log, wires: createWireHub(systemClock), sink }).driver
})

const check = configCheck(async (device) => {
  const { checkDeviceConfig } = await import('../hardware/registry.ts')
  try {
    checkDeviceConfig(device)
    return null
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    const { field, remedy } = error.detail
    return { key: String(field), problem: String(remedy) }
  }
})

process.exitCode = await runCommandLine(process.argv.slice(2), io, { 'config check': check, 'device probe': probe })

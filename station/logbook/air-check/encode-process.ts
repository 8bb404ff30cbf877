// Entry point of the air-check's encoder: one segment, at the lowest priority, then gone with everything it held.
import { constants, setPriority } from 'node:os'
import type { EncodeJob, EncodeResult } from './encode-job.ts'
import { encodeSegment } from './encode-segment.ts'

setPriority(constants.priority.PRIORITY_LOW)
const made = await encodeSegment(JSON.parse(process.argv[2] ?? '') as EncodeJob)
const { user, system } = process.cpuUsage()
const result: EncodeResult = { ...made, cpuMs: Math.round((user + system) / 1000) }
await new Promise<void>((resolve) => process.stdout.write(`${JSON.stringify(result)}\n`, () => resolve()))
// Not `process.exit`: the encoder's finalisers crash in some orders, and there is nothing left to tidy.
process.kill(process.pid, 'SIGKILL')

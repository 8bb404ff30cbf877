// The province of the training district: a server of docs/province in a process of its own. When ready it prints one JSON line with all a
// station's configuration needs. Ends on SIGTERM, or, with --end-with-stdin, when its standard input closes.
//   node simulator/province/main.ts --data DIR --station ID=NAME… [--no-doorbell] [--end-with-stdin]
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startProvince } from './province.ts'

const usage = 'node simulator/province/main.ts --data DIR --station ID=NAME… [--no-doorbell] [--end-with-stdin]\n'
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    station: { type: 'string', multiple: true, default: [] },
    'no-doorbell': { type: 'boolean', default: false },
    'end-with-stdin': { type: 'boolean', default: false },
  },
})
if (values.data === undefined || values.station.length === 0) {
  process.stderr.write(usage)
  process.exit(2)
}
const dataDir = resolve(values.data)
mkdirSync(dataDir, { recursive: true, mode: 0o700 })
const stations = values.station.map((word) => {
  const [id = '', name = id] = word.split('=')
  return { id, name }
})
const province = await startProvince({ dataDir, stations, doorbell: !values['no-doorbell'], token: randomBytes(24).toString('base64url') })

let ending = false
const end = () => {
  if (ending) return
  ending = true
  void province.close().then(() => process.exit(0))
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
if (values['end-with-stdin']) process.stdin.on('end', end).on('error', end).resume()
process.stdout.write(`${JSON.stringify({ event: 'ready', pid: process.pid, ...province.ready })}\n`)

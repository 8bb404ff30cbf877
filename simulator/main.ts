// A district in a box: virtual FM transmitter, relay board and mixing desk on real wires, joined as they are in a real one, in a
// process of their own. Started by `npm start`; never imported by the station. When ready it prints one JSON line with every
// address. Ends on SIGTERM, or, with --end-with-stdin, when its standard input closes.
//   node simulator/main.ts --data DIR --config FILE [--province FILE] [--no-sound] [--tcp] [--end-with-stdin]
import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startDistrict } from './district/district.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    config: { type: 'string' },
    province: { type: 'string' },
    'no-sound': { type: 'boolean', default: false },
    tcp: { type: 'boolean', default: false },
    'end-with-stdin': { type: 'boolean', default: false },
  },
})
if (values.data === undefined || values.config === undefined) {
  process.stderr.write('node simulator/main.ts --data DIR --config FILE [--province FILE] [--no-sound] [--tcp] [--end-with-stdin]\n')
  process.exit(2)
}
const dataDir = resolve(values.data)
mkdirSync(dataDir, { recursive: true })
const district = await startDistrict({
  statePath: join(dataDir, 'district.json'),
  configPath: resolve(values.config),
  wiresDir: join(dataDir, 'wires'),
  sound: !values['no-sound'],
  serial: !values.tcp,
  token: randomBytes(24).toString('base64url'),
  provincePath: values.province ?? null,
})

/** For a trainer: where the knobs are, readable by its owner only. */
const knobsPath = join(dataDir, 'faults.json')
writeFileSync(knobsPath, `${JSON.stringify(district.ready.faults)}\n`, { mode: 0o600 })

let ending = false
const end = () => {
  if (ending) return
  ending = true
  rmSync(knobsPath, { force: true })
  void district.close().then(() => process.exit(0))
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
if (values['end-with-stdin']) process.stdin.on('end', end).on('error', end).resume()
process.stdout.write(`${JSON.stringify({ event: 'ready', pid: process.pid, ...district.ready })}\n`)

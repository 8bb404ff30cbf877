// Lays batches of rows down in a province's folder one after the other, and prints the key of each when it has been told that it is
// there; to be killed at any moment. Arguments: the folder, and a number that no other of these processes has.
import { writeSync } from 'node:fs'
import { FolderAdapter } from '../../station/province/folder-adapter.ts'
import { stationKey } from '../../station/province/station-key.ts'
import { sealedRows } from './log-entries.ts'
import { testStationKey } from './test-station-key.ts'

const [folder = '', boot = '1'] = process.argv.slice(2)
const adapter = new FolderAdapter(folder, 'rig', stationKey(testStationKey))
for (let batch = 0; ; batch += 1) {
  const key = `${boot}-${batch}`
  await adapter.deliver(key, JSON.stringify({ records: sealedRows(3, { bootId: key, fromSeq: Number(boot) * 10_000 + batch * 3 + 1 }) }))
  writeSync(1, `${key}\n`)
}

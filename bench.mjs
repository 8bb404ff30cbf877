// `npm run -s bench -- NAME [--key value]…`: runs bench/main.ts on the Node this project ships. Plain JavaScript, because the Node
// that starts it may be too old for TypeScript.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = import.meta.dirname
const node = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
if (!existsSync(node)) {
  process.stderr.write('bench: not installed yet; run npm start or npm test once\n')
  process.exit(2)
}
const { status, signal } = spawnSync(node, [join(root, 'bench', 'main.ts'), ...process.argv.slice(2)], { stdio: 'inherit' })
process.exit(signal === null ? (status ?? 1) : 1)

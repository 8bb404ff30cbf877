// How a packaged station is started: what was shipped is checked before the first line of anything else is loaded, so that an
// altered file is refused by name and never run. Then it is `main.ts`, with the same arguments.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkPayload } from './payload-check.ts'

/** Distinct from the exit codes of main.ts: the shell does not start it again by itself. */
const exitPayloadAltered = 4
const namedAtMost = 5

const verdict = checkPayload(dirname(dirname(fileURLToPath(import.meta.url))))
if (verdict.state === 'altered') {
  const named = verdict.problems.slice(0, namedAtMost).map(({ path, problem }) => `${problem}: ${path}`)
  process.stderr.write(`not what was shipped (${verdict.problems.length}): ${named.join(', ')}\n`)
  process.exit(exitPayloadAltered)
}
await import('./main.ts')

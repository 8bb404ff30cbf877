// Where the audio process of a data folder listens: a short folder of its own under the system's temporary folder, because a Unix
// path over ~107 bytes fails. Those that dead processes left behind are removed; one that somebody listens in is never touched.
import { createHash } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, rm, rmdir, stat, utimes } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const isWindows = process.platform === 'win32'
const owner = process.getuid?.() ?? 0
const folderName = new RegExp(`^truc-song-${owner}-[0-9a-f]{12}$`)
/** A folder this young may belong to a process that has not come to listen yet, ms. */
const youngMs = 60_000

/** A socket nobody else can reach, for a process that is about to be started. */
export async function newSocketPath(dataDir: string, bootId: string): Promise<string> {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  if (isWindows) return `\\\\.\\pipe\\truc-song-${name}-${bootId.slice(0, 8)}`
  const dir = join(tmpdir(), `truc-song-${owner}-${name}`)
  await mkdir(dir, { recursive: true, mode: 0o700 })
  // Young again: another station's start must not take it for a dead one's.
  await utimes(dir, new Date(), new Date())
  const { mode, uid } = await stat(dir)
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0) throw new Error(`${dir} is open to others`)
  return join(dir, `${bootId.slice(0, 8)}.sock`)
}

/** Removes the socket a dead process left behind, and its folder when that is empty then. */
export async function removeSocket(path: string): Promise<void> {
  if (isWindows) return
  await rm(path, { force: true })
  await removeEmpty(dirname(path))
}

/** Removes what dead audio processes of this user left under `root`; answers how many folders went. */
export async function removeDeadSockets(root = tmpdir()): Promise<number> {
  if (isWindows) return 0
  const listening = await listeningPaths()
  let removed = 0
  for (const name of (await readdir(root)).filter((each) => folderName.test(each)))
    if (await removeIfDead(join(root, name), listening)) removed++
  return removed
}

async function removeIfDead(dir: string, listening: ReadonlySet<string>): Promise<boolean> {
  try {
    const { uid, mtimeMs } = await lstat(dir)
    if (uid !== owner || Date.now() - mtimeMs < youngMs) return false
    for (const file of (await readdir(dir)).filter((each) => each.endsWith('.sock'))) {
      const path = join(dir, file)
      if (!listening.has(path) && !(await answers(path))) await rm(path, { force: true })
    }
    return await removeEmpty(dir)
  } catch (cause) {
    // Another station that starts just now removed it first.
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return false
    throw cause
  }
}

/**
 * Sockets with a living owner, as the kernel lists them: no living audio process is even knocked at. It lists one namespace only,
 * so what it does not know is asked (`answers`).
 */
async function listeningPaths(): Promise<ReadonlySet<string>> {
  if (process.platform !== 'linux') return new Set()
  const table = await readFile('/proc/net/unix', 'utf8')
  return new Set(table.split('\n').map((line) => line.slice(line.indexOf('/'))))
}

/** False only where the system says that nobody listens. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (cause: NodeJS.ErrnoException) => resolve(cause.code !== 'ECONNREFUSED'))
  })
}

async function removeEmpty(dir: string): Promise<boolean> {
  try {
    await rmdir(dir)
    return true
  } catch {
    // Not empty: somebody else's file is in it. Or gone already: another station was quicker.
    return false
  }
}

// `npm start`: sets everything up where it is missing, then opens the control room on the training district.
// Plain JavaScript for Node 20, because it runs before anything is installed; the rest runs on the Node that the project
// ships (simulator/launch/main.ts). When this process or whoever started it dies, everything it started ends.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, ensureScreens, ensureShell, ensureSystemPackages, installHint, root, say, shippedNode } from './setup.mjs'

/** Sound (ALSA for the audio engine, a private PulseAudio for the training district) and ptys for serial devices. */
const systemPackages = ['libasound2', 'libasound2-plugins', 'pulseaudio', 'pulseaudio-utils', 'socat']
const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
const [major] = process.versions.node.split('.').map(Number)

if (major < 20) {
  say('Trực Sóng cần Node.js từ 20 trở lên. / Node.js 20 or newer is needed.')
  process.exit(1)
}

async function setUp() {
  const [packages, system] = await Promise.allSettled([ensureInstalled(), ensureSystemPackages(systemPackages, 100_000)])
  if (packages.status === 'rejected') throw packages.reason
  await ensureScreens()
  if (hasDisplay && !process.argv.includes('--no-open')) await ensureShell().catch((error) => say(error.message))
  if (system.status === 'rejected') throw system.reason
  if (system.value.missing.length > 0)
    say(`Chưa có âm thanh hoặc cổng nối tiếp giả lập; hãy cài: / for sound and serial ports install: ${installHint(system.value.missing)}`)
}

/**
 * The launcher has a process group of its own: Ctrl+C reaches us alone, and it ends its processes in the right order (a
 * terminal would strike down the transmitters' simulators together with the station that is just unkeying them). It ends by
 * itself when the channel to us closes, so that our death, too, leaves nothing behind.
 */
function launch() {
  const launcher = spawn(shippedNode, [join(root, 'simulator', 'launch', 'main.ts'), ...process.argv.slice(2)], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: process.platform !== 'win32',
  })
  // We leave last. A Ctrl+C may be a slip: the launcher asks once before it cuts an alert off; the others are orders.
  process.on('SIGINT', () => launcher.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => launcher.kill('SIGTERM'))
  const starters = whoStartedUs()
  const watch = setInterval(() => {
    if (whoStartedUs() !== starters) launcher.kill('SIGTERM')
  }, 1000)
  watch.unref()
  let started = []
  launcher.on('message', ({ pids }) => {
    started = pids
  })
  launcher.on('exit', async (code, signal) => {
    if (signal !== null) await endInOrder(started)
    process.exit(code ?? 128)
  })
}

/** Our parent and its parent: `npm start` puts a shell between npm and us, and the shell survives npm. */
function whoStartedUs() {
  let grandparent = ''
  try {
    // "pid (name) state ppid …": the name may hold blanks and brackets.
    grandparent = readFileSync(`/proc/${process.ppid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1] ?? ''
  } catch {
    // Not Linux, or the parent is gone; then its number has changed as well.
  }
  return `${process.ppid} ${grandparent}`
}

/** After the launcher was killed: the station first (it drops carriers and ends audio), then what it played on. */
async function endInOrder(pids) {
  for (const pid of pids) {
    const deadline = performance.now() + 6000
    while (signal(pid, 'SIGTERM') && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100))
    signal(pid, 'SIGKILL')
  }
}

/** Whether the process was there to be told. */
function signal(pid, name) {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

try {
  await setUp()
  launch()
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

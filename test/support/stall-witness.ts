// Tells when the computer itself stood still: on each core a process of the highest real-time priority that wants nothing but to wake
// every 2 ms. Where even that wakes late, no program of this machine could have run: on a shared virtual machine the host gives
// the cores to somebody else (traced: 35 ms without one timer interrupt on either core, and a break at every sink).
// Without the right to real-time priority there is no witness. Nothing it sees makes a figure hold: one that it spoilt was not taken.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'

/** From when to when a core ran nothing, ms of `performance.now()` of the process that asked. */
export interface Stall {
  readonly core: number
  readonly fromMs: number
  readonly toMs: number
}

/** Lateness that counts: the sound's own reserve is 14 ms at least, and a chain of six wake-ups lives on it. */
const lateMs = 6
/** A break is heard up to the length of the queues after its cause. */
const heardWithinMs = 120

const witness = `
const ms = () => Number(process.hrtime.bigint()) / 1e6
let last = ms()
process.stdout.write('ready\\n')
setInterval(() => {
  const now = ms()
  if (now - last > 2 + ${lateMs}) process.stdout.write(last + ' ' + now + '\\n')
  last = now
}, 2)
process.stdin.on('close', () => process.exit()).resume()
`

export class StallWitness {
  readonly stalls: Stall[] = []
  readonly #children: ChildProcess[] = []

  private constructor() {}

  /** Starts one witness for each core. */
  static async start(): Promise<StallWitness> {
    const all = new StallWitness()
    for (let core = 0; core < availableParallelism(); core++) await all.#start(core)
    return all
  }

  /** The stall that accounts for what was heard at `ms`, if there was one. */
  accountsFor(ms: number): Stall | undefined {
    return this.stalls.find((stall) => ms > stall.fromMs - heardWithinMs && ms < stall.toMs + heardWithinMs)
  }

  async stop(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null) continue
      const gone = once(child, 'exit')
      child.stdin?.end()
      await gone
    }
  }

  async #start(core: number): Promise<void> {
    const child = spawn(process.execPath, ['--max-semi-space-size=1', '-e', witness], { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#children.push(child)
    let rest = ''
    // An ordinary process is late because others work: what it tells is not heard until it has its priority.
    let trusted = false
    const ready = new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error('the witness ended')))
      child.stdout.on('data', (data: Buffer) => {
        const lines = `${rest}${data.toString()}`.split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          if (line === 'ready') resolve()
          else if (trusted) this.#take(core, line)
        }
      })
    })
    await ready
    this.stalls.length = 0
    const pid = String(child.pid)
    try {
      execFileSync('taskset', ['-acp', String(core), pid], { stdio: 'ignore' })
      execFileSync('chrt', ['--all-tasks', '--rr', '--pid', '99', pid], { stdio: 'ignore' })
      trusted = true
    } catch (cause) {
      child.stdin.end()
      process.stderr.write(`no witness of the computer's own stalls: ${cause instanceof Error ? cause.message : String(cause)}\n`)
    }
  }

  #take(core: number, line: string): void {
    const [from = Number.NaN, to = Number.NaN] = line.split(' ').map(Number)
    const offset = performance.now() - Number(process.hrtime.bigint()) / 1e6
    this.stalls.push({ core, fromMs: from + offset, toMs: to + offset })
  }
}

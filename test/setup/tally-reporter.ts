// Writes each result to a file as it happens, so that the closing count survives a suite that had to be stopped, and
// prints what is running when nothing has ended for a while, so that a hang can be seen in a log.
import { appendFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

const quietMs = 60_000

export default class TallyReporter implements Reporter {
  readonly #path: string | undefined = process.env.TRUC_SONG_TALLY
  readonly #running = new Map<string, number>()
  #lastAtMs = performance.now()
  #heartbeat: NodeJS.Timeout | undefined

  onTestRunStart(): void {
    this.#heartbeat = setInterval(() => this.#tellIfQuiet(), 10_000)
    this.#heartbeat.unref()
  }

  onTestCaseReady(test: TestCase): void {
    this.#running.set(nameOf(test), performance.now())
  }

  onTestCaseResult(test: TestCase): void {
    this.#running.delete(nameOf(test))
    this.#lastAtMs = performance.now()
    const result = test.result()
    const why = result.state === 'skipped' ? result.note : result.errors?.[0]?.message
    this.#write(result.state === 'pending' ? 'skipped' : result.state, nameOf(test), why)
  }

  /** A file that broke outside its tests (import, set-up, a leak) is a failure even when each test passed. */
  onTestModuleEnd(module: TestModule): void {
    const errors = module.errors()
    const suites = [...module.children.allSuites()].flatMap((suite) => suite.errors())
    if (errors.length + suites.length > 0) this.#write('failed', `${module.relativeModuleId} (outside its tests)`)
  }

  onTestRunEnd(_modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    clearInterval(this.#heartbeat)
    for (const error of unhandled) this.#write('failed', `unhandled: ${String((error as { message?: unknown }).message ?? error)}`)
  }

  /** @param why the first line of an error, or what a test said when it skipped itself. */
  #write(state: string, name: string, why?: string): void {
    const row = { state, name, why: why?.split('\n')[0] }
    if (this.#path !== undefined) appendFileSync(this.#path, `${JSON.stringify(row)}\n`)
  }

  #tellIfQuiet(): void {
    const now = performance.now()
    if (now - this.#lastAtMs < quietMs) return
    this.#lastAtMs = now
    for (const [name, sinceMs] of this.#running) {
      process.stdout.write(`… ${((now - sinceMs) / 1000).toFixed(0)} s in: ${name}\n`)
    }
  }
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`
}

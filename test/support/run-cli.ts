// Runs the command line as an operator does: a process of its own, started through bin/.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../bin/truc-song.js', import.meta.url))

export interface CliAnswer {
  readonly code: number
  readonly out: string
  readonly err: string
}

export function runCli(...args: readonly string[]): Promise<CliAnswer> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [bin, ...args], { encoding: 'utf8', maxBuffer: 64e6 }, (error, out, err) => {
      const code = error === null ? 0 : error.code
      if (typeof code === 'number') resolve({ code, out, err })
      else reject(error)
    })
  })
}

/** The JSON lines of an answer. */
export function jsonLines(answer: CliAnswer): any[] {
  return answer.out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

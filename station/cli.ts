// `truc-song <command>` (bin/truc-song.js starts it on the Node this project ships). Only constructs: the commands are in cli/.
import { writeSync } from 'node:fs'
import { runCommandLine } from './cli/index.ts'

// Synchronous, so that nothing is lost when the process ends with its exit code.
const io = { out: (text: string) => void writeAll(1, text), err: (text: string) => void writeAll(2, text) }

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8')
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done)
}

process.exitCode = await runCommandLine(process.argv.slice(2), io)

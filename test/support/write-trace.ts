// Everything a process wrote to some files and when it was synced, as strace saw it: another program's testimony, in the order
// of the kernel. A write counts when it has returned; a sync covers what had returned before it was asked for; what was told
// (`told`) counts from the moment it was begun.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

export type TraceEvent =
  | { readonly kind: 'write'; readonly file: string; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly file: string; readonly lengthBytes: number }
  | { readonly kind: 'sync'; readonly file: string; readonly covers: number }
  /** The sync failed: Linux then holds those pages for clean, and no later sync will write them. */
  | { readonly kind: 'syncFailed'; readonly file: string; readonly covers: number }
  | { readonly kind: 'unlink'; readonly file: string }
  | { readonly kind: 'told'; readonly text: string }

const calls = 'pwrite64,write,writev,pwritev,fsync,fdatasync,ftruncate,unlink,rename,msync'

/**
 * Runs a command to its end under strace, which follows its threads and writes what they did to `files` into `traceFile`.
 * @param inject strace's own expression, such as `fsync:error=EIO:when=5`.
 */
export async function traceWrites(command: readonly string[], files: readonly string[], traceFile: string, inject?: string): Promise<void> {
  const paths = files.flatMap((file) => ['-P', file])
  const options = ['-f', '--seccomp-bpf', '-qq', '-y', '-xx', '-s', '4000000', ...paths, '-e', `trace=${calls}`, '-o', traceFile]
  const injected = inject === undefined ? [] : ['-e', `inject=${inject}`]
  const child = spawn('strace', [...options, ...injected, '--', ...command], { stdio: ['ignore', 'inherit', 'inherit'] })
  await once(child, 'close')
}

/** @param toldFile writes to this one are what the process told the world. */
export function readTrace(traceFile: string, toldFile: string): TraceEvent[] {
  const begun = new Map<string, string>()
  const written = new Map<string, number>()
  const events: TraceEvent[] = []
  const syncCovers = new Map<string, number>()

  for (const line of readFileSync(traceFile, 'latin1').split('\n')) {
    const space = line.indexOf(' ')
    const pid = line.slice(0, space)
    const text = line.slice(space).trimStart()
    const unfinished = text.endsWith('<unfinished ...>')
    const resumed = text.startsWith('<... ')
    const whole = resumed ? `${begun.get(pid) ?? ''}${text.slice(text.indexOf('resumed>') + 8)}` : text
    const call = whole.slice(0, whole.indexOf('('))
    const file = fileOf(whole)
    if (file === null) continue
    if (!resumed) begin(pid, call, file, whole)
    if (unfinished) begun.set(pid, text.slice(0, -'<unfinished ...>'.length).trimEnd())
    else finish(pid, call, file, whole)
  }
  return events

  function begin(pid: string, call: string, file: string, text: string): void {
    if (call === 'write' && file === toldFile) events.push({ kind: 'told', text: dataOf(text).toString('utf8') })
    if (call === 'fsync' || call === 'fdatasync') syncCovers.set(pid, written.get(file) ?? 0)
  }

  function finish(pid: string, call: string, file: string, text: string): void {
    const result = Number(text.slice(text.lastIndexOf('= ') + 2).split(' ')[0])
    if (file === toldFile) return
    if (!(result >= 0)) {
      if (call === 'fsync' || call === 'fdatasync') events.push({ kind: 'syncFailed', file, covers: syncCovers.get(pid) ?? 0 })
      return
    }
    if (call === 'pwrite64') {
      const rest = text.slice(text.lastIndexOf('"') + 1).match(/^, (\d+), (\d+)\)/)
      if (rest === null) throw new Error(`strace line not understood: ${text.slice(-80)}`)
      push(file, { kind: 'write', file, offset: Number(rest[2]), data: dataOf(text).subarray(0, result) })
    } else if (call === 'ftruncate') {
      push(file, { kind: 'truncate', file, lengthBytes: Number(text.match(/, (\d+)\)/)?.[1]) })
    } else if (call === 'fsync' || call === 'fdatasync') {
      events.push({ kind: 'sync', file, covers: syncCovers.get(pid) ?? 0 })
    } else if (call === 'unlink') {
      written.delete(file)
      events.push({ kind: 'unlink', file })
    } else throw new Error(`the model of the disk knows no ${call}`)
  }

  function push(file: string, event: TraceEvent): void {
    written.set(file, (written.get(file) ?? 0) + 1)
    events.push(event)
  }
}

/** The file a call is about: its descriptor's path, or for unlink its argument. */
function fileOf(text: string): string | null {
  const descriptor = text.match(/^\w+\(\d+<([^>]*)>/)
  if (descriptor !== null) return unhex(descriptor[1] ?? '').toString('utf8')
  const named = text.match(/^unlink\("([^"]*)"/)
  return named === null ? null : unhex(named[1] ?? '').toString('utf8')
}

function dataOf(text: string): Buffer {
  return unhex(text.slice(text.indexOf('"') + 1, text.lastIndexOf('"')))
}

function unhex(text: string): Buffer {
  return text.startsWith('\\x') ? Buffer.from(text.replaceAll('\\x', ''), 'hex') : Buffer.from(text, 'utf8')
}

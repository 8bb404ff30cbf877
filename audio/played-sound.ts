// What has been played is freed. The engine keeps a buffer and its node until their JavaScript wrappers are collected, and V8, which
// sees small objects only, saw no reason to: 43 MB and twice the render load after a minute of programme (measured).
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Some 8 MB of played sound on two outputs. */
const everyMs = 10_000

/** Collects regularly; returns the timer. Takes some milliseconds of the JavaScript thread, which sound does not wait for. */
export function freePlayedSound(): NodeJS.Timeout {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  return setInterval(collect, everyMs)
}

// What has been played is freed. The engine keeps a buffer and its node until their JavaScript wrappers are collected, and V8, which
// sees small objects only, saw no reason to: 43 MB and twice the render load after a minute of programme (measured).
// Collecting by order (`gc()`) marks the whole heap in one go: this thread stood still for 19 ms every 10 s, twice that on a slow
// computer, and a microphone lives on 44 ms. So V8 is given a reason instead: an array of its own that is dropped at once and never
// touched, so that it takes no memory. It collects beside us then, 3 to 6 ms in all (measured).

/** Some 8 MB of played sound on two outputs. */
const everyMs = 10_000
/** Above the 64 MB of array memory since the last collection at which V8 begins another. */
const reasonBytes = 80 << 20

/** Has it collected regularly; returns the timer. */
export function freePlayedSound(): NodeJS.Timeout {
  return setInterval(() => new ArrayBuffer(reasonBytes), everyMs)
}

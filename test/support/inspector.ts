// Blocks the main thread of a process started with `--inspect=127.0.0.1:0`, through Node's own debugger: the product has no such door.
import WebSocket from 'ws'

/** @param log what the process wrote to stderr so far. Returns when the thread runs again. */
export async function blockMainThread(log: string, ms: number): Promise<void> {
  const url = /ws:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]+/.exec(log)?.[0]
  if (url === undefined) throw new Error('the process has no inspector')
  const socket = new WebSocket(url)
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })
  const expression = `const until = performance.now() + ${ms}; while (performance.now() < until) {}`
  const answered = new Promise<void>((resolve) => socket.once('message', () => resolve()))
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }))
  await answered
  socket.terminate()
}

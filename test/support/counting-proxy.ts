// A line that counts every byte on it, both ways, and can be as slow as a real one.
import { connect, createServer } from 'node:net'

export async function countingProxy(
  target: string,
  bytesPerS = Number.POSITIVE_INFINITY,
): Promise<{ port: number; bytes: () => number; close: () => void }> {
  let count = 0
  const sockets = new Set<{ destroy(): void }>()
  const server = createServer((near) => {
    const far = connect(Number(target), '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (part) => {
        count += part.length
        if (!Number.isFinite(bytesPerS)) return
        from.pause()
        setTimeout(() => from.resume(), (part.length / bytesPerS) * 1000)
      })
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
      from.pipe(to)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    bytes: () => count,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

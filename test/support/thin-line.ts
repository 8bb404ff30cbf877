// A thin line: every connection and both directions share so many bytes a second, as over one modem; it can be made wide.
import { connect, createServer, type Socket } from 'node:net'

const everyMs = 50

export interface ThinLine {
  readonly port: number
  /** Bytes that went over it. */
  bytes(): number
  widen(): void
  close(): void
}

export async function thinLine(targetPort: number, bytesPerS: number): Promise<ThinLine> {
  let count = 0
  let wide = false
  const pieceBytes = Math.max(64, Math.ceil((bytesPerS * everyMs) / 16_000))
  const ways = new Map<Socket, { readonly to: Socket; waiting: Buffer[] }>()
  const pass = (budget: number) => {
    let left = budget
    // One after the other, a piece each, so that nobody has the line alone.
    for (let moved = true; moved && left > 0; ) {
      moved = false
      for (const [from, way] of ways) {
        const [first, ...rest] = way.waiting
        if (first === undefined || left <= 0) continue
        const piece = first.subarray(0, Math.min(left, wide ? first.length : pieceBytes))
        way.waiting = piece.length < first.length ? [first.subarray(piece.length), ...rest] : rest
        way.to.write(piece)
        left -= piece.length
        count += piece.length
        moved = true
        if (way.waiting.length === 0) from.resume()
      }
    }
  }
  const timer = setInterval(() => pass(wide ? Number.POSITIVE_INFINITY : Math.floor((bytesPerS * everyMs) / 1000)), everyMs)
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      const way = { to, waiting: [] as Buffer[] }
      ways.set(from, way)
      from.on('data', (part: Buffer) => {
        from.pause()
        way.waiting.push(part)
        if (wide) pass(Number.POSITIVE_INFINITY)
      })
      from.on('error', () => to.destroy())
      from.on('close', () => {
        ways.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    bytes: () => count,
    widen() {
      wide = true
      pass(Number.POSITIVE_INFINITY)
    },
    close() {
      clearInterval(timer)
      for (const socket of ways.keys()) socket.destroy()
      server.close()
    },
  }
}

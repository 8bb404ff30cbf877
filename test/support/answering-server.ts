// A TLS server that answers byte for byte as the test says, one answer a request, with the certificate of a training province: for all
// tests of one file.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { afterAll, beforeAll } from 'vitest'
import { openIdentity } from '../../simulator/province/identity.ts'

type Answer = string | { readonly cut: string }

export interface AnsweringServer {
  /** From the first test on. */
  readonly url: string
  /** PEM of the authority behind its certificate. */
  readonly ca: string
  /** Requests as they came, head and body. */
  readonly asked: string[]
  readonly connections: number
  /** What the next requests are answered with, in their order; afterwards nothing is. `cut`: and then the line is dead. */
  answer(...answers: readonly Answer[]): void
}

export function answeringServer(): AnsweringServer {
  const home = mkdtempSync(join(tmpdir(), 'truc-song-answers-'))
  const asked: string[] = []
  let answers: readonly Answer[] = []
  let connections = 0
  let ca = ''
  let server: Server
  beforeAll(async () => {
    const identity = await openIdentity(home)
    ca = readFileSync(identity.caFile, 'utf8')
    server = createServer(identity.tls.right, (socket) => {
      connections += 1
      let heard = ''
      socket.on('error', () => socket.destroy())
      socket.on('data', (bytes) => {
        heard += bytes.toString('latin1')
        const whole = wholeRequest(heard)
        if (whole === null) return
        heard = heard.slice(whole.length)
        asked.push(whole)
        const [next = '', ...later] = answers
        answers = later
        if (typeof next === 'string') socket.write(next, 'latin1')
        else socket.end(next.cut, 'latin1')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => {
    server.close()
    rmSync(home, { recursive: true, force: true })
  })
  return {
    asked,
    get url() {
      return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    get ca() {
      return ca
    },
    get connections() {
      return connections
    },
    answer(...given) {
      answers = given
    },
  }
}

/** null = it is not all here yet. */
function wholeRequest(text: string): string | null {
  const end = text.indexOf('\r\n\r\n') + 4
  const bytes = Number(/^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1] ?? 0)
  return end >= 4 && text.length >= end + bytes ? text.slice(0, end + bytes) : null
}

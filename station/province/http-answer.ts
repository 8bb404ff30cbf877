// An answer of the province as the adapter reads it, whoever carried it: Node's HTTP client, or the line that files come over.
import type { IncomingMessage } from 'node:http'
import { feed, LinkError, type Sink } from './adapter.ts'

export interface HttpAnswer {
  readonly statusCode: number
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** The body, in order. Rejects with what the sink threw, or where the line was cut. */
  pour(sink: Sink): Promise<void>
  /** The body is not wanted, and the connection may be kept. */
  skip(): void
  /** The rest of an answer that is not wanted is not waited for. */
  drop(): void
}

/** What came through Node's client. */
export function answerOf(message: IncomingMessage): HttpAnswer {
  const headers = Object.entries(message.headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  )
  return {
    statusCode: message.statusCode ?? 0,
    headers: new Map(headers),
    pour: (sink) => pour(message, sink),
    skip: () => void message.resume(),
    drop: () => void message.destroy(),
  }
}

const textRoomBytes = 64 * 1024

export async function readText(answer: HttpAnswer, limitBytes: number): Promise<string> {
  const parts: Buffer[] = []
  const room = Buffer.allocUnsafe(textRoomBytes)
  let bytes = 0
  await answer.pour({
    room: () => room,
    filled(count) {
      bytes += count
      if (bytes > limitBytes) throw new LinkError('portal', `the answer is longer than ${limitBytes} bytes`)
      parts.push(Buffer.from(room.subarray(0, count)))
      return null
    },
  })
  return Buffer.concat(parts).toString('utf8')
}

/** The bytes of a message, by its events: a promise for each 16 kB of a fast line cost half of its speed. A cut is a link that is not there. */
function pour(message: IncomingMessage, sink: Sink): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      reject(error)
      message.destroy()
    }
    const cut = (why: string) => reject(new LinkError('unreachable', why))
    message.on('data', (bytes: Buffer) => {
      if (message.destroyed) return
      try {
        const wait = feed(sink, bytes)
        if (wait === null) return
        message.pause()
        wait.then(() => message.resume(), fail)
      } catch (error) {
        fail(error)
      }
    })
    message.on('end', () => (message.complete ? resolve() : cut('cut')))
    message.on('error', (error) => cut(error.message))
    message.on('close', () => cut('cut'))
  })
}

// The training station over its outside doors, as any other program would use it.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Cart, type ContentType } from '../../shared/domain/library.ts'
import { DayPlan, type RundownItemDraft } from '../../shared/domain/schedule.ts'

const answersWithinMs = 120_000
const Announcement = z.object({ url: z.string(), token: z.string() })

export class StationClient {
  readonly #url: string
  readonly #token: string

  private constructor(url: string, token: string) {
    this.#url = url
    this.#token = token
  }

  /** The station that runs on this data folder. */
  static async of(dataDir: string): Promise<StationClient> {
    const { url, token } = Announcement.parse(JSON.parse(await readFile(join(dataDir, 'station.json'), 'utf8')))
    return new StationClient(url, token)
  }

  async upload(file: Buffer, name: string, title: string, contentType: ContentType): Promise<Cart> {
    const query = new URLSearchParams({ name, title, contentType })
    return Cart.parse(await this.#ask('POST', `/api/v1/library/files?${query}`, file, 'audio/wav'))
  }

  async carts(): Promise<readonly Cart[]> {
    return z.array(Cart).parse(await this.#ask('GET', '/api/v1/library'))
  }

  async day(day: string): Promise<DayPlan> {
    return DayPlan.parse(await this.#ask('GET', `/api/v1/schedule/${day}`))
  }

  async addRow(day: string, draft: RundownItemDraft): Promise<void> {
    await this.#ask('POST', `/api/v1/schedule/${day}/items`, JSON.stringify({ draft }))
  }

  async assignHotKey(slot: number, cartId: string, loop: boolean): Promise<void> {
    await this.#ask('POST', `/api/v1/onair/hot-keys/${slot}`, JSON.stringify({ cartId, loop }))
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: string | Buffer, type = 'application/json'): Promise<unknown> {
    const answer = await fetch(new URL(path, this.#url), {
      method,
      // Making a recording takes as long as a kept connection lives: the next request must not meet its end.
      headers: { connection: 'close', authorization: `Bearer ${this.#token}`, ...(body === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      signal: AbortSignal.timeout(answersWithinMs),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: HTTP ${answer.status} ${text.slice(0, 300)}`)
    return JSON.parse(text)
  }
}

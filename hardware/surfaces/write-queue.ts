// One writer per panel: orders follow each other, a failed one does not stop the next. An order under way when the panel's
// driver is closed ends as `cancelled`.
import { Lifetime } from '../transport/lifetime.ts'

export class WriteQueue {
  readonly #lifetime: Lifetime
  #last: Promise<unknown> = Promise.resolve()

  constructor(deviceId: string) {
    this.#lifetime = new Lifetime(deviceId)
  }

  begin(): void {
    this.#lifetime.begin()
  }

  end(): void {
    this.#lifetime.end()
  }

  run<T>(work: () => Promise<T>, signal: AbortSignal = new AbortController().signal): Promise<T> {
    const take = () => this.#lifetime.run(signal, work)
    const turn = this.#last.then(take, take)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

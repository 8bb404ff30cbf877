// When the folder of recordings on their way here is cleared of what nobody waits for: once after the start, and after each that was
// given up. What is on the line or in the library's hands is left to them, and looked at again.
import type { Link } from './link.ts'
import type { MediaQueue } from './media-queue.ts'

export class MediaSweep {
  readonly #link: Pick<Link, 'sweepMedia'>
  readonly #queue: Pick<MediaQueue, 'busy'>
  #due = false

  constructor(link: Pick<Link, 'sweepMedia'>, queue: Pick<MediaQueue, 'busy'>) {
    this.#link = link
    this.#queue = queue
  }

  /** There may be some: a boot begins and knows what it wants, or a recording was given up. */
  due(): void {
    this.#due = true
  }

  /** @param wanted recordings that are not here yet and can still be used */
  async look(wanted: () => ReadonlySet<string>): Promise<void> {
    if (!this.#due) return
    const needed = wanted()
    const { busy } = this.#queue
    this.#due = busy.some((sha256) => !needed.has(sha256))
    await this.#link.sweepMedia([...needed, ...busy])
  }
}

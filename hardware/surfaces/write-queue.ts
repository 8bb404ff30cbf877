// One writer per panel: orders follow each other, a failed one does not stop the next, and what waits when the panel closes
// is told so by the write itself.
export class WriteQueue {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

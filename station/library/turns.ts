// At most so many at once, the others wait in order: imports take both cores if they are let.

export interface Turns {
  /** Runs `work` when there is a place free; gives what it gives. */
  take<T>(work: () => Promise<T>): Promise<T>
}

export function createTurns(places: number): Turns {
  const waiting: (() => void)[] = []
  let free = places
  return {
    async take(work) {
      if (free > 0) free--
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next === undefined) free++
        else next()
      }
    },
  }
}

// A programme of short items, output by output: so short that boundaries fall between any two orders and deaths. What the station knows of
// it outlives the station; what really sounded is kept beside it by a witness, who tells what was replayed or lost.
import type { PlayItem } from '../../shared/audio-protocol.ts'
import type { ItemId, OutputId } from '../../shared/domain/ids.ts'

/** Of every item, ms. */
export const itemMs = 1200
/** What a report may be behind what sounded, ms. */
const reportedWithinMs = 200
/** Items handed over ahead: more than sound while no station is there. */
const ahead = 12

export const indexOf = (itemId: string): number => Number(itemId.slice(1))

export function shortItem(index: number, offsetMs = 0): PlayItem {
  return {
    itemId: `i${index}`,
    title: `i${index}`,
    cartId: null,
    source: { kind: 'pcm', path: '/i', frames: itemMs * 48, gainDb: 0, loop: false },
    startFrame: offsetMs * 48,
    start: { kind: 'follow' },
    endAtMs: null,
    crossfadeMs: 0,
    resume: { kind: 'exact' },
  } as unknown as PlayItem
}

/** What follows this item. */
export const after = (index: number): PlayItem[] => Array.from({ length: ahead }, (_, k) => shortItem(index + 1 + k))

interface LastStarted {
  readonly index: number
  readonly startedAtMs: number
  readonly over: boolean
}

/** The rows of the rundown as the station writes them from what it is told. */
export class ShortRundown {
  readonly #sinceMs: number
  readonly #last = new Map<OutputId, LastStarted>()
  /** Where in its item an output was last joined. */
  readonly #joined = new Map<OutputId, { readonly index: number; readonly offsetMs: number }>()

  constructor(sinceMs: number) {
    this.#sinceMs = sinceMs
  }

  started(outputId: OutputId, itemId: ItemId, atMs: number): void {
    const [index, last] = [indexOf(itemId), this.#last.get(outputId)]
    const joined = this.#joined.get(outputId)
    const offsetMs = joined?.index === index ? joined.offsetMs : 0
    if (last?.index !== index || last.over) this.#last.set(outputId, { index, startedAtMs: atMs - offsetMs, over: false })
  }

  ended(outputId: OutputId, itemId: ItemId, reason: string): void {
    const last = this.#last.get(outputId)
    if (last?.index === indexOf(itemId)) this.#last.set(outputId, { ...last, over: reason !== 'stopped' })
  }

  /** The last one that began or was put on air, whether or not that was told yet: what lies before it is over by the clock; −1 = none. */
  lastIndex(outputId: OutputId): number {
    return Math.max(this.#last.get(outputId)?.index ?? -1, this.#joined.get(outputId)?.index ?? -1)
  }

  /** What should be on by the clock, and is joined there: the item that began, or the one that is due and did not. */
  join(outputId: OutputId, nowMs: number): PlayItem {
    const last = this.#last.get(outputId)
    const byClock = Math.floor((nowMs - this.#sinceMs) / itemMs)
    const goesOn = last !== undefined && !last.over && nowMs < last.startedAtMs + itemMs
    const index = goesOn ? last.index : Math.max(byClock, (last?.index ?? -1) + 1)
    const offsetMs = goesOn ? nowMs - last.startedAtMs : index === byClock ? (nowMs - this.#sinceMs) % itemMs : 0
    this.#joined.set(outputId, { index, offsetMs })
    return shortItem(index, offsetMs)
  }
}

interface Sounded {
  readonly index: number
  toMs: number
  over: boolean
}

/** Hears every output through every death. */
export class ProgrammeWitness {
  readonly faults: string[] = []
  readonly #last = new Map<OutputId, Sounded>()

  /** @param how from the queue or by its order `next` · joined by the clock · put back by a successor */
  placed(outputId: OutputId, itemId: ItemId, fromMs: number, how: 'queue' | 'joined' | 'restored'): void {
    const last = this.#last.get(outputId)
    const index = indexOf(itemId)
    const isSame = last?.index === index && !last.over
    const behind = last === undefined ? 0 : last.toMs - fromMs
    // The next one had begun and nobody had been told: what is heard twice is no more than what nobody was told.
    const begunUntold = last !== undefined && index === last.index - 1 && itemMs - fromMs + last.toMs <= reportedWithinMs
    const right = {
      queue: last === undefined || index === last.index + 1,
      joined: last === undefined || index > last.index || (isSame && behind <= reportedWithinMs),
      restored: (isSame && behind >= 0 && behind <= reportedWithinMs) || begunUntold,
    }[how]
    if (!right) this.faults.push(`${outputId}: ${how} ${itemId} from ${fromMs} after ${JSON.stringify(last)}`)
    if (isSame) this.heard(outputId, fromMs)
    else this.#last.set(outputId, { index, toMs: fromMs, over: false })
  }

  heard(outputId: OutputId, toMs: number): void {
    const last = this.#last.get(outputId)
    if (last) last.toMs = Math.max(last.toMs, toMs)
  }

  over(outputId: OutputId): void {
    const last = this.#last.get(outputId)
    if (last) last.over = true
  }
}

// Which items wait for which recording: a file is brought once however many want it, and let go of when none does any more.
import type { ProvinceItem, ProvinceItemId } from '../../shared/domain/province.ts'
import { type Incoming, mediaOf } from './incoming-machine.ts'
import { over, stillWanted, wrongBytes } from './incoming-rules.ts'
import type { Want } from './media-queue.ts'

export interface IncomingHooks {
  /** Files that are missing; the desk hears of each by `mediaHere` or `mediaRefused`. */
  fetch(one: Incoming): void
  /** A file that no item in force waits for any more. */
  forget(sha256: string): void
  haveBytes(sha256: string): number
}

export class IncomingWants {
  readonly #hooks: Pick<IncomingHooks, 'fetch' | 'forget'>
  readonly #wantedBy = new Map<string, Set<ProvinceItemId>>()

  constructor(hooks: Pick<IncomingHooks, 'fetch' | 'forget'>) {
    this.#hooks = hooks
  }

  fetch(one: Incoming): void {
    for (const { sha256 } of stillWanted(one)) {
      const waiting = this.#wantedBy.get(sha256) ?? new Set<ProvinceItemId>()
      this.#wantedBy.set(sha256, waiting.add(one.item.itemId))
    }
    this.#hooks.fetch(one)
  }

  /** Files of a former revision, or of what is over: they are not brought for this item any more. */
  changed(before: Incoming | null, next: Incoming): void {
    const needed = over.includes(next.state) ? [] : mediaOf(next.item)
    for (const { sha256 } of [...(before === null ? [] : mediaOf(before.item)), ...mediaOf(next.item)]) {
      const waiting = this.#wantedBy.get(sha256)
      if (waiting === undefined || needed.some((ref) => ref.sha256 === sha256)) continue
      waiting.delete(next.item.itemId)
      if (waiting.size > 0) continue
      this.#wantedBy.delete(sha256)
      this.#hooks.forget(sha256)
    }
  }

  /** Those that waited for this file, and do no more. */
  here(sha256: string): readonly ProvinceItemId[] {
    const waited = [...(this.#wantedBy.get(sha256) ?? [])]
    this.#wantedBy.delete(sha256)
    return waited
  }

  /** Those that wait for this file; other bytes are asked for again, so they go on waiting. */
  refused(sha256: string, why: string): readonly ProvinceItemId[] {
    return why === wrongBytes ? [...(this.#wantedBy.get(sha256) ?? [])] : this.here(sha256)
  }
}

/** What is to be brought for an item. */
export function wantsOf(one: Incoming): Want[] {
  const { item } = one
  return stillWanted(one).map((ref) => {
    const part = item.kind === 'session' ? item.parts.find(({ media }) => media.sha256 === ref.sha256) : undefined
    return { ref, rank: rankOf(item), title: part?.title ?? item.title, contentType: part?.contentType ?? 'speech' }
  })
}

/** Emergencies (0), then priority bulletins (1), then what has a time by its time (2), then the rest (3): the whole part is the class. */
function rankOf(item: ProvinceItem): number {
  if (item.kind !== 'bulletin') return 2 + item.startMs / 1e15
  if (item.class === 'emergency') return 0
  return item.class === 'priority' ? 1 : 3
}

// What became of orders, in words: a refusal stays until it is read or the next order is given; a confirmation goes by itself.
// Never a dialog: nothing covers the screen while something is on air.
import { createSignal, type Signal } from './signal.ts'

export interface Notice {
  readonly id: number
  readonly tone: 'refused' | 'info'
  /** What was ordered, in the operator's words. */
  readonly order: string
  readonly what: string
  readonly todo: string
}

export interface NoticeBoard {
  readonly list: Signal<readonly Notice[]>
  post(notice: Omit<Notice, 'id'>): void
  dismiss(id: number): void
}

const infoMs = 5_000
const most = 3

export function createNoticeBoard(): NoticeBoard {
  const list = createSignal<readonly Notice[]>([])
  let nextId = 1
  const dismiss = (id: number) => list.set(list.get().filter((notice) => notice.id !== id))
  return {
    list,
    dismiss,
    post(notice) {
      const id = nextId
      nextId += 1
      const others = list.get().filter((each) => each.order !== notice.order)
      list.set([...others, { ...notice, id }].slice(-most))
      if (notice.tone === 'info') setTimeout(() => dismiss(id), infoMs)
    },
  }
}

// The province's announcer: a text as a recording among its files, made by the voice the demonstration programme uses.
import type { MediaRef } from '../../shared/domain/province.ts'
import { type Announcer, loadAnnouncer } from '../demo/announcer.ts'
import { wavFile } from '../demo/wav.ts'
import type { ProvinceStore } from './province-store.ts'

export class Speaker {
  readonly #store: ProvinceStore
  #announcer: Promise<Announcer> | null = null

  constructor(store: ProvinceStore) {
    this.#store = store
  }

  /** `title` names the file for people. */
  async speak(text: string, title: string): Promise<MediaRef> {
    this.#announcer ??= loadAnnouncer()
    const { samples, rateHz } = (await this.#announcer).say(text)
    return this.#store.addMedia(wavFile(samples, 1, rateHz), `${title}.wav`, 'audio/wav')
  }
}

// What belongs to this screen and this person: language, theme, keys, name. Kept in the browser; the station knows nothing of it.
import type { KeyMap } from '../keys/actions.ts'
import { readKeyMap, writeKeyMap } from '../keys/keymap.ts'
import type { ThemeName } from '../theme/tokens.ts'
import { createSignal, type Signal } from './signal.ts'

export type Language = 'vi' | 'en'

export interface Preferences {
  readonly language: Signal<Language>
  readonly theme: Signal<ThemeName>
  readonly keyMap: Signal<KeyMap>
  readonly operator: Signal<string>
}

const prefix = 'trucsong.'

export function createPreferences(storage: Storage): Preferences {
  const language = createSignal<Language>(storage.getItem(`${prefix}language`) === 'en' ? 'en' : 'vi')
  const theme = createSignal<ThemeName>(storage.getItem(`${prefix}theme`) === 'night' ? 'night' : 'day')
  const keyMap = createSignal<KeyMap>(readKeyMap(storage.getItem(`${prefix}keys`)))
  const operator = createSignal(storage.getItem(`${prefix}operator`) ?? '')
  language.subscribe(() => storage.setItem(`${prefix}language`, language.get()))
  theme.subscribe(() => storage.setItem(`${prefix}theme`, theme.get()))
  keyMap.subscribe(() => storage.setItem(`${prefix}keys`, writeKeyMap(keyMap.get())))
  operator.subscribe(() => storage.setItem(`${prefix}operator`, operator.get()))
  return { language, theme, keyMap, operator }
}

// The settings port on electron-store. Values from the file are checked: a hand may have edited it.
import Store from 'electron-store'
import { z } from 'zod'
import { defaultSettings, type SettingsPort, type ShellSettings } from './settings.ts'

const Bounds = z.object({ x: z.number().int(), y: z.number().int(), width: z.number().int(), height: z.number().int() })
const shapes = { bounds: Bounds.nullable(), dataDir: z.string().nullable() }

export function storedSettings(): SettingsPort {
  const store = new Store<ShellSettings>({ name: 'shell', defaults: defaultSettings, clearInvalidConfig: true })
  return {
    get(key) {
      const parsed = shapes[key].safeParse(store.get(key))
      return (parsed.success ? parsed.data : defaultSettings[key]) as ShellSettings[typeof key]
    },
    set: (key, value) => store.set({ [key]: value }),
  }
}

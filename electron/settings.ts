// What the shell remembers between starts, behind a port: electron-store in the product, memory in tests. Nothing of the
// station's is kept here.

export interface WindowBounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface ShellSettings {
  readonly bounds: WindowBounds | null
  /** null = the default folder. */
  readonly dataDir: string | null
}

export const defaultSettings: ShellSettings = { bounds: null, dataDir: null }

export interface SettingsPort {
  get<K extends keyof ShellSettings>(key: K): ShellSettings[K]
  set<K extends keyof ShellSettings>(key: K, value: ShellSettings[K]): void
}

export function memorySettings(initial: Partial<ShellSettings> = {}): SettingsPort {
  let settings: ShellSettings = { ...defaultSettings, ...initial }
  return {
    get: (key) => settings[key],
    set(key, value) {
      settings = { ...settings, [key]: value }
    },
  }
}

const smallest = { width: 1024, height: 700 }
const usual = { width: 1366, height: 768 }

/** Bounds that are still visible on one of the screens, or a usual size without a place. */
export function fittingBounds(
  wanted: WindowBounds | null,
  screens: readonly WindowBounds[],
): Partial<WindowBounds> & { width: number; height: number } {
  if (wanted === null || ![wanted.x, wanted.y, wanted.width, wanted.height].every(Number.isFinite)) return usual
  const size = { width: Math.max(wanted.width, smallest.width), height: Math.max(wanted.height, smallest.height) }
  const visible = screens.some(
    (screen) =>
      wanted.x + size.width / 2 > screen.x &&
      wanted.x + size.width / 2 < screen.x + screen.width &&
      wanted.y >= screen.y - 1 &&
      wanted.y < screen.y + screen.height - 50,
  )
  return visible ? { x: wanted.x, y: wanted.y, ...size } : size
}

// Named JSON values that outlive a boot.
import type { ReadConnection, WriteConnection } from './connection.ts'

export function createSettingsReader(db: ReadConnection) {
  const get = db.prepare<[string], string>('SELECT value FROM settings WHERE name = ?').pluck()
  return {
    /** undefined = never set. The caller parses it with its own schema. */
    get(name: string): unknown {
      const text = get.get(name)
      return text === undefined ? undefined : JSON.parse(text)
    },
  }
}

export function createSettingsWriter(db: WriteConnection) {
  const set = db.prepare('INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
  return {
    set(name: string, value: unknown): void {
      set.run(name, JSON.stringify(value ?? null))
    },
  }
}

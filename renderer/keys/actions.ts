// Everything a key can do, with its default key. No default is a bare letter, uses Ctrl+Shift or Alt+Z (Vietnamese input
// methods toggle on them) or a key the browser or system owns.

export const actions = {
  help: { chord: 'F1', hold: false },
  screenDesk: { chord: 'Ctrl+1', hold: false },
  screenAlerts: { chord: 'Ctrl+2', hold: false },
  screenSchedule: { chord: 'Ctrl+3', hold: false },
  screenLibrary: { chord: 'Ctrl+4', hold: false },
  screenDevices: { chord: 'Ctrl+5', hold: false },
  screenLogbook: { chord: 'Ctrl+6', hold: false },
  screenSettings: { chord: 'Ctrl+7', hold: false },
  find: { chord: 'Ctrl+K', hold: false },
  compose: { chord: 'F7', hold: false },
  microphone: { chord: 'F8', hold: false },
  preview: { chord: 'F9', hold: false },
  fire: { chord: 'F10', hold: true },
  stopAll: { chord: 'Escape', hold: true },
  acknowledge: { chord: 'Alt+A', hold: false },
  next: { chord: 'Ctrl+Right', hold: false },
  hotKey1: { chord: 'Ctrl+F1', hold: false },
  hotKey2: { chord: 'Ctrl+F2', hold: false },
  hotKey3: { chord: 'Ctrl+F3', hold: false },
  hotKey4: { chord: 'Ctrl+F4', hold: false },
  hotKey5: { chord: 'Ctrl+F5', hold: false },
  hotKey6: { chord: 'Ctrl+F6', hold: false },
  hotKey7: { chord: 'Ctrl+F7', hold: false },
  hotKey8: { chord: 'Ctrl+F8', hold: false },
  search: { chord: 'Ctrl+F', hold: false },
  undo: { chord: 'Ctrl+Z', hold: false },
  copyDay: { chord: 'Ctrl+D', hold: false },
  nextDifference: { chord: 'Alt+N', hold: false },
  moveUp: { chord: 'Alt+Up', hold: false },
  moveDown: { chord: 'Alt+Down', hold: false },
} as const

export type ActionId = keyof typeof actions
export type KeyMap = Readonly<Record<ActionId, string>>

export const actionIds = Object.keys(actions) as readonly ActionId[]

export const hotKeyActions: readonly ActionId[] = ['hotKey1', 'hotKey2', 'hotKey3', 'hotKey4', 'hotKey5', 'hotKey6', 'hotKey7', 'hotKey8']

export function defaultKeyMap(): KeyMap {
  return Object.fromEntries(actionIds.map((id) => [id, actions[id].chord])) as KeyMap
}

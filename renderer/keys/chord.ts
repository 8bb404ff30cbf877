// A key press as one word, such as `Ctrl+Alt+F1` or `Ctrl+K`. Digits are taken by place on the keyboard (a Vietnamese
// layout puts letters on them), everything else by what the key says.

/** The part of a KeyboardEvent that decides. */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly keyCode: number
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  readonly metaKey: boolean
  readonly isComposing: boolean
}

const modifierKeys = new Set(['Control', 'Alt', 'Shift', 'Meta', 'AltGraph', 'CapsLock'])

/** Whether an input method has taken this press for itself: then it is text, whatever the key. */
export function takenByInputMethod(event: KeyPress): boolean {
  if (event.keyCode === 229 || event.key === 'Process') return true
  // Mid-word, bare Esc, Enter, Space and arrows belong to the input method; function keys and Ctrl/Alt chords do not.
  return event.isComposing && !event.ctrlKey && !event.altKey && !/^F\d{1,2}$/.test(event.key)
}

/** The chord of a press, null for a modifier alone. */
export function chordOf(event: KeyPress): string | null {
  if (modifierKeys.has(event.key)) return null
  const base = baseKey(event)
  const parts = [event.ctrlKey ? 'Ctrl' : '', event.altKey ? 'Alt' : '', event.shiftKey ? 'Shift' : '', event.metaKey ? 'Meta' : '', base]
  return parts.filter((part) => part !== '').join('+')
}

function baseKey(event: KeyPress): string {
  const digit = /^Digit(\d)$/.exec(event.code)
  if (digit?.[1] !== undefined) return digit[1]
  // With a modifier a letter is taken by place: AltGr, dead keys and Vietnamese layouts change what it says.
  const letter = /^Key([A-Z])$/.exec(event.code)
  if (letter?.[1] !== undefined && (event.ctrlKey || event.altKey)) return letter[1]
  if (event.key === ' ') return 'Space'
  if (event.key.startsWith('Arrow')) return event.key.slice(5)
  return event.key.length === 1 ? event.key.toUpperCase() : event.key
}

/** Why a chord cannot be given to an action, null when it can. */
export function chordProblem(chord: string): 'bareLetter' | 'inputMethod' | 'system' | null {
  const parts = chord.split('+')
  const base = parts.at(-1) ?? ''
  const modifiers = new Set(parts.slice(0, -1))
  const function_ = /^F\d{1,2}$/.test(base)
  if (modifiers.has('Meta')) return 'system'
  // Ctrl+Shift and Alt+Z switch Vietnamese input methods on and off.
  if ((modifiers.has('Ctrl') && modifiers.has('Shift')) || chord === 'Alt+Z') return 'inputMethod'
  if (
    [
      'F5',
      'F11',
      'F12',
      'Ctrl+R',
      'Ctrl+W',
      'Ctrl+T',
      'Ctrl+N',
      'Ctrl+Q',
      'Alt+F4',
      'Tab',
      'Enter',
      'Ctrl+C',
      'Ctrl+V',
      'Ctrl+X',
      'Ctrl+A',
    ].includes(chord)
  )
    return 'system'
  if (modifiers.has('Ctrl') || modifiers.has('Alt')) return null
  if (function_ || base === 'Escape' || base === 'Pause') return null
  return 'bareLetter'
}

/** How a chord is printed on a key cap. */
export function chordLabel(chord: string): string {
  return chord.replace('Escape', 'Esc').replace('Right', '→').replace('Left', '←').replace('Up', '↑').replace('Down', '↓')
}

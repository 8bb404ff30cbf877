import { describe, expect, test } from 'vitest'
import { actionIds, defaultKeyMap } from '../../../renderer/keys/actions.ts'
import { chordLabel, chordOf, chordProblem, type KeyPress, takenByInputMethod } from '../../../renderer/keys/chord.ts'
import { readKeyMap, remapProblem, writeKeyMap } from '../../../renderer/keys/keymap.ts'

const key = (part: Partial<KeyPress>): KeyPress => ({
  key: '',
  code: '',
  keyCode: 0,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  isComposing: false,
  ...part,
})

describe('chords', () => {
  test.each([
    [{ key: 'F10', code: 'F10' }, 'F10'],
    [{ key: '1', code: 'Digit1', ctrlKey: true }, 'Ctrl+1'],
    // On a Vietnamese layout the digit row says letters.
    [{ key: 'ă', code: 'Digit1', ctrlKey: true }, 'Ctrl+1'],
    [{ key: 'å', code: 'KeyA', altKey: true }, 'Alt+A'],
    [{ key: 'ArrowRight', code: 'ArrowRight', ctrlKey: true }, 'Ctrl+Right'],
    [{ key: ' ', code: 'Space' }, 'Space'],
  ])('%j is %s', (press, chord) => {
    expect(chordOf(key(press))).toBe(chord)
  })
  test('a modifier alone is none', () => {
    expect(chordOf(key({ key: 'Control', code: 'ControlLeft', ctrlKey: true }))).toBeNull()
  })
  test('labels use the signs of the key caps', () => {
    expect(chordLabel('Ctrl+Right')).toBe('Ctrl+→')
    expect(chordLabel('Escape')).toBe('Esc')
  })
})

describe('input methods', () => {
  test('what they take is text', () => {
    expect(takenByInputMethod(key({ key: 'Process', keyCode: 229 }))).toBe(true)
    expect(takenByInputMethod(key({ key: 'Escape', isComposing: true }))).toBe(true)
  })
  test('function keys and chords work mid-word', () => {
    expect(takenByInputMethod(key({ key: 'F10', isComposing: true }))).toBe(false)
    expect(takenByInputMethod(key({ key: 'a', altKey: true, isComposing: true }))).toBe(false)
  })
  test('no default is a bare letter, a switch of an input method or the system’s', () => {
    for (const chord of Object.values(defaultKeyMap())) expect(chordProblem(chord), chord).toBeNull()
  })
})

describe('key map', () => {
  const map = defaultKeyMap()
  test('defaults have no conflict', () => {
    expect(new Set(Object.values(map)).size).toBe(actionIds.length)
  })
  test.each([
    ['A', 'bareLetter'],
    ['Ctrl+Shift+A', 'inputMethod'],
    ['Alt+Z', 'inputMethod'],
    ['F12', 'system'],
    ['Ctrl+W', 'system'],
  ])('%s is refused: %s', (chord, kind) => {
    expect(remapProblem(map, 'fire', chord)).toEqual({ kind })
  })
  test('a taken key names who has it', () => {
    expect(remapProblem(map, 'fire', 'F8')).toEqual({ kind: 'conflict', with: 'microphone' })
  })
  test('what is stored comes back; what makes no sense is left out', () => {
    const changed = { ...map, fire: 'F6' }
    expect(readKeyMap(writeKeyMap(changed))).toEqual(changed)
    expect(readKeyMap('{"fire":"Q","help":"F8","nobody":"F2","next":7}')).toEqual(map)
    expect(readKeyMap('not json')).toEqual(map)
  })
})

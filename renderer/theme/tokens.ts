// The one table of design tokens, day and night. CSS variables, Mantine's colours and the contrast test all read it.
// Colour is information: grey when normal, red only for what is on air, green only for preview, yellow/amber only for faults.

export type ThemeName = 'day' | 'night'

/** Colours by CSS variable name without the leading `--`; hex, opaque. */
export interface Palette {
  /** Page background. */
  readonly field: string
  /** Fixed frame at the top; dark enough at night for on-air red to stand 3:1 against it. */
  readonly frame: string
  readonly surface: string
  readonly raised: string
  readonly line: string
  /** Borders of controls: 3:1 against surface and raised (WCAG 1.4.11). */
  readonly 'line-strong': string
  readonly ink: string
  readonly 'ink-2': string
  readonly 'ink-3': string
  readonly action: string
  readonly 'action-ink': string
  readonly 'action-soft': string
  readonly onair: string
  readonly 'onair-ink': string
  readonly preview: string
  readonly 'preview-ink': string
  readonly p1: string
  readonly 'p1-ink': string
  readonly p2: string
  readonly 'p2-ink': string
  readonly p3: string
  readonly 'p3-ink': string
  /** Only as a small tick or bold word, never as a fill. */
  readonly good: string
  /** Disaster risk levels 1–5 of QĐ 18/2021; always beside the level in words. */
  readonly 'risk-1': string
  readonly 'risk-2': string
  readonly 'risk-3': string
  readonly 'risk-4': string
  readonly 'risk-5': string
  readonly 'risk-1-ink': string
  readonly 'risk-2-ink': string
  readonly 'risk-3-ink': string
  readonly 'risk-4-ink': string
  readonly 'risk-5-ink': string
}

const risk = {
  'risk-1': '#8ecae6',
  'risk-2': '#fff3b0',
  'risk-3': '#f4a259',
  'risk-4': '#d0263b',
  'risk-5': '#6a3d9a',
  'risk-1-ink': '#10212b',
  'risk-2-ink': '#2a2400',
  'risk-3-ink': '#2b1600',
  'risk-4-ink': '#ffffff',
  'risk-5-ink': '#ffffff',
} as const

const faults = { p1: '#ffd400', 'p1-ink': '#000000', 'p2-ink': '#231600' } as const

export const palettes: Readonly<Record<ThemeName, Palette>> = {
  day: {
    field: '#e4e6e8',
    frame: '#ffffff',
    surface: '#f4f5f6',
    raised: '#ffffff',
    line: '#c3c8cd',
    'line-strong': '#7d858d',
    ink: '#16191c',
    'ink-2': '#474e55',
    'ink-3': '#59616a',
    action: '#0b4a73',
    'action-ink': '#ffffff',
    'action-soft': '#d5e4ee',
    onair: '#b71c1c',
    'onair-ink': '#ffffff',
    preview: '#a5d6a7',
    'preview-ink': '#12361a',
    ...faults,
    p2: '#ffb300',
    p3: '#9aa1a8',
    'p3-ink': '#101214',
    good: '#2a6647',
    ...risk,
  },
  night: {
    field: '#1b1f23',
    frame: '#20242a',
    surface: '#24292e',
    raised: '#2d3339',
    line: '#3e464e',
    'line-strong': '#86909a',
    ink: '#eceff1',
    'ink-2': '#bec6cd',
    'ink-3': '#a3adb6',
    action: '#6fb3dd',
    'action-ink': '#06202f',
    'action-soft': '#23404f',
    onair: '#d32f2f',
    'onair-ink': '#ffffff',
    preview: '#6fae73',
    'preview-ink': '#04140a',
    ...faults,
    p2: '#e5a100',
    p3: '#8a949e',
    'p3-ink': '#0c0e10',
    good: '#7cc49a',
    ...risk,
  },
}

/** Pairs of (ink, ground, least ratio) that the screens use; the unit test checks every one in both themes. */
export const contrastPairs: readonly (readonly [keyof Palette, keyof Palette, number])[] = [
  ...(['field', 'frame', 'surface', 'raised'] as const).flatMap((ground) => [
    ['ink', ground, 7] as const,
    ['ink-2', ground, 4.5] as const,
    ['ink-3', ground, 4.5] as const,
    ['good', ground, 4.5] as const,
  ]),
  ['line-strong', 'surface', 3],
  ['line-strong', 'raised', 3],
  ['line-strong', 'frame', 3],
  ['action-ink', 'action', 4.5],
  ['ink', 'action-soft', 4.5],
  ['action', 'raised', 3],
  ['action', 'surface', 3],
  ['onair-ink', 'onair', 4.5],
  ['onair', 'field', 3],
  ['onair', 'frame', 3],
  ['preview-ink', 'preview', 4.5],
  ['p1-ink', 'p1', 7],
  ['p2-ink', 'p2', 7],
  ['p3-ink', 'p3', 4.5],
  ['risk-1-ink', 'risk-1', 4.5],
  ['risk-2-ink', 'risk-2', 4.5],
  ['risk-3-ink', 'risk-3', 4.5],
  ['risk-4-ink', 'risk-4', 4.5],
  ['risk-5-ink', 'risk-5', 4.5],
]

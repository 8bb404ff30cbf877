// Puts the token table into CSS variables and hands Mantine the same colours.
import { createTheme, MantineProvider, type MantineColorsTuple } from '@mantine/core'
import { type ReactNode, useLayoutEffect } from 'react'
import { useApp } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { palettes, type ThemeName } from './tokens.ts'

const shades: MantineColorsTuple = [
  'var(--action-soft)',
  'var(--action-soft)',
  'var(--action-soft)',
  'var(--action)',
  'var(--action)',
  'var(--action)',
  'var(--action)',
  'var(--action)',
  'var(--action)',
  'var(--action)',
]

const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font)',
  primaryColor: 'station',
  colors: { station: shades },
  defaultRadius: 'var(--r-m)',
  respectReducedMotion: true,
  components: {
    Popover: { defaultProps: { transitionProps: { duration: 0 } } },
    Select: { defaultProps: { comboboxProps: { transitionProps: { duration: 0 } }, checkIconPosition: 'right' } },
  },
})

/** Writes the colours of a theme as CSS variables of the page. */
export function applyTheme(root: HTMLElement, name: ThemeName): void {
  root.dataset.theme = name
  for (const [token, colour] of Object.entries(palettes[name])) root.style.setProperty(`--${token}`, colour)
}

export function Theme({ children }: { readonly children: ReactNode }) {
  const { preferences } = useApp()
  const name = useSignal(preferences.theme)
  useLayoutEffect(() => applyTheme(document.documentElement, name), [name])
  return (
    <MantineProvider theme={theme} forceColorScheme={name === 'night' ? 'dark' : 'light'}>
      {children}
    </MantineProvider>
  )
}

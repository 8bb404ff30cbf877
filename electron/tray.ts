// The tray: the state in words, and the way back to the window. Closing the window leaves the station on air.
import { Menu, nativeImage, Tray } from 'electron'
import { menuWords } from './words.ts'

export interface TrayOrders {
  show(): void
  retry(): void
  leave(): void
  /** null: the station is not ours to stop. */
  readonly stopAndLeave: (() => void) | null
}

export interface ShellTray {
  say(tooltip: string): void
  close(): void
}

/** null where the desktop has no tray: the window is then all there is. */
export function createTray(icon: string, orders: TrayOrders, onLog: (message: string) => void): ShellTray | null {
  try {
    const tray = new Tray(nativeImage.createFromPath(icon).resize({ width: 22, height: 22 }))
    const stop = orders.stopAndLeave === null ? [] : [{ label: menuWords.stopAndLeave, click: orders.stopAndLeave }]
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: menuWords.show, click: () => orders.show() },
        { label: menuWords.retry, click: () => orders.retry() },
        { type: 'separator' },
        { label: menuWords.leave, click: () => orders.leave() },
        ...stop,
      ]),
    )
    tray.on('click', () => orders.show())
    return { say: (tooltip) => tray.setToolTip(tooltip), close: () => tray.destroy() }
  } catch (cause) {
    onLog(`no tray: ${cause instanceof Error ? cause.message : String(cause)}`)
    return null
  }
}

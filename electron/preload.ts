// Runs in the sandbox before the page: three calls, frozen, and no way to name a channel. Also used by the safe page.
// Built as one CommonJS file; the sandbox can require `electron` only, so nothing but types is imported from our own files.
import { contextBridge, ipcRenderer } from 'electron'
import type { channels, ShellApi } from './ipc.ts'

const invoke = (channel: (typeof channels)[keyof typeof channels], argument?: boolean): Promise<never> =>
  ipcRenderer.invoke(channel, argument) as Promise<never>

const api: ShellApi = Object.freeze({
  stop: () => invoke('shell:stop'),
  microphone: (open: boolean) => invoke('shell:microphone', open),
  retry: () => invoke('shell:retry'),
})

contextBridge.exposeInMainWorld('trucSongShell', api)

// The on-air area's only door.
export { stopSubject } from './action-rows.ts'
export { type AudioClient, type AudioHealth, type AudioStarted, createAudioClient } from './audio-client.ts'
export type { CutIn } from './onair-machine.ts'
export { LevelGuard } from './level-guard.ts'
export { HotKeys } from './hot-keys.ts'
export { fireOrder, inputOrder } from './onair-effects.ts'
export { OnAirService } from './onair-service.ts'
export type { AudioOrder, AudioPort, FireOrder, HotKey, LogFields, LogPort, RundownPort } from './ports.ts'

// The rundown area's only door.
export type { Playable } from './build-queue.ts'
export type { Rewrite } from './day-edits.ts'
export type { SchedulePorts } from './ports.ts'
export { ScheduleService } from './schedule-service.ts'

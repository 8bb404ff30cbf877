// The rundown area's only door.
export type { Playable } from './build-queue.ts'
export { type OutputNow, ScheduleService } from './schedule-service.ts'

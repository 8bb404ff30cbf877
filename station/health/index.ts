// Health's only door.
export { type AlarmCode, AlarmsService, alarmPriorities } from './alarms-service.ts'
export { type ClockTrust, clockTrust, watchClock } from './clock-watch.ts'
export { type DiskLevel, DiskWatch } from './disk-watch.ts'

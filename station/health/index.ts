// Health's only door.
export { type AlarmCode, alarmCatalog } from './alarm-catalog.ts'
export { AlarmsService } from './alarms-service.ts'
export { type ClockTrust, clockTrust, watchClock } from './clock-watch.ts'
export { type DiskLevel, DiskWatch } from './disk-watch.ts'

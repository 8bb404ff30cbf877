// The alarms a station raises (UX.md B5): each needs a person to do something. `AlarmView.code` is one of these; the words
// and the remedy live with the screens' translations, complete in both languages (tested).
// params, by code: label (device), output (output name), device, seconds, seq, queued, reason, title, percent, minutes, days, message.
export const alarmCodes = [
  'TX_STUCK_KEYED',
  'PROGRAMME_SILENT',
  'ALERT_NOT_COVERED',
  'AUDIO_LOST',
  'AUDIO_STALLED',
  'AUDIO_ON_BACKUP',
  'FOREIGN_AUDIO',
  'CHAIN_BROKEN',
  'STOP_LATCHED_LONG',
  'STORE_FAILED',
  'STORE_SLOW',
  'TX_UNKNOWN',
  'TX_FAULT',
  'TX_INTERLOCK_OPEN',
  'TX_LOCAL_MODE',
  'DEVICE_LOST',
  'DEVICE_FAULTED',
  'DEVICE_DEGRADED',
  'DEVICE_ORDER_UNCONFIRMED',
  'NEXT_UNPLAYABLE',
  'NOTHING_SCHEDULED',
  'DISK_LOW',
  'CLOCK_UNTRUSTED',
  'PROVINCE_UNREACHABLE',
  'CERTIFICATE_EXPIRING',
  'RECORDER_FAILED',
  'INPUT_LOST',
  'BUG',
] as const
export type AlarmCode = (typeof alarmCodes)[number]

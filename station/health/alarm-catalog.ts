// Every alarm there is: how urgent, and which values its text shows. The texts and remedies live with the screens; that a text asks
// for nothing else is checked in test/unit/renderer/texts.test.ts, that whoever raises it gives them all, by the compiler.
export type Params = Readonly<Record<string, string | number>>

/** Priority of every alarm code (UX.md: 1 ◆ act now, 2 ▲ act soon, 3 ● know), and what its text needs. */
export const alarmCatalog = {
  AUDIO_LOST: alarm(1),
  AUDIO_STALLED: alarm(1),
  AUDIO_UNAVAILABLE: alarm(1, 'reason'),
  DEVICE_OUTPUT_LOST: alarm(1, 'device'),
  ON_BACKUP_DEVICE: alarm(2, 'output'),
  PROGRAMME_SILENT: alarm(1, 'output'),
  CARRIER_STUCK: alarm(1, 'device'),
  LEASE_LAPSED: alarm(1, 'output'),
  ALERT_NOT_COVERED: alarm(1, 'device'),
  ALERT_INTERRUPTED: alarm(1, 'title', 'time'),
  STOP_LATCHED: alarm(1, 'output'),
  NO_LEVEL_AT_TRANSMITTER: alarm(1, 'output'),
  CHAIN_BROKEN: alarm(1, 'seq'),
  LOGBOOK_REPLACED: alarm(1, 'reason'),
  STORE_FAILED: alarm(1, 'reason'),
  STORE_SLOW: alarm(2),
  DEVICE_LOST: alarm(2, 'device'),
  DEVICE_FAULTED: alarm(2, 'device', 'reason'),
  DEVICE_UNCONFIRMED: alarm(2, 'device', 'order'),
  NEXT_UNPLAYABLE: alarm(2, 'title'),
  STANDBY_UNPLAYABLE: alarm(2, 'title'),
  INPUT_LOST: alarm(2, 'input'),
  CLOCK_UNTRUSTED: alarm(2),
  STREAM_FAILED: alarm(2, 'reason'),
  ITEM_FAILED: alarm(2, 'reason'),
  RECORDER_FAILED: alarm(2, 'reason'),
  PROVINCE_EMERGENCY: alarm(1, 'title', 'orderedBy', 'reason'),
  PROVINCE_MANIFEST_REFUSED: alarm(1, 'reason'),
  PROVINCE_CERTIFICATE: alarm(2, 'reason'),
  PROVINCE_UNREACHABLE: alarm(2),
  PROVINCE_FOLDER_ABSENT: alarm(2, 'folder'),
  PROVINCE_NOT_STARTED: alarm(2, 'reason', 'what'),
  PROVINCE_MEDIA_WRONG: alarm(2, 'title'),
  PROVINCE_STALE: alarm(2),
  PROVINCE_DECISION: alarm(2, 'title'),
  PROVINCE_OUTBOX_PARKED: alarm(2, 'seq'),
  PROVINCE_OUTBOX_DROPPED: alarm(2, 'count'),
  PROVINCE_FOLDER_UNWRITABLE: alarm(2),
  PROVINCE_LINK_FAILED: alarm(2, 'reason'),
  AIR_CHECK_ROOM: alarm(2, 'days'),
  DISK_LOW: alarm(2, 'freeMb'),
  DISK_FULL: alarm(1),
  MEDIA_CHANGED: alarm(1, 'title'),
} as const
/** Told of something that is past: the next item plays already, and nothing but a person's look ends it. */
export const endsWhenSeen: ReadonlySet<string> = new Set<AlarmCode>(['ITEM_FAILED'])
export type AlarmCode = keyof typeof alarmCatalog
/** What must be known to raise it: every value its text shows, and whatever else is worth keeping. */
export type AlarmParams<Code extends AlarmCode> = Params & Readonly<Record<(typeof alarmCatalog)[Code]['says'][number], string | number>>

function alarm<const Says extends readonly string[]>(
  priority: 1 | 2 | 3,
  ...says: Says
): { readonly priority: 1 | 2 | 3; readonly says: Says } {
  return { priority, says }
}

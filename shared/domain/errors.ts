// The three kinds of error (STYLE 3.5). Codes are stable: never renamed, never reused.
// The operator's words live with the screens' translations; `message` here is the English for logs.

/** Why an operator's order was refused. Every code has a text in Vietnamese and English in `operator-texts.ts`. */
export type OperatorErrorCode =
  | 'CONFIG_INVALID'
  | 'NOT_FOUND'
  | 'INVALID_INPUT'
  | 'ALERT_HOLDS_AIR'
  | 'STOP_LATCHED'
  | 'NOT_STOPPED'
  | 'NOTHING_ON_AIR'
  | 'NOTHING_NEXT'
  | 'STALE_VIEW'
  | 'ALREADY_HELD'
  | 'NOT_HELD'
  | 'ALERT_NOT_READY'
  | 'ALERT_NOT_ARMED'
  | 'ALERT_NOT_INTERRUPTED'
  | 'ALERT_ALREADY_AIRING'
  | 'ALERT_NOT_AIRING'
  | 'ALERT_EXPIRED'
  | 'ALERT_TOO_LONG'
  | 'ALERT_MEMORY_FULL'
  | 'LIVE_FIRING_OFF'
  | 'CUE_UNAVAILABLE'
  | 'CUE_IS_PROGRAMME'
  | 'AUDIO_UNAVAILABLE'
  | 'INPUT_NOT_CONFIGURED'
  | 'INPUT_ALREADY_OPEN'
  | 'INPUT_NOT_OPEN'
  | 'HOT_KEY_EMPTY'
  | 'CART_UNPLAYABLE'
  | 'CART_IN_USE'
  | 'ITEM_ON_AIR'
  | 'ITEM_AIRED'
  | 'NOTHING_TO_UNDO'
  | 'MEDIA_TRUNCATED'
  | 'MEDIA_UNKNOWN_FORMAT'
  | 'MEDIA_NO_AUDIO'
  | 'MEDIA_TOO_LONG'
  | 'MEDIA_TOO_LARGE'
  | 'MEDIA_CORRUPT'
  | 'MEDIA_SILENT'
  | 'INGEST_TIMEOUT'
  | 'INGEST_MEMORY'
  | 'SPEECH_FAILED'
  | 'TEXT_EMPTY'
  | 'TEXT_TOO_LONG'
  | 'DRILL_TEXT_DENIES_DRILL'
  | 'DEVICE_UNKNOWN'
  | 'DEVICE_UNREACHABLE'
  | 'DEVICE_LOCAL_MODE'
  | 'DEVICE_ON_AIR'
  | 'DEVICE_INTERLOCK_OPEN'
  | 'STORE_UNAVAILABLE'
  | 'STORE_FROM_FUTURE'
  | 'UNAUTHORIZED'
  | 'ROLE_NEEDED'
  | 'PIN_WRONG'
  | 'PIN_WAIT'
  | 'LAST_ADMINISTRATOR'
  | 'NOTHING_ASKED'
  | 'DAY_NOT_OVER'
  | 'PROVINCE_OFF'
  | 'PROVINCE_NOT_STARTED'
  | 'PROVINCE_ITEM_STATE'
  | 'DISK_LOW'

/** An expected refusal: shown to the operator by its code, with the field, value and remedy where there are any. */
export class OperatorError extends Error {
  readonly code: OperatorErrorCode
  readonly detail: Readonly<Record<string, string | number>>
  constructor(code: OperatorErrorCode, detail: Readonly<Record<string, string | number>> = {}, options?: ErrorOptions) {
    super(`${code}${Object.keys(detail).length > 0 ? ` ${JSON.stringify(detail)}` : ''}`, options)
    this.name = 'OperatorError'
    this.code = code
    this.detail = detail
  }
}

export type DriverErrorCode = 'timeout' | 'lost' | 'cancelled' | 'nak' | 'malformed' | 'out-of-range'

/** A device did not do what it was asked. */
export class DriverError extends Error {
  readonly code: DriverErrorCode
  readonly deviceId: string
  constructor(code: DriverErrorCode, deviceId: string, message: string, options?: ErrorOptions) {
    super(`${deviceId}: ${code}: ${message}`, options)
    this.name = 'DriverError'
    this.code = code
    this.deviceId = deviceId
  }
}

/** An invariant broke. Logged at `error`, raises a health alarm; the engine keeps the station on air. */
export class BugError extends Error {
  readonly code = 'BUG'
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BugError'
  }
}

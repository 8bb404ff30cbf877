// A wire: bytes out, bytes in, up or down. Serial, TCP, UDP and HID all look like this to a driver.

export interface TransportHandlers {
  onUp(): void
  onBytes(bytes: Uint8Array): void
  /** Called once per connection that ended, with the reason; never called after `close`. */
  onDown(reason: string): void
}

/** One connection attempt at a time; the reconnect machine decides when to try again. */
export interface Transport {
  /** `serial:…`, `tcp://…`, `udp://…` or `hid:…` as configured. */
  readonly address: string
  connect(handlers: TransportHandlers): TransportConnection
}

export interface TransportConnection {
  /** Resolves when the bytes were handed to the operating system; rejects with DriverError `lost` or `timeout`. */
  write(bytes: Uint8Array): Promise<void>
  /** Throws away what the operating system has received and not yet delivered. Only serial ports have this. */
  flush?(): Promise<void>
  /** Idempotent; no handler is called after it. */
  close(): Promise<void>
}

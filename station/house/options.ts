// What a station is started with, and what its starter gets.
import type { DeviceConfig, StationConfig } from '../../shared/config.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import type { DeviceSink, PlantDriver } from '../plant/index.ts'
import type { Sessions } from '../rpc/index.ts'

export interface StationLog {
  info(detail: object, message: string): void
  warn(detail: object, message: string): void
  error(detail: object, message: string): void
}

export interface StationOptions {
  readonly dataDir: string
  readonly screensDir: string
  readonly config: StationConfig
  readonly training: boolean
  readonly port: number
  readonly token: string
  readonly version: string
  readonly clock: Clock
  readonly log: StationLog
  createDriver(config: DeviceConfig, sink: DeviceSink): PlantDriver
}

export interface Station {
  readonly port: number
  readonly sessions: Sessions
  /** Clean end: audio stopped, carriers down, rows closed. */
  close(): Promise<void>
}

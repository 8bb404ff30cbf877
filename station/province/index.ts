// The province area's only door.
export { createLink, type Link, type LinkEvents } from './link.ts'
export type { LinkSettings } from './link-protocol.ts'
export type { ProvincePorts } from './ports.ts'
export { assertProvince, ProvinceService } from './province-service.ts'
export { readStationKey, stationKey } from './station-key.ts'

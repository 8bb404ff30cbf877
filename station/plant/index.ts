// The plant's only door.
export { type AudioProof } from './lease.ts'
export { type DeviceSink, type KeyRole, type PlantDriver, PlantService } from './plant-service.ts'
export { ZoneConfig } from './zones.ts'

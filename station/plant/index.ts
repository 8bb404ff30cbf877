// The plant's only door.
export { DeskHoldings } from './desk-holding.ts'
export { KeyPanels } from './key-panels.ts'
export type { AudioProof } from './lease.ts'
export type { DeviceSink, PlantDriver } from './plant-devices.ts'
export { type PlantPorts, PlantService } from './plant-service.ts'

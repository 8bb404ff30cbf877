// The RPC door.
export type { StationServices } from './handlers.ts'
export { startServer, type StationServer } from './server.ts'
export { Sessions } from './sessions.ts'
export { loadStaticFiles } from './static-files.ts'

// The alert area's only door.
export { AlertsService, type RenderedAlert } from './alerts-service.ts'

// The alert area's only door.
export { AlertsService } from './alerts-service.ts'
export type { AlertsPorts, RenderedAlert } from './ports.ts'
export { type AlertRenderer, type AlertRendererPorts, createAlertRenderer } from './render/render-alert.ts'
export { builtInCorrection, builtInTemplates } from './render/templates.ts'
export { createSpeechEngine, type SpeechEngine, type SpeechEngineOptions } from './speech/engine.ts'

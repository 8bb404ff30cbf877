// The alert area's only door.
export { type AlertsPorts, AlertsService, type RenderedAlert } from './alerts-service.ts'
export { type AlertRenderer, type AlertRendererPorts, createAlertRenderer } from './render/render-alert.ts'
export { builtInCorrection, builtInTemplates } from './render/templates.ts'
export { createSpeechEngine, type SpeechEngine, type SpeechEngineOptions } from './speech/engine.ts'

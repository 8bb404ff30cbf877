// The composition's door.
export { startStation } from './station.ts'

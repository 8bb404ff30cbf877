// The screens' state: only door.
export { ScreenHub, Subscription } from './screen-hub.ts'

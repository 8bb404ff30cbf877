// The screens' state: only door.
export { ScreenHub, type SliceReaders, Subscription } from './screen-hub.ts'

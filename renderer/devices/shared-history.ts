// One history per window, fed from the store in main.tsx.
import { createDeviceHistory } from './history.ts'

export const deviceHistory = createDeviceHistory()

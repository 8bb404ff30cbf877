// What a key of a panel is for. Read by the station from the panel's `options.actions`; a driver only reports keys.
// Holding (1 s to fire) is decided by the station from press and release, in monotonic time.
import { z } from 'zod'

export const SurfaceAction = z.enum([
  'fire',
  'stop',
  'microphone',
  'preview',
  'resume',
  'next',
  'hotKey1',
  'hotKey2',
  'hotKey3',
  'hotKey4',
  'hotKey5',
  'hotKey6',
  'hotKey7',
  'hotKey8',
])
export type SurfaceAction = z.infer<typeof SurfaceAction>

export const SurfaceActions = z.array(z.strictObject({ key: z.number().int().min(0), action: SurfaceAction }))
export type SurfaceActions = z.infer<typeof SurfaceActions>

/** The action of a key, or null when the key is for nothing. */
export function actionOfKey(actions: SurfaceActions, key: number): SurfaceAction | null {
  return actions.find((candidate) => candidate.key === key)?.action ?? null
}

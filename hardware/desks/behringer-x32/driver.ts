// X32, X32 Compact/Producer/Rack/Core and Midas M32 over OSC, UDP port 10023.
import { deskEntry } from '../desk-entry.ts'
import { x32Profile } from './protocol.ts'

export const behringerX32 = deskEntry(
  'behringer-x32',
  'Behringer X32 / Midas M32',
  'Unofficial X32/M32 OSC Remote Protocol, P.-G. Maillot: client and meter sections',
  x32Profile,
)

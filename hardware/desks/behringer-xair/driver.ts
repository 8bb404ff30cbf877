// X-Air XR12/XR16/XR18, X18 and Midas MR12/MR18 over OSC, UDP port 10024.
import { deskEntry } from '../desk-entry.ts'
import { xairProfile } from './protocol.ts'

export const behringerXair = deskEntry(
  'behringer-xair',
  'Behringer X-Air / Midas MR',
  'X AIR Mixer Series OSC Remote Protocol, Behringer: client and meter sections',
  xairProfile,
)

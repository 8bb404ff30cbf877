// Words of the devices screen.
import type { Same } from '../same.ts'
import type * as vi from '../vi/devices.ts'

export const deviceState: Same<typeof vi.deviceState> = {
  connecting: 'connecting',
  online: 'good',
  degraded: 'answers wrongly',
  lost: 'lost',
  faulted: 'needs hands',
}

export const deviceKind: Same<typeof vi.deviceKind> = {
  transmitter: 'FM transmitter',
  zones: 'wired amplifier',
  desk: 'mixing desk',
  surface: 'key panel',
}

export const devices: Same<typeof vi.devices> = {
  empty: 'No transmitter is configured.',
  emptyTodo: 'Add devices to config.json and restart.',
  simulated: 'simulated',
  neverHeard: 'never answered',
  heard: 'heard {{age}} ago',
  nextAttempt: 'next try in {{age}}',
  unconfirmed: 'sent {{time}}, not confirmed: {{reason}}',
  ofSet: 'set {{watts}}',
  powerSet: 'Set power of {{name}}',
  setPower: 'Set power',
  powerShare: 'power {{percent}} % of set point',
  powerHistory: 'Forward power, last 5 minutes',
  carrier: 'Carrier',
  keyed: 'keyed',
  unkeyed: 'off',
  frequency: 'Frequency',
  reflected: 'Reflected',
  vswr: 'VSWR',
  interlock: 'Interlock',
  closed: 'closed',
  open: 'OPEN',
  control: 'Control',
  local: 'local',
  remote: 'remote',
  temperature: 'Temperature',
  fault: 'Fault',
  keyOn: 'Key the carrier for a test of {{seconds}} s',
  keyOff: 'Unkey the carrier',
  zonesOn: 'Switch all lines on for a test of {{seconds}} s',
  zonesOff: 'Switch all lines off',
  zones: 'Lines',
  zonesClosed: 'lines on',
  zoneOn: 'on',
  zoneOff: 'off',
  keys: 'Keys',
  noKeyDown: 'no key is down',
  keysDown: 'down: {{keys}}',
  fader: 'Fader {{name}}',
  mainChannel: 'Main',
  channel: 'Channel {{n}}',
  level: 'in {{db}}',
  mute: 'Mute',
  audio: 'Sound',
  audioHint: 'sound cards by their system names',
  cue: 'Preview',
}

/** Why an order was given to a device, as its driver says it. */
export const orderReason: Same<typeof vi.orderReason> = {
  mute: '{{channel}}: {{from}} → {{to}}',
  fader: '{{channel}}: fader {{from}} → {{to}}',
  unknown: 'unknown',
  muted: 'muted',
  open: 'open',
  unknownOff: 'state unknown, should be off',
  unknownOn: 'state unknown, should be on',
  isOn: 'is on, should be off',
  isOff: 'is off, should be on',
  radiates: 'still radiates {{power}}, should be off',
  powerUnknown: 'set point unknown',
  powerIs: 'set point is {{power}}',
  noZone: 'no line should be on',
  lease: 'lease renewed',
}

// Words of the settings.
import type { Same } from '../same.ts'
import type * as vi from '../vi/settings.ts'

export const settings: Same<typeof vi.settings> = {
  screen: 'This screen',
  language: 'Language',
  theme: 'Theme',
  day: 'Day',
  night: 'Night',
  operator: 'On duty',
  operatorHint: 'shown in the frame; kept on this computer only',
  station: 'Station',
  name: 'Name',
  place: 'Belongs to',
  version: 'Version',
  started: 'Running since',
  firing: 'Live firing',
  firingTraining: 'training – no loudspeaker',
  firingOn: 'on',
  firingOff: 'off',
  configHint: 'The station’s configuration is config.json; change it while off air.',
  keys: 'Keys',
  keysHint: 'Press a key cap, then the new keys. No bare letters; not Ctrl+Shift or Alt+Z, which input methods use.',
  keysReset: 'Defaults',
  pressKey: 'press new key…',
  changeKey: 'Change key “{{name}}”, now {{key}}',
  keyTaken: 'already used for “{{name}}”',
  bareLetter: 'a bare letter breaks typing',
  inputMethod: 'Vietnamese input methods use it',
  system: 'the system or browser uses it',
}

// People of the station, their roles and PINs.
export const people = {
  view: 'Part of the settings',
  viewScreen: 'Screen, keys',
  viewPeople: 'People, PINs',
  title: 'People of the station',
  none: 'Nobody yet. Whoever keeps the machine adds the first administrator with the key in the data folder (operations guide, “People and PINs”).',
  airNeedsNone: 'The air, microphones, alerts and STOP never ask for a PIN.',
  signedIn: 'Signed in at this window',
  administratorOnly:
    'Only an administrator adds people, changes roles, renews PINs and retires people. Sign in with an administrator’s PIN.',
  add: 'Add a person',
  addAndPin: 'Add and make a PIN',
  save: 'Save',
  name: 'Name',
  role: 'Role',
  renewPin: 'New PIN',
  newPin: 'New PIN of {{name}}',
  pinOnce: 'Shown this once; the machine does not keep it. Hand it over in person, not by message.',
  noted: 'Written down',
  retire: 'Retire',
  retireMeans: '{{name}} can no longer sign in, at any window, at once. The name and the signatures in the logbook stay.',
  retireNow: 'Retire {{name}}',
  keep: 'No, keep',
}

/** What a role may do besides what everybody may. */
export const roleCan = {
  operator: 'Edits schedule, library and the province’s items; explains differences.',
  supervisor: 'Hears recordings, asks for explanations, signs days.',
  technician: 'Sets power, moves transmitters and desk by hand.',
  administrator: 'Manages people and PINs; does what operator and technician do, signs no day.',
}

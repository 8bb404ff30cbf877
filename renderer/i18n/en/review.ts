// The supervisor's words.
export const review = {
  view: 'View',
  viewRows: 'Rows',
  viewReview: 'Compare',
  viewMonth: 'Month',
  filter: 'Filter differences',
  differences: 'Differences',
  difference: 'Difference',
  recorded: 'Recording',
  lanes: 'Planned, sent and recorded; click to hear from there',
  none: 'No differences.',
  nextHint: '{{key}}: next difference',
  airCheck: 'Hear what was sent',
  play: 'Play',
  pause: 'Pause',
  heardAt: 'Heard now',
  clickToHear: 'Click any second of the timeline to hear it again from there.',
  stillRecording: 'This part has just begun to be recorded; its waveform comes in a few seconds.',
  wave: 'Waveform {{from}}–{{to}}',
  budget: 'Disk for {{days}} more days · {{used}} GB used · kept {{keep}} days',
  playFrom: 'Play from {{time}}',
  span: 'Span',
  by: 'By',
  why: 'Why',
  everyOutput: 'every output',
  ask: 'Ask for an explanation',
  asked: 'explanation asked',
  answer: 'Explain',
  answered: 'explanation',
  note: 'note',
  addNote: 'Add a note',
  waiting: 'Waits for the operator’s explanation',
  openQuestions: 'to explain',
  waitingCount: '{{n}} questions without an answer',
  dayEnd: 'End of the day',
  unsigned: 'not signed',
  notOver: 'The day is not over; it can be signed after midnight, when its last item is over.',
  signedBy: 'signed by {{name}}',
  sign: 'Sign the day',
  signIn: 'Sign in',
  signOut: 'Sign out',
  who: 'Who signs in',
  pin: 'PIN',
  until: 'until {{time}}',
  noPeople: 'Nobody has a PIN yet; an administrator adds people.',
  month: 'Month',
  monthBefore: 'Month before',
  monthAfter: 'Month after',
  monthDays: 'Days with logbook rows',
  goingOn: 'going on',
  colAnswer: 'Explanation',
  stateAsked: 'awaited',
  stateAnswered: 'explained',
  unsignedCount: '{{n}} days not signed',
  rows: 'rows: {{n}}',
  differenceCount: 'differences: {{n}}',
  export: 'Save {{format}}',
  search: 'Search the whole logbook, marks or not',
  hits: 'Hits',
  noHits: 'Nothing found.',
}

export const difference = {
  notAired: 'Not aired',
  late: 'Late',
  cutShort: 'Cut short',
  replaced: 'Replaced',
  unplanned: 'Unplanned',
  silence: 'Silence',
}

export const role = {
  operator: 'operator',
  supervisor: 'supervisor',
  technician: 'technician',
  administrator: 'administrator',
}

export const gap = {
  stationDown: 'station not running',
  stationStopped: 'station was stopped',
  audioDied: 'audio process died',
  recorderFailed: 'could not be written',
  deviceLost: 'sound device lost',
  removed: 'removed, its time was over',
  unknown: 'reason not known',
}

/** What an unplanned thing was. */
export const sentKind = { item: 'item not on the plan', alert: 'alert', live: 'live microphone', hotkey: 'hot key', stop: 'STOP' }

/** Why nothing was heard. */
export const silence = { measured: 'silence was measured', stationDown: 'station not running', stop: 'stopped by hand' }

/** Why an item ended before its length. */
export const cutBy = {
  nextTaken: 'next item taken',
  hardStart: 'cut by a hard start',
  cleared: 'taken off the plan',
  stopped: 'stopped',
  skipped: 'skipped',
  failed: 'file or stream failed',
  interrupted: 'station was interrupted',
}

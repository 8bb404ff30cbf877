// The training district's loudspeakers and microphone, as both the launcher (which makes them) and the district (which
// writes them into the station's configuration) know them. Labels are what the station and the screens call them.
import type { SoundDevices } from '../sound/sound-config.ts'

export const fmSink = { name: 'ts_fm', label: 'Truc Song FM' } as const
export const wiredSink = { name: 'ts_wired', label: 'Truc Song huu tuyen' } as const
export const cueSink = { name: 'ts_cue', label: 'Truc Song nghe thu' } as const
export const micSource = { name: 'ts_mic', label: 'Truc Song micro' } as const

export const districtSound: SoundDevices = { sinks: [fmSink, wiredSink, cueSink], sources: [micSource] }

// What the private sound server is told: PulseAudio's start script and daemon.conf, and an ALSA configuration that shows every
// device under its own label, because node-web-audio-api and decibri (both on ALSA) choose devices by label.
// Pure text; names and labels are checked here so that nothing else than a name reaches a configuration file.

/** A virtual loudspeaker: 48 kHz float stereo, advancing with the machine's monotonic clock. */
export interface SoundSink {
  /** `[a-z0-9_-]`; the PulseAudio sink and the ALSA PCM carry it. */
  readonly name: string
  /** What the device is called in `config.json` and on screen. */
  readonly label: string
}

/** A virtual microphone or line: what is played into the sink of the same name + `_in` comes out of it. */
export interface SoundSource {
  readonly name: string
  readonly label: string
  /**
   * A FIFO to read s16le stereo from instead: this source then runs at the *writer's* pace, as a sound card with a clock of
   * its own does. PulseAudio creates the FIFO.
   */
  readonly fifoPath?: string
}

export interface SoundDevices {
  readonly sinks: readonly SoundSink[]
  readonly sources: readonly SoundSource[]
}

/** Sample rate of every virtual device, Hz. */
export const soundRateHz = 48_000

/** The sink into which a test or a demo plays what the virtual source `name` shall hear. */
export function sourceInput(name: string): string {
  return `${name}_in`
}

/** Throws on a name or label that does not belong in a configuration file. */
export function checkDevices(devices: SoundDevices): void {
  const all = [...devices.sinks, ...devices.sources]
  for (const { name, label } of all) {
    if (name === nowhere) throw new Error(`the sound device name ${nowhere} is taken`)
    if (!/^[a-z][a-z0-9_-]{0,40}$/.test(name)) throw new Error(`sound device name ${JSON.stringify(name)}: want [a-z][a-z0-9_-]*`)
    if (!/^[^"'\\\n\r\0{}]{1,80}$/.test(label))
      throw new Error(`sound device label ${JSON.stringify(label)}: no quotes, braces or line ends`)
  }
  if (new Set(all.map((device) => device.name)).size !== all.length) throw new Error('two sound devices share a name')
}

/** Arguments of `load-module` for one sink. */
export function sinkModules(sink: SoundSink): string[][] {
  return [['module-null-sink', `sink_name=${sink.name}`, ...format, `sink_properties='device.description="${sink.label}"'`]]
}

/** Arguments of `load-module` for one source. */
export function sourceModules(source: SoundSource): string[][] {
  const properties = `source_properties='device.description="${source.label}"'`
  if (source.fifoPath !== undefined) {
    return [
      [
        'module-pipe-source',
        `source_name=${source.name}`,
        `file=${source.fifoPath}`,
        'format=s16le',
        `rate=${soundRateHz}`,
        'channels=2',
        properties,
      ],
    ]
  }
  const input = sourceInput(source.name)
  return [
    ['module-null-sink', `sink_name=${input}`, ...format],
    ['module-remap-source', `source_name=${source.name}`, `master=${input}.monitor`, 'remix=no', properties],
  ]
}

/**
 * The script PulseAudio is started with. The socket comes last: once it answers, every device is there. The default sink is
 * one nobody hears: when the default goes away PulseAudio 16 moves its streams to another, whatever `rescue-streams` says,
 * and what asks for no device by name belongs on no loudspeaker of a station.
 */
export function startScript(devices: SoundDevices, socketPath: string): string {
  const modules = [
    ['module-null-sink', `sink_name=${nowhere}`, ...format],
    ...devices.sinks.flatMap(sinkModules),
    ...devices.sources.flatMap(sourceModules),
  ]
  const load = (words: readonly string[]) => `load-module ${words.join(' ')}\n`
  return `${modules.map(load).join('')}set-default-sink ${nowhere}\n${load(['module-cli', 'exit_on_eof=1'])}${load(['module-native-protocol-unix', `socket=${socketPath}`])}`
}

/**
 * `rescue-streams = no`: a stream whose device is removed dies instead of moving to another loudspeaker, so a vanished
 * programme device is never replaced behind the station's back. High priority where the system grants it: a sound card keeps its
 * pace whatever the processor does, and so should a virtual one. No real-time threads: on two busy cores they outran the server's
 * own loop, and its monitors stood still (measured).
 */
export function daemonConf(): string {
  return [
    'exit-idle-time = -1',
    'flat-volumes = no',
    'rescue-streams = no',
    'high-priority = yes',
    'realtime-scheduling = no',
    'default-sample-format = float32le',
    `default-sample-rate = ${soundRateHz}`,
    'default-sample-channels = 2',
    'enable-deferred-volume = no',
    'log-target = stderr',
    'log-level = notice',
    '',
  ].join('\n')
}

/**
 * ALSA PCMs over the server: one per device, listed under its label, and nothing else. Without the system's own file there is no
 * `default` to play on by accident, and listing devices, which opens each of them, takes a third of the time.
 */
export function alsaConf(devices: SoundDevices, server: string): string {
  const pcms = [...devices.sinks, ...devices.sources].map(
    ({ name, label }) =>
      `pcm.${name} {\n  type pulse\n  server "${server}"\n  device "${name}"\n  hint {\n    show on\n    description "${label}"\n  }\n}\n`,
  )
  return pcms.join('')
}

const nowhere = 'nowhere'
const format = ['format=float32le', `rate=${soundRateHz}`, 'channels=2']

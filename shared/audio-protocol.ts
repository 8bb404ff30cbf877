// What station and audio process say to each other over the local socket: newline-delimited JSON, one message a line.
// Commands are *sent*; an event with the same `ref` *confirms* them. Every event carries `seq`; the audio process keeps
// the last ones in memory so that a restarted station reads into the logbook what really happened meanwhile.
// Positions are frames at 48 kHz of the item's own air copy; wall times are taken at the audio process.
import { z } from 'zod'
import { AlertId, CartId, CutInId, InputId, ItemId, OutputId } from './domain/ids.ts'
import { EpochMs } from './domain/time.ts'

/** Raised whenever a message changes shape; a process speaking another version is replaced at the next item boundary. */
export const audioProtocolVersion = 3

/** An alert's sound is mono, 16 bit, 48 kHz: so it lies in its files, and in the memory of the audio process. */
export const alertBytesPerMs = 96
/** All alerts in that memory together; beyond this a load is refused rather than the machine driven into its swap. */
export const alertMemoryBytes = 160 << 20

const frames = z.number().int().nonnegative()
const ref = z.string().min(1).max(80)

/** What an item sounds like. An air copy is headerless PCM: signed 16 bit little endian, 48 kHz, interleaved stereo. */
export const PlaySource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pcm'), path: z.string(), frames, gainDb: z.number(), loop: z.boolean() }),
  z.object({ kind: z.literal('input'), inputId: InputId, gainDb: z.number() }),
  /** Network relay: PCM pulled by the relay process from `url`; ends at the item's fixed end. */
  z.object({ kind: z.literal('stream'), url: z.string(), gainDb: z.number() }),
  z.object({ kind: z.literal('silence') }),
])
export type PlaySource = z.infer<typeof PlaySource>

/** What happens to an interrupted item when the interruption ends. `hold` keeps silence until an order comes. */
export const ResumePolicy = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exact') }),
  z.object({ kind: z.literal('rewind'), ms: z.number().int().nonnegative() }),
  z.object({ kind: z.literal('rejoin') }),
  z.object({ kind: z.literal('skip') }),
  z.object({ kind: z.literal('hold') }),
])
export type ResumePolicy = z.infer<typeof ResumePolicy>

/** One thing to play, complete enough to be played with the station dead. */
export const PlayItem = z.object({
  itemId: ItemId,
  title: z.string(),
  cartId: CartId.nullable(),
  source: PlaySource,
  /** First frame to play. */
  startFrame: frames,
  /** `at`: begins at this wall time and fades out whatever is on; `follow`: when the item before ends. */
  start: z.discriminatedUnion('kind', [z.object({ kind: z.literal('follow') }), z.object({ kind: z.literal('at'), atMs: EpochMs })]),
  /** Fixed end by wall time (relay, live); null = at the end of the source. */
  endAtMs: EpochMs.nullable(),
  /** Overlap with the item before, ms; 0 = sample-accurate segue. */
  crossfadeMs: z.number().int().min(0).max(20_000),
  resume: ResumePolicy,
})
export type PlayItem = z.infer<typeof PlayItem>

/** An alert's audio: mono s16le 48 kHz files made by the station. `attention` loops while a cold cut-in waits. */
export const AlertAudio = z.object({
  alertId: AlertId,
  attentionPath: z.string().nullable(),
  bodyPath: z.string(),
  gainDb: z.number(),
})
export type AlertAudio = z.infer<typeof AlertAudio>

const command = <K extends string, S extends z.ZodRawShape>(kind: K, shape: S) => z.object({ kind: z.literal(kind), ref, ...shape })

export const AudioCommand = z.discriminatedUnion('kind', [
  /** First message of a connection. Answered by `welcome`. `afterSeq`: events already journalled (−1 = none). */
  command('hello', { version: z.number().int(), token: z.string(), afterSeq: z.number().int() }),
  /** Replaces what follows the item on air. If nothing is on air, the first `follow` item starts at once unless held. */
  command('setQueue', { outputId: OutputId, revision: z.number().int(), items: z.array(PlayItem).max(500) }),
  /** Puts this item on air now, fading the present one over `fadeMs`. */
  command('playNow', {
    outputId: OutputId,
    item: PlayItem,
    fadeMs: z.number().int().min(0),
    /**
     * How a replaced audio process gets back what was on air: from `frame`, told as `itemResumed`, silent while `held`.
     * `policy` is only told; `frame` already obeys it. `startedAtMs` null: it never sounded, and waits for a hand to begin.
     */
    restore: z.object({ frame: frames, startedAtMs: EpochMs.nullable(), policy: ResumePolicy, held: z.boolean() }).optional(),
  }),
  /** Goes on to the first queued item now. */
  command('next', { outputId: OutputId, fadeMs: z.number().int().min(0) }),
  /** Fades to silence keeping the position; `release` continues there. */
  command('hold', { outputId: OutputId }),
  command('release', { outputId: OutputId }),
  /** Ends what is on air and empties the queue: the output falls silent. */
  command('clear', { outputId: OutputId, fadeMs: z.number().int().min(0) }),

  /** Reads the alert wholly into memory. Confirmed by `alertLoaded` with the SHA-256 of what is held. */
  command('loadAlert', { alert: AlertAudio }),
  command('unloadAlert', { alertId: AlertId }),
  /** Cut-in. hot: attention once, then body × `bodyRepeats`. cold: attention looped until `proceed`, then the body. */
  command('fireAlert', {
    cutInId: CutInId,
    alertId: AlertId,
    outputIds: z.array(OutputId).min(1),
    mode: z.enum(['hot', 'cold']),
    bodyRepeats: z.number().int().min(1).max(20),
    gapMs: z.number().int().min(0).max(10_000),
    /** After the alert; null = the interrupted item's own policy. */
    resume: ResumePolicy.nullable(),
    /** Where in the airing (attention, then the readings) to begin; cold: where its readings begin. How an airing that was cut off goes on. */
    offsetMs: z.number().int().min(0).optional(),
  }),
  command('proceedAlert', { cutInId: CutInId, outputId: OutputId }),
  /** Ends an airing before its end; programme resumes by policy. */
  command('stopAlert', { cutInId: CutInId, outputIds: z.array(OutputId).min(1) }),
  /** What the operator chose for an item that waits under `hold` after an interruption. */
  command('resume', { outputId: OutputId, policy: ResumePolicy }),

  /** Opens a live input over the programme. `replace` fades the programme away, `duck` lowers it by `duckDb`. */
  command('openInput', {
    outputIds: z.array(OutputId).min(1),
    inputId: InputId,
    gainDb: z.number(),
    mode: z.enum(['replace', 'duck']),
    duckDb: z.number().max(0),
    resume: ResumePolicy.nullable(),
  }),
  command('closeInput', { outputIds: z.array(OutputId).min(1), inputId: InputId }),

  /** Hot key: a short recording over the programme, which is lowered by `duckDb` while it plays. */
  command('playOver', {
    outputIds: z.array(OutputId).min(1),
    slot: z.number().int().min(1).max(8),
    path: z.string(),
    frames,
    gainDb: z.number(),
    duckDb: z.number().max(0),
    loop: z.boolean(),
  }),
  command('stopOver', { outputIds: z.array(OutputId).min(1), slot: z.number().int().min(1).max(8) }),

  /** STOP: every source of these outputs to silence in ≤ 5 ms, inputs closed, latched until `reopen`. */
  command('stop', { outputIds: z.array(OutputId).min(1) }),
  command('reopen', { outputIds: z.array(OutputId).min(1) }),

  /** Preview on the cue bus: the same bytes and gain that would air. Never reaches a programme device. */
  command('cueAlert', {
    alertId: AlertId,
    bodyRepeats: z.number().int().min(1),
    gapMs: z.number().int().min(0),
    offsetMs: z.number().int().min(0),
  }),
  command('cueItem', { source: PlaySource, offsetMs: z.number().int().min(0) }),
  command('stopCue', {}),

  /** SIGTERM's clean way: fade 5 ms, close the recorder, exit. */
  command('shutdown', {}),
])
export type AudioCommand = z.infer<typeof AudioCommand>
export type AudioCommandOf<K extends AudioCommand['kind']> = Extract<AudioCommand, { kind: K }>

/** Where an output stands. `frame` is the position in the item's own PCM. */
export const OutputAudioState = z.object({
  outputId: OutputId,
  /** Device label in use; null while it is lost. */
  device: z.string().nullable(),
  onBackup: z.boolean(),
  queueRevision: z.number().int(),
  item: z.object({ item: PlayItem, startedAtMs: EpochMs, frame: frames, state: z.enum(['playing', 'held', 'interrupted']) }).nullable(),
  queuedItemIds: z.array(ItemId),
  /** Wall time up to which this process has something to play (null: without end). Leases lapse 10 s after it. */
  holdsUntilMs: EpochMs.nullable(),
  alert: z
    .object({
      cutInId: CutInId,
      alertId: AlertId,
      /** As it was ordered: a station that adopts it may have died before it could write that down. */
      mode: z.enum(['hot', 'cold']),
      resume: ResumePolicy.nullable(),
      phase: z.enum(['attention', 'body']),
      startedAtMs: EpochMs,
      positionMs: z.number(),
      durationMs: z.number(),
    })
    .nullable(),
  openInputs: z.array(InputId),
  oversPlaying: z.array(z.number().int()),
  stopped: z.boolean(),
})
export type OutputAudioState = z.infer<typeof OutputAudioState>

const event = <K extends string, S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.object({ kind: z.literal(kind), seq: z.number().int(), atMs: EpochMs, ...shape })

/** Kept in the journal and replayed to a station that comes back. */
export const AudioEvent = z.discriminatedUnion('kind', [
  event('itemStarted', { outputId: OutputId, itemId: ItemId, startFrame: frames }),
  event('itemEnded', {
    outputId: OutputId,
    itemId: ItemId,
    frame: frames,
    reason: z.enum(['finished', 'nextTaken', 'hardStart', 'fixedEnd', 'cleared', 'stopped', 'skipped', 'failed']),
  }),
  event('itemInterrupted', { outputId: OutputId, itemId: ItemId, frame: frames, by: z.enum(['alert', 'input', 'hold']) }),
  event('itemResumed', { outputId: OutputId, itemId: ItemId, frame: frames, policy: ResumePolicy }),
  event('alertLoaded', { alertId: AlertId, sha256: z.string(), durationMs: z.number() }),
  /** `scheduleMs`: from the command's arrival to the audio clock instant of the first sample, this process's share. */
  event('alertStarted', { outputId: OutputId, cutInId: CutInId, alertId: AlertId, scheduleMs: z.number() }),
  event('alertBodyStarted', { outputId: OutputId, cutInId: CutInId, reading: z.number().int() }),
  event('alertEnded', {
    outputId: OutputId,
    cutInId: CutInId,
    alertId: AlertId,
    playedMs: z.number(),
    reason: z.enum(['finished', 'stopped', 'replaced', 'stopAll', 'failed']),
  }),
  event('inputOpened', { outputId: OutputId, inputId: InputId }),
  event('inputClosed', { outputId: OutputId, inputId: InputId, reason: z.enum(['ordered', 'lost', 'stopAll', 'preempted']) }),
  event('overStarted', { outputId: OutputId, slot: z.number().int() }),
  event('overEnded', {
    outputId: OutputId,
    slot: z.number().int(),
    reason: z.enum(['finished', 'stopped', 'stopAll', 'preempted', 'lost']),
  }),
  event('stopped', { outputId: OutputId, muteMs: z.number() }),
  event('reopened', { outputId: OutputId }),
  event('cueStarted', { alertId: AlertId.nullable() }),
  event('cueEnded', { alertId: AlertId.nullable(), playedMs: z.number() }),
  event('deviceLost', { outputId: OutputId.nullable(), device: z.string() }),
  event('deviceBack', { outputId: OutputId.nullable(), device: z.string(), backup: z.boolean() }),
  event('inputLost', { inputId: InputId, message: z.string() }),
  event('inputBack', { inputId: InputId }),
  /** A deck ran dry or the audio clock jumped: measured, never guessed. */
  event('underrun', { outputId: OutputId, frames }),
  /** `outputId` where it is one output's. */
  event('failure', { code: z.string(), message: z.string(), outputId: OutputId.optional() }),
  /** What was told by this code is over: a relay delivers again, a recorder writes again. */
  event('failureOver', { code: z.string(), outputId: OutputId }),
])
export type AudioEvent = z.infer<typeof AudioEvent>
export type AudioEventOf<K extends AudioEvent['kind']> = Extract<AudioEvent, { kind: K }>

/** Level of one bus over the last metering interval, dBFS; null = no measurement. */
export const BusLevel = z.object({
  peakDb: z.tuple([z.number(), z.number()]),
  rmsDb: z.tuple([z.number(), z.number()]),
})
export type BusLevel = z.infer<typeof BusLevel>

export const AudioMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('welcome'),
    ref,
    version: z.number().int(),
    bootId: z.string(),
    pid: z.number().int(),
    startedAtMs: EpochMs,
    lastSeq: z.number().int(),
    /** Events after `afterSeq`, oldest first. `lostEvents`: how many older ones were no longer held. */
    missed: z.array(AudioEvent),
    lostEvents: z.number().int(),
    outputs: z.array(OutputAudioState),
    loadedAlerts: z.array(z.object({ alertId: AlertId, sha256: z.string() })),
    cueDevice: z.string().nullable(),
  }),
  z.object({ kind: z.literal('ok'), ref }),
  z.object({ kind: z.literal('refused'), ref, code: z.string(), message: z.string() }),
  z.object({ kind: z.literal('event'), event: AudioEvent }),
  /** State of an output, sent on each change. */
  z.object({ kind: z.literal('state'), output: OutputAudioState }),
  /** 25 Hz: levels; `clockS` is the audio clock of each context, which the watchdog compares with wall time. */
  z.object({
    kind: z.literal('report'),
    atMs: EpochMs,
    outputs: z.array(
      z.object({ outputId: OutputId, clockS: z.number(), level: BusLevel, frame: frames.nullable(), alertMs: z.number().nullable() }),
    ),
    cue: z.object({ clockS: z.number(), level: BusLevel, positionMs: z.number().nullable() }).nullable(),
    inputs: z.array(z.object({ inputId: InputId, level: BusLevel })),
  }),
])
export type AudioMessage = z.infer<typeof AudioMessage>

/** What the audio process is started with: the path of this JSON is its only argument. */
export const AudioProcessConfig = z.object({
  bootId: z.string(),
  token: z.string(),
  socketPath: z.string(),
  logPath: z.string(),
  recorderDir: z.string().nullable(),
  recorderKeepHours: z.number().positive(),
  latencyHint: z.enum(['balanced', 'playback']),
  /** Training without any sound server: contexts render into nothing, and the screen says so. */
  allowNone: z.boolean(),
  outputs: z.array(z.object({ outputId: OutputId, device: z.string().nullable(), backupDevice: z.string().nullable() })).min(1),
  cueDevice: z.string().nullable(),
  inputs: z.array(z.object({ inputId: InputId, device: z.string() })),
})
export type AudioProcessConfig = z.infer<typeof AudioProcessConfig>

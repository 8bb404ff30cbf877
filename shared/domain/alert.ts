// A public alert (tin khẩn cấp) from draft to aired. Four scales never share a field: `riskLevel` is cấp độ rủi ro thiên tai.
import { z } from 'zod'
import { AlertId, CartId, CutInId, OutputId } from './ids.ts'
import { EpochMs } from './time.ts'

export const AlertMode = z.enum(['live', 'drill'])
export type AlertMode = z.infer<typeof AlertMode>

export const AlertSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string().max(20_000), voice: z.enum(['vi', 'vi-vn-x-central', 'vi-vn-x-south']) }),
  z.object({ kind: z.literal('file'), cartId: CartId }),
])
export type AlertSource = z.infer<typeof AlertSource>

/** What the operator fills in. */
export const AlertDraft = z.object({
  mode: AlertMode,
  templateId: z.string().nullable(),
  title: z.string().min(1).max(200),
  source: AlertSource,
  /** Disaster risk level 1–5 of QĐ 18/2021, null where it does not apply. */
  riskLevel: z.number().int().min(1).max(5).nullable(),
  evacuation: z.boolean(),
  orderedBy: z.string().max(200),
  issuedAtMs: EpochMs.nullable(),
  expiresAtMs: EpochMs.nullable(),
  /** Readings of the text in one airing. */
  readings: z.number().int().min(1).max(10),
  attentionTone: z.boolean(),
  outputIds: z.array(OutputId),
})
export type AlertDraft = z.infer<typeof AlertDraft>

export const AlertState = z.enum(['draft', 'rendering', 'failed', 'ready', 'armed', 'airing', 'aired', 'cancelled'])
export type AlertState = z.infer<typeof AlertState>

/** An airing that died with the machine, or failed on every output: where it was cut off, as it was last measured before that. */
export const Interruption = z.object({
  cutInId: CutInId,
  /** Wall time of that measurement. */
  atMs: EpochMs,
  /** From the first sample of the airing (attention, then the readings); of several outputs the one least far on. 0 = not yet heard. */
  positionMs: z.number().int().min(0),
  /** It is armed to go on from there. */
  continues: z.boolean(),
})
export type Interruption = z.infer<typeof Interruption>

/** What an alert is armed for: to be read whole, or to go on where its last airing was cut off. */
export const ArmFrom = z.enum(['start', 'interruption'])
export type ArmFrom = z.infer<typeof ArmFrom>

export const AlertView = AlertDraft.extend({
  alertId: AlertId,
  state: AlertState,
  revision: z.number().int(),
  createdAtMs: EpochMs,
  /** What was rendered, once it was. `text` is what is really spoken, numbers and times written out. */
  audio: z
    .object({
      sha256: z.string(),
      attentionMs: z.number().int(),
      bodyMs: z.number().int(),
      totalMs: z.number().int(),
      integratedLufs: z.number().nullable(),
      truePeakDbtp: z.number(),
      spokenText: z.string(),
      peaks: z.array(z.number()),
      /** Start of each word of the first reading, ms from the first sample of the airing, and its place in spokenText. */
      words: z.array(z.object({ atMs: z.number(), start: z.number().int(), end: z.number().int() })),
    })
    .nullable(),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** How much of this very audio the operator has listened to. */
  previewedMs: z.number(),
  lastCutInId: CutInId.nullable(),
  /** When it was last ordered on the air; absent: never, or by a station older than this field. */
  airedAtMs: EpochMs.optional(),
  /** Stands from then on until it is fired again, composed anew or withdrawn. Nothing is replayed by itself. */
  interrupted: Interruption.optional(),
  /** Whose order it is, where it came from the province. Absent: composed here. */
  origin: z.object({ provinceItemId: z.string(), revision: z.number().int() }).optional(),
})
export type AlertView = z.infer<typeof AlertView>

/**
 * Which reading was under way at this position of an airing, from 1; 0 = before the first. The rendered body joins its readings with
 * pauses; equal shares of it begin within the pause before each reading, so this is exact while something is read.
 */
export function readingAtPosition({ audio, readings }: Pick<AlertView, 'audio' | 'readings'>, positionMs: number): number {
  if (audio === null || positionMs < audio.attentionMs || audio.bodyMs <= 0) return 0
  return Math.min(readings, Math.floor(((positionMs - audio.attentionMs) * readings) / audio.bodyMs) + 1)
}

export const AlertTemplate = z.object({
  templateId: z.string(),
  name: z.string(),
  nameEn: z.string(),
  title: z.string(),
  /** Slots are written `{tên}`; the screen asks for each. */
  text: z.string(),
  riskLevel: z.number().int().min(1).max(5).nullable(),
  evacuation: z.boolean(),
  readings: z.number().int(),
})
export type AlertTemplate = z.infer<typeof AlertTemplate>

/** How the order came. */
export const OrderVia = z.enum(['screen', 'keyboard', 'surface', 'api'])
export type OrderVia = z.infer<typeof OrderVia>

/** One airing, as the card shows it. */
export const CutInView = z.object({
  cutInId: CutInId,
  alertId: AlertId,
  title: z.string(),
  mode: AlertMode,
  via: OrderVia,
  orderedAtMs: EpochMs,
  endedAtMs: EpochMs.nullable(),
  outputs: z.array(
    z.object({
      outputId: OutputId,
      /** sent → confirmed by the audio process → ended. */
      phase: z.enum(['sent', 'attention', 'body', 'ended', 'failed']),
      temperature: z.enum(['hot', 'cold']),
      startedAtMs: EpochMs.nullable(),
      /** Order received to first sample scheduled, ms. */
      latencyMs: z.number().nullable(),
      endReason: z.string().nullable(),
      interruptedTitle: z.string().nullable(),
      carriers: z.array(z.object({ deviceId: z.string(), label: z.string(), state: z.string() })),
    }),
  ),
})
export type CutInView = z.infer<typeof CutInView>

// A push key or keyboard-like panel over USB HID, described by options: which bit or usage of the input report is which key,
// and which byte of the output report is which lamp (USB HID 1.11, 8.3 and appendix B: boot keyboard report). Pure.
import { z } from 'zod'
import { SurfaceActions } from '../../../shared/domain/surface-actions.ts'
import type { Lamp } from '../panel-state.ts'

const byteIndex = z.number().int().min(0).max(63)
const byteValue = z.number().int().min(0).max(255)

/** `bit`: set while pressed (`activeLow`: cleared while pressed). `usage`: keyboard usage id present while pressed. */
const KeyMatch = z.union([
  z.strictObject({ byte: byteIndex, bit: z.number().int().min(0).max(7), activeLow: z.boolean().default(false) }),
  z.strictObject({ usage: z.number().int().min(4).max(231) }),
])

export const EmergencyKeyConfig = z.strictObject({
  keys: z
    .array(z.strictObject({ key: z.number().int().min(0).max(63), match: KeyMatch }))
    .min(1)
    .default([
      { key: 0, match: { byte: 0, bit: 0, activeLow: false } },
      { key: 1, match: { byte: 0, bit: 1, activeLow: false } },
    ]),
  actions: SurfaceActions.default([
    { key: 0, action: 'fire' },
    { key: 1, action: 'stop' },
  ]),
  /** Input reports begin with this id; others are ignored. null: the device has no report ids. */
  inputReportId: byteValue.nullable().default(null),
  /** Shorter reports are malformed. */
  inputReportBytes: z.number().int().min(1).max(64).default(1),
  /**
   * `onChange`: a report means that something changed. `continuous`: the panel repeats its state; a key already down in the
   * first report is stuck or leaned on and counts as released until it was up once.
   */
  reports: z.enum(['onChange', 'continuous']).default('onChange'),
  output: z
    .strictObject({
      reportId: byteValue.default(0),
      /** Without the report id. */
      bytes: z.number().int().min(1).max(64),
      lamps: z
        .array(
          z.strictObject({
            key: z.number().int(),
            byte: byteIndex,
            off: byteValue,
            red: byteValue,
            green: byteValue,
            amber: byteValue,
            white: byteValue,
          }),
        )
        .default([]),
      /** ASCII displays inside the same report, for words. */
      words: z.array(z.strictObject({ key: z.number().int(), byte: byteIndex, characters: z.number().int().min(1).max(40) })).default([]),
    })
    .nullable()
    .default(null),
})
export type EmergencyKeyConfig = z.infer<typeof EmergencyKeyConfig>

export type KeysRead =
  | { readonly kind: 'keys'; readonly down: ReadonlySet<number> }
  | { readonly kind: 'notOurs' }
  | { readonly kind: 'malformed'; readonly reason: string }

/** A boot keyboard reports this in every slot when more keys are down than it can tell. */
const errorRollOver = 1
/** Boot keyboard report: modifiers, reserved, six usages. */
const firstUsageByte = 2
const firstModifierUsage = 224

/** Keys that are down by one input report. */
export function readKeys(report: Uint8Array, config: EmergencyKeyConfig): KeysRead {
  if (config.inputReportId !== null && report[0] !== config.inputReportId) return { kind: 'notOurs' }
  const body = config.inputReportId === null ? report : report.subarray(1)
  if (body.length < config.inputReportBytes) return { kind: 'malformed', reason: `report of ${body.length} bytes` }
  const usages = body.subarray(firstUsageByte)
  if (usages.length > 0 && usages.every((usage) => usage === errorRollOver))
    return { kind: 'malformed', reason: 'more keys than the panel can tell' }
  const down = config.keys.filter(({ match }) => isDown(body, match)).map(({ key }) => key)
  return { kind: 'keys', down: new Set(down) }
}

function isDown(body: Uint8Array, match: z.infer<typeof KeyMatch>): boolean {
  if ('usage' in match) {
    if (match.usage < firstModifierUsage) return body.subarray(firstUsageByte).includes(match.usage)
    return (((body[0] ?? 0) >> (match.usage - firstModifierUsage)) & 1) === 1
  }
  const bit = ((body[match.byte] ?? (match.activeLow ? 0xff : 0)) >> match.bit) & 1
  return match.activeLow ? bit === 0 : bit === 1
}

/** The output report (report id first) that shows these lamps; null when the panel has none. */
export function lampReport(lamps: readonly Lamp[], dark: ReadonlySet<number>, config: EmergencyKeyConfig): Uint8Array | null {
  const { output } = config
  if (output === null) return null
  const report = new Uint8Array(1 + output.bytes)
  report[0] = output.reportId
  for (const lamp of output.lamps) {
    const shown = lamps.find((candidate) => candidate.key === lamp.key)
    const colour = shown === undefined || dark.has(lamp.key) ? 'off' : shown.colour
    report[1 + lamp.byte] = lamp[colour]
  }
  for (const { key, byte, characters } of output.words) {
    const text = foldToAscii(lamps.find((lamp) => lamp.key === key)?.text ?? '')
    for (let index = 0; index < characters; index++) report[1 + byte + index] = text.charCodeAt(index) || 0x20
  }
  return report
}

/** Vietnamese without its marks, in capitals: what a small character display can show. */
export function foldToAscii(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'D')
    .toUpperCase()
    .replace(/[^\x20-\x7e]/g, '?')
}

// What differs between the models of the family, as data: names, units, line ending. A factor of 10 or 1000 between two models
// that otherwise look alike belongs in a file that can be compared with the manual, not in code.
import { z } from 'zod'
import crownFmeJson from './crown-fme.json' with { type: 'json' }
import heliosJson from './helios.json' with { type: 'json' }

/** Factors to the unit of the field: one for `20`, one for `2.0` (the manuals print both forms for the same quantity). */
const NumberForm = z.strictObject({ whole: z.number().positive(), pointed: z.number().positive() })
const name = z.string().regex(/^[A-Z][A-Z0-9.]*$/)

export const LineEnding = z.enum(['cr', 'lf', 'crlf'])
export type LineEnding = z.infer<typeof LineEnding>

/** `named`: `TX.PFWD=300`, a write is answered by what was written. `bare`: `300`, a write is answered by its value or `OK`. */
export const AnswerForm = z.enum(['named', 'bare'])
export type AnswerForm = z.infer<typeof AnswerForm>

export const TransmitterProfile = z.strictObject({
  model: z.string(),
  document: z.string(),
  lineEnding: LineEnding,
  answers: AnswerForm,
  /** Whole lines by which the unit refuses a request. */
  refusals: z.array(z.string()),
  names: z.strictObject({
    carrier: name,
    standby: name.nullable(),
    powerSet: name,
    forward: name,
    reflected: name,
    vswr: name,
    frequency: name,
    interlock: name,
    local: name,
    rfPresent: name,
    fault: name,
    warning: name.nullable(),
  }),
  /** Names that read ON while an alarm stands, with the word shown. */
  alarms: z.record(name, z.string()),
  /** powerSet, forward, reflected in W · vswr as a ratio · frequency in kHz. */
  numbers: z.strictObject({
    powerSet: NumberForm,
    forward: NumberForm,
    reflected: NumberForm,
    vswr: NumberForm,
    frequency: NumberForm,
  }),
})
export type TransmitterProfile = z.infer<typeof TransmitterProfile>
export type Quantity = keyof TransmitterProfile['numbers']

export const heliosProfile: TransmitterProfile = TransmitterProfile.parse(heliosJson)
export const crownFmeProfile: TransmitterProfile = TransmitterProfile.parse(crownFmeJson)

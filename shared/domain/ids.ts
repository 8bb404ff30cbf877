// Branded identifiers, one kind each, so that a device id never stands where an output id is meant.
// Each constant is the Zod schema and the type of the same name; `as` casts are made only at the edge that mints the id.
import { z } from 'zod'

const word = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9._:-]+$/)

/** One programme output: its own on-air machine, audio device, transmitters and zones. */
export const OutputId = word.brand<'OutputId'>()
export type OutputId = z.infer<typeof OutputId>
/** A configured device (transmitter, amplifier, desk, key). */
export const DeviceId = word.brand<'DeviceId'>()
export type DeviceId = z.infer<typeof DeviceId>
/** A live audio input (microphone, line, tuner). */
export const InputId = word.brand<'InputId'>()
export type InputId = z.infer<typeof InputId>
/** A library entry: one imported recording. */
export const CartId = word.brand<'CartId'>()
export type CartId = z.infer<typeof CartId>
/** One row of a day's rundown. */
export const ItemId = word.brand<'ItemId'>()
export type ItemId = z.infer<typeof ItemId>
/** One composed public alert. */
export const AlertId = word.brand<'AlertId'>()
export type AlertId = z.infer<typeof AlertId>
/** One airing of an alert; the idempotency key of a fire order. */
export const CutInId = word.brand<'CutInId'>()
export type CutInId = z.infer<typeof CutInId>
/** A device alarm shown in the strip; stable for as long as its cause lasts. */
export const AlarmId = word.brand<'AlarmId'>()
export type AlarmId = z.infer<typeof AlarmId>

/** Mints an id of the given schema from random bits (Web Crypto, so it runs anywhere). */
export function newId<T>(schema: { parse(value: unknown): T }, prefix: string): T {
  return schema.parse(`${prefix}-${globalThis.crypto.randomUUID()}`)
}

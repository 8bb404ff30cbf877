// A new alert of the station's own out of an order that came too late to be carried out (N7). Pure.
import type { AlertDraft } from '../../shared/domain/alert.ts'
import type { CartId } from '../../shared/domain/ids.ts'
import type { IncomingView, ProvinceBulletin } from '../../shared/domain/province.ts'
import { type EpochMs, epochMs } from '../../shared/domain/time.ts'

/** As an alert composed here lasts where nothing else is said. */
const validForMs = 6 * 3_600_000

/** The order's words, or its recording where it has none; null where neither is here. Who ordered it stays said. */
export function draftAgain(item: ProvinceBulletin, media: IncomingView['media'], nowMs: EpochMs): AlertDraft | null {
  const cartId = media.find((each) => each.cartId !== null)?.cartId ?? null
  const text = item.text.trim()
  if (text === '' && cartId === null) return null
  return {
    mode: item.mode,
    templateId: null,
    title: item.title,
    source: text === '' && cartId !== null ? { kind: 'file', cartId: cartId as CartId } : { kind: 'text', text, voice: 'vi' },
    riskLevel: item.riskLevel,
    evacuation: item.evacuation,
    orderedBy: item.orderedBy,
    issuedAtMs: nowMs,
    expiresAtMs: epochMs(nowMs + validForMs),
    readings: item.readings,
    attentionTone: true,
    outputIds: [],
  }
}

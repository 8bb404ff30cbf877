// What a trainer fills in becomes an item for the stations: texts are read by the announcer, dates are counted from now.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { ProvinceBulletin, ProvinceItem, ProvinceRelay, ProvinceSession } from '../../shared/domain/province.ts'
import { ContentType } from '../../shared/domain/library.ts'
import { filledIn } from './page-refusal.ts'
import type { ItemDraft, ProvinceDesk } from './province.ts'

const BulletinForm = ProvinceBulletin.pick({ title: true, class: true, mode: true }).extend({
  text: z.string().min(1).max(20_000),
  orderedBy: z.string().max(200).default('Văn phòng UBND tỉnh'),
  riskLevel: z.number().int().min(1).max(5).nullable().default(null),
  evacuation: z.boolean().default(false),
  /** A year at most. */
  validMinutes: z.number().positive().max(525_600).nullable().default(null),
  spoken: z.boolean().default(true),
})

const SessionForm = ProvinceSession.pick({ title: true, startMs: true, hard: true }).extend({
  parts: z
    .array(z.object({ title: z.string().min(1).max(200), text: z.string().min(1).max(20_000), contentType: ContentType.default('speech') }))
    .min(1)
    .max(20),
})

const RelayForm = ProvinceRelay.pick({ title: true, startMs: true, durationMs: true, url: true })

/** Everything but the revision, which the province counts. */
export function checkedDraft(draft: Record<string, unknown>): ItemDraft {
  const { revision: _counted, ...item } = filledIn(ProvinceItem, { ...draft, revision: 1 })
  return item as ItemDraft
}

export async function publishBulletin(desk: ProvinceDesk, filled: unknown): Promise<ProvinceItem | undefined> {
  const { spoken, validMinutes, ...said } = filledIn(BulletinForm, filled)
  const nowMs = Date.now()
  // A recording costs seconds, which an emergency does not have: the station's own voice reads it.
  const media = spoken && said.class !== 'emergency' ? await desk.speak(said.text, said.title) : null
  return publishOne(desk, {
    kind: 'bulletin',
    itemId: `bt-${randomUUID()}`,
    ...said,
    media,
    issuedAtMs: nowMs,
    expiresAtMs: validMinutes === null ? null : nowMs + Math.round(validMinutes * 60_000),
    withdrawn: false,
    readings: said.class === 'emergency' ? 2 : 1,
    wishedStartMs: null,
  })
}

/** Parts are spoken one after the other: the announcer has one voice. */
export async function publishSession(desk: ProvinceDesk, filled: unknown): Promise<ProvinceItem | undefined> {
  const { parts, ...said } = filledIn(SessionForm, filled)
  const spoken: unknown[] = []
  for (const { title, text, contentType } of parts) spoken.push({ title, contentType, media: await desk.speak(text, title) })
  return publishOne(desk, {
    kind: 'session',
    itemId: `ph-${randomUUID()}`,
    ...said,
    parts: spoken,
    expiresAtMs: null,
    withdrawn: false,
  })
}

export function publishRelay(desk: ProvinceDesk, filled: unknown): Promise<ProvinceItem | undefined> {
  const itemId = `ta-${randomUUID()}`
  return publishOne(desk, { kind: 'relay', itemId, ...filledIn(RelayForm, filled), expiresAtMs: null, withdrawn: false })
}

async function publishOne(desk: ProvinceDesk, draft: Record<string, unknown>): Promise<ProvinceItem | undefined> {
  const [item] = await desk.publish([checkedDraft(draft)])
  return item
}

// The province in short: what the link does, how old what we hold is, what waits to be told. For the lamp and the schedule's panel.
import type { ProvinceSlice } from '../../shared/domain/province.ts'
import { clockText, dateText, type EpochMs } from '../../shared/domain/time.ts'
import type { Texts } from '../i18n/use-texts.ts'
import type { LampLine } from './lamps.tsx'

/** `· 3 phút trước`; nothing heard yet says so. */
export function ageText(atMs: EpochMs | null, nowMs: EpochMs, { t }: Texts): string {
  if (atMs === null) return t('province.never')
  const minutes = Math.max(0, Math.floor((nowMs - atMs) / 60_000))
  if (minutes < 1) return t('province.justNow')
  if (minutes < 120) return t('province.minutesAgo', { n: minutes })
  return minutes < 48 * 60
    ? t('province.hoursAgo', { n: Math.floor(minutes / 60) })
    : t('province.daysAgo', { n: Math.floor(minutes / 1440) })
}

/** One line: the link, and the doorbell where there is none. */
export function provinceWords({ link, doorbell, adapter }: ProvinceSlice, { t, reason }: Texts): string {
  const words = t(`province.link_${link.state}`)
  const why = link.reason === null || link.state === 'ok' ? '' : `: ${reason(link.reason)}`
  const bell = adapter !== 'http' || doorbell.state === 'listening' ? '' : ` · ${t(`province.bell_${doorbell.state}`)}`
  return `${words}${why}${bell}`
}

export function provinceLines({ province }: { readonly province: ProvinceSlice }, texts: Texts): readonly LampLine[] {
  const { t, reason } = texts
  if (province.adapter === 'none') return [{ state: 'absent', text: t('frame.provinceNotConfigured') }]
  const { link, manifest, refusal, outbox, media, signingKid } = province
  // A link that is away says so itself.
  const unsaid = outbox.reason === link.reason ? null : outbox.reason
  const lines: LampLine[] = [
    { state: link.state === 'ok' ? 'good' : link.state === 'connecting' ? 'unknown' : 'attention', text: provinceWords(province, texts) },
    manifest === null
      ? { state: 'unknown', text: t('province.noManifest') }
      : {
          state: 'good',
          text: t('province.manifest', { name: province.name ?? '', version: manifest.version, at: stamp(manifest.acceptedAtMs) }),
        },
    outbox.waiting === 0
      ? { state: 'good', text: t('province.outboxEmpty') }
      : {
          state: unsaid === null ? 'good' : 'attention',
          text: `${t('province.outbox', { n: outbox.waiting, since: outbox.oldestAtMs === null ? '' : stamp(outbox.oldestAtMs) })}${unsaid === null ? '' : `: ${reason(unsaid)}`}`,
        },
  ]
  if (refusal !== null)
    lines.push({ state: 'attention', text: t('province.refused', { reason: reason(refusal.reason), at: stamp(refusal.atMs) }) })
  if (signingKid !== null) lines.push({ state: 'good', text: t('province.signedBy', { kid: signingKid }) })
  if (outbox.parked > 0) lines.push({ state: 'attention', text: t('province.parked', { n: outbox.parked }) })
  if (media.waiting > 0) lines.push({ state: 'good', text: t('province.mediaWaiting', { n: media.waiting }) })
  return lines
}

function stamp(atMs: EpochMs): string {
  return `${dateText(atMs).slice(0, 5)} ${clockText(atMs).slice(0, 5)}`
}

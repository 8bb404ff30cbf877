// Phát sóng: what is on air, what was and what follows, the way of the sound, hot keys, and the door to an emergency.
import { useTexts } from '../i18n/use-texts.ts'
import { ChainCard } from './chain-card.tsx'
import { EmergencyCard } from './emergency-card.tsx'
import { HotKeysCard } from './hot-keys-card.tsx'
import { NowCard } from './now-card.tsx'
import { RundownCard } from './rundown-card.tsx'

export function DeskScreen() {
  const { t } = useTexts()
  return (
    <main className="screen desk" id="main" tabIndex={-1} aria-label={t('nav.desk')}>
      <div className="desk-main">
        <NowCard />
        <RundownCard />
      </div>
      <div className="desk-side">
        <ChainCard />
        <HotKeysCard />
        <EmergencyCard />
      </div>
    </main>
  )
}

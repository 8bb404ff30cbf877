// What the lamps and words of every key panel show.
import type { AlertsService } from '../alerts/index.ts'
import type { HotKeys, OnAirService } from '../onair/index.ts'
import type { KeyPanels, PlantService } from '../plant/index.ts'

interface LampParts {
  readonly onair: OnAirService
  readonly alerts: AlertsService
  readonly hotKeys: HotKeys
  readonly plant: PlantService
  readonly keyPanels: KeyPanels
}

export function showKeys({ onair, alerts, hotKeys, plant, keyPanels }: LampParts): void {
  const views = onair.views()
  plant.showKeys((actions) =>
    keyPanels.lamps(actions, {
      armedTitle: alerts.armed()?.title ?? null,
      alertOnAir: views.some((view) => view.phase === 'cutIn'),
      stopped: views.some((view) => view.phase === 'stopped'),
      microphoneOpen: views.some((view) => view.openInputs.length > 0),
      hotKeys: hotKeys
        .views()
        .map((key) => ({ slot: key.slot, title: key.title, playing: views.some((view) => view.hotKeysPlaying.includes(key.slot)) })),
    }),
  )
}

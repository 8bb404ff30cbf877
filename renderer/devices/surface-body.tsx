// A key panel: which keys are down now, as the panel itself reports.
import type { SurfaceObserved } from '../../shared/domain/device.ts'
import { useTexts } from '../i18n/use-texts.ts'

export function SurfaceBody({ observed }: { readonly observed: SurfaceObserved }) {
  const { t } = useTexts()
  return (
    <>
      <ol className="surface" aria-label={t('devices.keys')}>
        {Array.from({ length: observed.keyCount }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: keys keep their numbers
          <li key={index} data-on={observed.pressed.includes(index)}>
            {index + 1}
          </li>
        ))}
      </ol>
      <p className="small muted">
        {observed.pressed.length === 0
          ? t('devices.noKeyDown')
          : t('devices.keysDown', { keys: observed.pressed.map((key) => key + 1).join(', ') })}
      </p>
    </>
  )
}

// From what the relays are to what they should be. Pure.
import type { ZonesObserved } from '../../../shared/domain/device.ts'
import type { Planned } from '../../contract/driver.ts'
import type { ZonesDesired } from '../../contract/kinds.ts'

export type RelayCommand =
  | { readonly kind: 'energise'; readonly coil: number; readonly leaseMs: number; readonly refresh: number }
  | { readonly kind: 'release'; readonly coil: number }
  | { readonly kind: 'releaseAll' }

/**
 * @param observed null = nothing known: everything wished off is ordered off, everything wished on is ordered on.
 * @param leased for each relay energised by this driver, the `refresh` it was last energised with.
 */
export function planRelays(
  observed: ZonesObserved | null,
  desired: ZonesDesired,
  leased: ReadonlyMap<number, number>,
  coilCount: number,
): readonly Planned<RelayCommand>[] {
  const planned: Planned<RelayCommand>[] = []
  const add = (command: RelayCommand, reason: string) => planned.push({ command, reason, causeId: desired.causeId })
  const coils = Array.from({ length: coilCount }, (_, coil) => coil)
  const wanted = (coil: number) => desired.coils[coil] ?? false
  const isOn = (coil: number) => observed?.coils[coil] ?? null

  const toRelease = coils.filter((coil) => !wanted(coil) && isOn(coil) !== false)
  // One frame opens everything: what is to fall silent falls silent together.
  if (toRelease.length > 1 && coils.every((coil) => !wanted(coil))) add({ kind: 'releaseAll' }, 'no zone is wished on')
  else for (const coil of toRelease) add({ kind: 'release', coil }, observed === null ? 'state unknown, wished off' : 'is on, wished off')

  for (const coil of coils.filter(wanted)) {
    const energise: RelayCommand = { kind: 'energise', coil, leaseMs: desired.leaseMs, refresh: desired.refresh }
    if (isOn(coil) !== true) add(energise, observed === null ? 'state unknown, wished on' : 'is off, wished on')
    else if (leased.get(coil) !== desired.refresh) add(energise, 'lease renewed')
  }
  return planned
}

export function showsRelays({ coils }: ZonesObserved, command: RelayCommand): boolean {
  if (command.kind === 'releaseAll') return !coils.includes(true)
  return coils[command.coil] === (command.kind === 'energise')
}

// Options of a desk with an OSC profile: the roles of its channels, and more channels to show. A channel the desk does not
// have is refused by name when the configuration is read, not when an alert needs it.
import { z } from 'zod'
import { channelsWithRoles, DeskRoles } from '../../shared/domain/desk-roles.ts'
import type { DeskObserved } from '../../shared/domain/device.ts'
import type { DriverEntry } from '../contract/driver.ts'
import type { DeskDesired, DeskEvent } from '../contract/kinds.ts'
import { BehringerDesk } from './behringer-desk.ts'
import type { DeskProfile } from './behringer-desk-profile.ts'
import type { DeskCommand } from './desk-plan.ts'

export type DeskConfig = DeskRoles & { readonly watch: readonly string[] }
export type DeskEntry = DriverEntry<DeskConfig, DeskDesired, DeskObserved, DeskCommand, DeskEvent>

/** All channels a desk is watched for: those with a role, then the merely shown. */
export function watchedChannels(config: DeskConfig): readonly string[] {
  return [...new Set([...channelsWithRoles(config), ...config.watch])]
}

function deskConfigSchema(profile: DeskProfile): z.ZodType<DeskConfig> {
  return DeskRoles.extend({ watch: z.array(z.string()).default([]) }).superRefine((config, check) => {
    for (const channel of watchedChannels(config)) {
      if (profile.channelAddresses(channel) === null)
        check.addIssue({ code: 'custom', message: `${profile.model} has no channel ${channel}` })
    }
  })
}

export function deskEntry(id: string, label: string, protocolRef: string, profile: DeskProfile): DeskEntry {
  return {
    id,
    kind: 'desk',
    label,
    protocolRef,
    capabilities: { timedOutputs: false, readsBack: true, meters: true, keyCount: 0 },
    configSchema: deskConfigSchema(profile),
    create: (context, config) => new BehringerDesk(context, profile, watchedChannels(config)),
  }
}

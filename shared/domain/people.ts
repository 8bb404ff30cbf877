// Who acts at the station. The control room is signed in as operator from the first moment and needs nobody's PIN: a login
// never stands between a person and the air. A PIN adds the rights of another role to one window, for a while.
import { z } from 'zod'
import { EpochMs } from './time.ts'

/** operator: on duty in the control room · supervisor: judges the day · technician: plant · administrator: people, programs. */
export const roles = ['operator', 'supervisor', 'technician', 'administrator'] as const
export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

export const PersonId = z.string().min(1).max(64).brand<'PersonId'>()
export type PersonId = z.infer<typeof PersonId>

export const Person = z.object({ personId: PersonId, name: z.string().min(1).max(60), role: Role })
export type Person = z.infer<typeof Person>

/** Six digits, made by the station, shown once and kept only as an argon2id hash. */
export const Pin = z.string().regex(/^\d{6}$/, 'six digits')

export const PersonWithPin = z.object({ person: Person, pin: Pin })
export type PersonWithPin = z.infer<typeof PersonWithPin>

/** What this window may do now. `person` null = the role it has without anybody's PIN. */
export const SessionView = z.object({ role: Role, person: Person.nullable(), untilMs: EpochMs.nullable() })
export type SessionView = z.infer<typeof SessionView>

// What passes between the station's main thread and the worker that holds the link to the province. Errors travel as data.
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { MediaRef, ProvinceItem, ProvinceItemId, TrustRefusal } from '../../shared/domain/province.ts'
import type { DoorbellState, LinkErrorCode } from './adapter.ts'
import type { TrustedKey } from './manifest-proof.ts'
import type { Circumstances, TrustMemory } from './trust.ts'

export interface LinkSettings {
  readonly adapter: 'http' | 'folder'
  readonly stationId: string
  readonly url: string | null
  readonly ca: string | null
  readonly token: string | null
  readonly mqttUrl: string | null
  readonly folder: string | null
  /** folder: PKCS #8 PEM of the station's own key; null = nothing is signed by it. */
  readonly signingKey: string | null
  readonly trustedKeys: readonly TrustedKey[]
  /** Folder for files being brought. */
  readonly mediaFolder: string
}

export type LinkRequest =
  /** `known` false: the caller does not hold the items of `memory`; they are sent even when the manifest is the same. */
  | { readonly kind: 'pull'; readonly memory: TrustMemory | null; readonly known: boolean; readonly at: Circumstances }
  | { readonly kind: 'media'; readonly ref: MediaRef }
  | { readonly kind: 'stopMedia'; readonly sha256: string }
  /** Files that are on their way here and not among these are removed. */
  | { readonly kind: 'sweepMedia'; readonly keep: readonly string[] }
  | { readonly kind: 'deliver'; readonly records: readonly LogRow[] }
  | { readonly kind: 'heads' }
  | { readonly kind: 'close' }

/** Items that are new or changed came before it in `items` messages; `gone` are those that are in force no more. */
export type PullOutcome =
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'accepted'
      readonly memory: TrustMemory
      /** All items in force, where the worker could not know what the caller holds. */
      readonly all: readonly ProvinceItemId[] | null
      readonly gone: readonly ProvinceItemId[]
    }
  | { readonly kind: 'refused'; readonly reason: TrustRefusal; readonly version: number | null }

export type MediaOutcome = { readonly kind: 'here'; readonly path: string } | { readonly kind: 'wrong'; readonly message: string }

export type LinkFailure = { readonly code: LinkErrorCode | 'bug'; readonly message: string }

export type FromLink =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: LinkFailure }
  | { readonly kind: 'items'; readonly id: number; readonly items: readonly ProvinceItem[] }
  | { readonly kind: 'progress'; readonly sha256: string; readonly haveBytes: number }
  | { readonly kind: 'nudge' }
  | { readonly kind: 'doorbell'; readonly doorbell: DoorbellState }

export type ToLink = { readonly id: number; readonly request: LinkRequest }

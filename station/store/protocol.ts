// What passes between the main thread and a store worker. Errors travel as data: classes and codes do not survive postMessage.
import type { OperatorErrorCode } from '../../shared/domain/errors.ts'
import type { AnchorState } from './anchors.ts'

/** The one writer, or a reader that never waits for the writer's disk. */
export interface WorkerRole {
  readonly role: 'writer' | 'reader'
  readonly path: string
}

/** `open` first; `reopen` after a storage fault checks the file before it is trusted again. */
export type Request =
  | { readonly id: number; readonly kind: 'open'; readonly afterFault: boolean; readonly atMs: number }
  | { readonly id: number; readonly kind: 'call'; readonly name: string; readonly args: readonly unknown[] }
  | { readonly id: number; readonly kind: 'close' }

export interface Opened {
  /** Names of the migrations applied. */
  readonly migrated: readonly string[]
  readonly anchor: AnchorState
}

export type Failure =
  | { readonly kind: 'refusal'; readonly code: OperatorErrorCode; readonly detail: Readonly<Record<string, string | number>> }
  /** The disk or the file failed: the worker has discarded its connection. */
  | { readonly kind: 'storage'; readonly code: string; readonly message: string }
  | { readonly kind: 'bug'; readonly message: string }

export type Response =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure }
  /** Found outside of any request: while checkpointing, or while sealing the head beside the database. */
  | { readonly id: null; readonly failure: Failure }

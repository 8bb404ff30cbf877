// A key panel as a driver: what all makes share. Link, key state, one write at a time, a lamp that counts as shown once it was handed
// over. What is particular to a make is its `PanelModel`: how its reports are read and its lamps written.
import type { SurfaceObserved } from '../../shared/domain/device.ts'
import { DriverError } from '../../shared/domain/errors.ts'
import type { Ack, Driver, DriverContext, Planned } from '../contract/driver.ts'
import type { SurfaceDesired, SurfaceEvent } from '../contract/kinds.ts'
import { HidLink } from './hid-link.ts'
import { PanelState, planSurface, showsSurface, type SurfaceCommand } from './panel-state.ts'
import { WriteQueue } from './write-queue.ts'

type PanelContext = DriverContext<SurfaceObserved, SurfaceEvent>

/** What a model works with. */
export interface PanelParts {
  readonly context: PanelContext
  readonly panel: PanelState
  readonly queue: WriteQueue
  /** The wire; there is none yet while the model is made. */
  link(): HidLink
  /** Notes what failed and may be tried again. */
  note(message: string, cause: unknown): void
  /** `lost`: there is no panel to write to. */
  gone(): DriverError
}

export interface PanelModel {
  /** Reachable; nothing was said to it yet. */
  onUp(): void
  /** Gone: whatever is known of it is forgotten. The panel's keys are released by the driver. */
  onDown(): void
  onReport(report: Uint8Array): void
  askAlive?(): Promise<void>
  /** Hands one lamp to the panel. Throws DriverError `lost` or `out-of-range`. */
  show(command: SurfaceCommand): Promise<void>
  /** It was handed over. */
  shown?(command: SurfaceCommand): void
}

export class PanelDriver implements Driver<SurfaceDesired, SurfaceObserved, SurfaceCommand> {
  readonly #context: PanelContext
  readonly #link: HidLink
  readonly #panel: PanelState
  readonly #queue: WriteQueue
  readonly #model: PanelModel

  /** Throws what `modelOf` throws. */
  constructor(context: PanelContext, modelOf: (parts: PanelParts) => PanelModel) {
    const { deviceId } = context
    this.#context = context
    this.#panel = new PanelState(context)
    this.#queue = new WriteQueue(deviceId)
    const model = modelOf({
      context,
      panel: this.#panel,
      queue: this.#queue,
      link: () => this.#link,
      note: (message, cause) => context.log.info(message, { deviceId, cause: cause instanceof Error ? cause.message : String(cause) }),
      gone: () => new DriverError('lost', deviceId, 'the panel is not connected'),
    })
    this.#model = model
    this.#link = new HidLink(context, {
      onUp: () => model.onUp(),
      onDown: () => {
        model.onDown()
        this.#panel.disconnected()
      },
      onReport: (report) => model.onReport(report),
      ...(model.askAlive === undefined ? {} : { askAlive: () => model.askAlive?.() ?? Promise.resolve() }),
    })
  }

  get status() {
    return this.#link.status
  }

  get observed(): SurfaceObserved | null {
    return this.#panel.observed
  }

  open(): void {
    this.#queue.begin()
    this.#link.open()
  }

  async close(): Promise<void> {
    this.#queue.end()
    await this.#link.close()
  }

  plan(observed: SurfaceObserved | null, desired: SurfaceDesired): readonly Planned<SurfaceCommand>[] {
    return planSurface(observed, desired)
  }

  shows(observed: SurfaceObserved, command: SurfaceCommand): boolean {
    return showsSurface(observed, command)
  }

  /** Settles when the lamp was handed to the system: no panel reads its lamps back. */
  send(command: SurfaceCommand, signal: AbortSignal): Promise<Ack> {
    return this.#queue.run(async () => {
      const { clock } = this.#context
      const sentAtMs = clock.now()
      await this.#model.show(command)
      this.#panel.lampSent(command)
      this.#model.shown?.(command)
      return { sentAtMs, answeredAtMs: clock.now() }
    }, signal)
  }
}

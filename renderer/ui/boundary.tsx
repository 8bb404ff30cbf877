// A screen that breaks takes neither the frame nor STOP with it: it says so and can be opened again. Broadcasting knows nothing
// of it. The outermost one, around everything, reloads the window by itself.
import { Component, type ReactNode } from 'react'

interface Props {
  /** Shown in place of what broke. */
  readonly fallback: (again: () => void, error: Error) => ReactNode
  readonly children: ReactNode
}

export class Boundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override componentDidCatch(error: unknown): void {
    console.error('a screen broke', error)
  }

  override render() {
    const { error } = this.state
    return error === null ? this.props.children : this.props.fallback(() => this.setState({ error: null }), error)
  }
}

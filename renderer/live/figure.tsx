// A figure that React draws and that changes often: it lies over an unseen one of the same shape (every digit a nought), which
// alone takes part in the layout, so that a new reading lays out nothing else.
import { memo } from 'react'

/** What a text takes up while only its digits change; they are equally wide. */
export function shapeOf(text: string): string {
  return text.replace(/\d/g, '0')
}

export const Figure = memo(function Figure({ text }: { readonly text: string }) {
  return (
    <span className="live" data-shape={shapeOf(text)}>
      <span className="live-text">{text}</span>
    </span>
  )
})

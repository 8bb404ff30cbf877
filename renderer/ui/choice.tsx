// One of a few, all in view: a row of buttons. Arrow keys move as in a radio group.
import { useId } from 'react'

interface Props<T extends string> {
  readonly label: string
  readonly hideLabel?: boolean
  readonly value: T
  readonly options: readonly { readonly value: T; readonly label: string }[]
  readonly onChange: (value: T) => void
}

export function Choice<T extends string>({ label, hideLabel = false, value, options, onChange }: Props<T>) {
  const name = useId()
  return (
    <fieldset className="choice-set">
      <legend className={hideLabel ? 'visually-hidden' : 'field-label'}>{label}</legend>
      <div className="choice">
        {options.map((option) => (
          <label key={option.value} data-on={option.value === value}>
            <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

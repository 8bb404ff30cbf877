// Templates with slots written `{tên}`. Pure.

/** The slots of a template, in order, each once. */
export function slotsOf(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{([^{}]+)\}/g)].map((found) => found[1] ?? ''))].filter((name) => name !== '')
}

/** The text with every filled slot replaced; an empty one stays visible as `{tên}`. */
export function fillSlots(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([^{}]+)\}/g, (whole, name: string) => {
    const value = values[name]?.trim()
    return value === undefined || value === '' ? whole : value
  })
}

/** Slots without a value. */
export function emptySlots(text: string, values: Readonly<Record<string, string>>): readonly string[] {
  return slotsOf(text).filter((name) => (values[name] ?? '').trim() === '')
}

/** Closes an exhaustive switch: does not compile while a case is missing, and names the stranger at run time. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
